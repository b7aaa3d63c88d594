"""What a póliza is made of: coberturas and beneficiarios."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clientes.models import Parentesco
from core.entities import Entity
from polizas.models.base import importe, no_negativos, prohibir_cambios
from polizas.models.poliza import Poliza

DE_SU_POLIZA = _("No se cambia: es parte de su póliza.")


class Cobertura(Entity):
    """A risk that a póliza covers, up to a límite and past a deducible."""

    portfolio = ("poliza__agente",)
    search_terms = ("nombre",)

    poliza = models.ForeignKey(
        Poliza, models.CASCADE, verbose_name=_("póliza"), related_name="coberturas"
    )
    nombre = models.CharField(_("nombre"), max_length=120)
    limite = importe(_("límite"))
    deducible = importe(_("deducible"), default=Decimal("0.00"))

    class Meta:
        verbose_name = _("cobertura")
        verbose_name_plural = _("coberturas")
        ordering = ("poliza_id", "nombre")
        constraints = [
            models.UniqueConstraint(
                name="cobertura_una_vez_por_poliza",
                fields=("poliza", "nombre"),
                violation_error_message=_("La póliza ya tiene esa cobertura."),
            ),
            no_negativos("cobertura", "limite", "deducible"),
        ]

    def __str__(self) -> str:
        return self.nombre

    def clean(self) -> None:
        super().clean()
        if not self._state.adding:
            prohibir_cambios(self, ("poliza",), DE_SU_POLIZA)
        if self.poliza_id and not self.poliza.cotizada:
            raise ValidationError(_("Las coberturas de una póliza emitida no se cambian."))


class BeneficiarioPoliza(Entity):
    """Who is paid, and what share of it; the shares of a póliza add up to 100 %."""

    portfolio = ("poliza__agente",)
    search_terms = ("nombre_completo",)

    poliza = models.ForeignKey(
        Poliza, models.CASCADE, verbose_name=_("póliza"), related_name="beneficiarios"
    )
    nombre_completo = models.CharField(_("nombre completo"), max_length=200)
    parentesco = models.CharField(_("parentesco"), max_length=12, choices=Parentesco)
    porcentaje = models.DecimalField(_("porcentaje"), max_digits=5, decimal_places=2)

    class Meta:
        verbose_name = _("beneficiario de póliza")
        verbose_name_plural = _("beneficiarios de póliza")
        ordering = ("poliza_id", "nombre_completo")
        constraints = [
            models.CheckConstraint(
                name="beneficiario_porcentaje_entre_0_y_100",
                condition=Q(porcentaje__gt=0, porcentaje__lte=100),
                violation_error_message=_("El porcentaje debe ser mayor que 0 y no pasar de 100."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.nombre_completo} ({self.porcentaje} %)"

    def clean(self) -> None:
        super().clean()
        if not self._state.adding:
            prohibir_cambios(self, ("poliza",), DE_SU_POLIZA)
