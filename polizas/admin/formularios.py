"""What people fill in."""

from decimal import Decimal
from typing import Any

from django import forms
from django.forms.models import BaseInlineFormSet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.admin import EntityForm, StyledForm
from polizas import reglas
from polizas.models import MetodoPago, MotivoAnulacion


class PolizaForm(EntityForm):
    """Computes the prima of a cotización from its parts, whatever it was."""

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.instance.cotizada:
            self.instance.prima = None
        return cleaned


class BeneficiariosFormSet(BaseInlineFormSet):
    """The beneficiarios of one póliza: they share 100 % of it, or there are none."""

    def clean(self) -> None:
        super().clean()
        if any(self.errors):
            return
        reglas.exigir_cien(
            form.cleaned_data["porcentaje"]
            for form in self.forms
            if form.cleaned_data and not form.cleaned_data.get("DELETE")
        )


class AnularForm(StyledForm):
    motivo = forms.ChoiceField(
        label=_("Motivo"), choices=[("", _("Elija un motivo")), *MotivoAnulacion.choices]
    )
    fecha = forms.DateField(
        label=_("Anulada el"),
        initial=timezone.localdate,
        help_text=_("Primer día sin cobertura, dentro de la vigencia."),
    )


class RenovarForm(StyledForm):
    hasta = forms.DateField(
        label=_("Vigente hasta"),
        required=False,
        help_text=_("Último día cubierto. En blanco, lo que duraba cada una."),
    )
    ajuste = forms.DecimalField(
        label=_("Ajuste de la prima (%)"),
        required=False,
        initial=Decimal(0),
        min_value=Decimal(-100),
        max_value=Decimal(1000),
        decimal_places=2,
        help_text=_("Negativo para rebajarla."),
    )


class CobrarForm(StyledForm):
    monto = forms.DecimalField(
        label=_("Monto"),
        required=False,
        min_value=reglas.CENTAVO,
        decimal_places=2,
        max_digits=14,
        help_text=_("En blanco, todo lo que falta de cada recibo."),
    )
    metodo = forms.ChoiceField(
        label=_("Método"), choices=[("", _("Elija un método")), *MetodoPago.choices]
    )
    fecha = forms.SplitDateTimeField(label=_("Fecha"), initial=timezone.localtime)
    referencia = forms.CharField(
        label=_("Referencia"),
        required=False,
        max_length=60,
        help_text=_("Número de operación, de cheque o de comprobante."),
    )

    def clean_fecha(self) -> Any:
        fecha = self.cleaned_data["fecha"]
        if fecha > timezone.now():
            raise forms.ValidationError(_("Ese momento todavía no ha llegado."))
        return fecha
