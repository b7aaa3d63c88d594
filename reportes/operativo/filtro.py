"""Which pedidos the report counts."""

from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pedidos.models import Pedido


class Day(forms.DateInput):
    """A day as browsers and programs say it: 2026-03-01."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class FiltroForm(forms.Form):
    """What the address may say after its question mark; all of it may be left out."""

    DEFAULTS: ClassVar = {"estado": Pedido.Estado.TERMINADO}

    desde = forms.DateField(label=_("Desde"), required=False, widget=Day)
    hasta = forms.DateField(label=_("Hasta"), required=False, widget=Day)
    estado = forms.ChoiceField(label=_("Estado"), required=False, choices=Pedido.Estado.choices)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        desde, hasta = said.get("desde"), said.get("hasta")
        if desde and hasta and hasta < desde:
            self.add_error("hasta", _("No puede ser anterior a «desde»."))
        return said

    def filtro(self) -> "Filtro":
        said = self.cleaned_data
        return Filtro(said["estado"] or self.DEFAULTS["estado"], said["desde"], said["hasta"])


class Filtro:
    """The pedidos in `estado` whose fecha is of a day between two, of the clock of the house."""

    def __init__(
        self,
        estado: str = Pedido.Estado.TERMINADO,
        desde: date | None = None,
        hasta: date | None = None,
    ) -> None:
        self.estado = str(estado)
        self.since = _begins(desde) if desde else None
        self.before = _begins(hasta + timedelta(days=1)) if hasta and hasta < date.max else None


def _begins(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
