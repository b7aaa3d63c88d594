from datetime import date
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import ProtectedError, Q
from django.db.models.signals import pre_delete
from django.dispatch import receiver
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from core.entities import Entity, EntityQuerySet
from polizas.models import MetodoPago
from polizas.models.base import en_el_dia, importe, momento, prohibir_cambios
from siniestros.models.reclamo import Reclamo


class PagoQuerySet(EntityQuerySet["Pago"]):
    def del_dia(self, dia: date) -> Self:
        return self.filter(en_el_dia("fecha", dia))


class Pago(Entity):
    """Money paid out for a reclamo. It has happened: it is never changed."""

    portfolio = ("reclamo__poliza__agente",)

    Metodo = MetodoPago
    search_terms = ("beneficiario", "referencia")

    reclamo = models.ForeignKey(
        Reclamo, models.PROTECT, verbose_name=_("reclamo"), related_name="pagos"
    )
    monto = importe(_("monto"))
    metodo = models.CharField(_("método"), max_length=15, choices=MetodoPago)
    fecha = momento(_("fecha"))
    beneficiario = models.CharField(
        _("pagado a"),
        max_length=200,
        blank=True,
        default="",
        help_text=_("Quien lo recibe: el asegurado, un beneficiario, un taller."),
    )
    referencia = models.CharField(
        _("referencia"),
        max_length=60,
        blank=True,
        default="",
        help_text=_("Número de operación, de cheque o de comprobante."),
    )

    objects: ClassVar = PagoQuerySet.as_manager()

    class Meta:
        verbose_name = _("pago")
        verbose_name_plural = _("pagos")
        ordering = ("-fecha", "-id")
        indexes = [models.Index(name="pago_por_fecha", fields=("-fecha", "-id"))]
        constraints = [
            models.CheckConstraint(
                name="pago_monto_positivo",
                condition=Q(monto__gt=0),
                violation_error_message=_("El monto debe ser mayor que cero."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.reclamo}: {number_format(self.monto, 2)}"

    def clean(self) -> None:
        super().clean()
        if not self._state.adding:
            prohibir_cambios(
                self,
                ("reclamo", "monto", "metodo", "fecha"),
                _("No se cambia: el pago ya se ha hecho."),
            )


@receiver(pre_delete, sender=Pago)
def conservar_pagos(instance: Pago, **kwargs: Any) -> None:
    """Pagos have happened: none is deleted, by whatever door."""
    raise ProtectedError(
        str(_("No se puede borrar el pago «%(pago)s»: ya se ha hecho.") % {"pago": instance}),
        {instance},
    )
