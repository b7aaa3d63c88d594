"""What the cliente pays: recibos, and the cobros of each."""

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import DecimalField, F, ProtectedError, Q, Sum
from django.db.models.functions import Coalesce
from django.db.models.signals import pre_delete
from django.dispatch import receiver
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from core.entities import Entity, EntityQuerySet
from polizas import reglas
from polizas.models.base import en_el_dia, estado_conocido, importe, momento, prohibir_cambios
from polizas.models.poliza import Poliza
from polizas.reglas import EstadoRecibo

CERO = Decimal("0.00")


class MetodoPago(models.TextChoices):
    EFECTIVO = "efectivo", _("Efectivo")
    TRANSFERENCIA = "transferencia", _("Transferencia")
    TARJETA = "tarjeta", _("Tarjeta")
    CHEQUE = "cheque", _("Cheque")
    DOMICILIACION = "domiciliacion", _("Domiciliación")


def sumar(filas: models.QuerySet[Any], campo: str) -> Decimal:
    """Return the sum of an amount, to the cent: some engines add decimals as floating point."""
    suma: Decimal = filas.aggregate(suma=Sum(campo))["suma"] or CERO
    return suma.quantize(reglas.CENTAVO)


PENDIENTE = Q(estado=EstadoRecibo.PENDIENTE)


def impago(dia: date) -> Q:
    """What should have been paid before `dia`."""
    return PENDIENTE & Q(vencimiento__lt=dia)


class ReciboQuerySet(EntityQuerySet["Recibo"]):
    def pendientes(self) -> Self:
        return self.filter(PENDIENTE)

    def impagos(self, dia: date) -> Self:
        return self.filter(impago(dia))

    def vencen_entre(self, desde: date, hasta: date) -> Self:
        """Those still to be paid that fall due between both days, both included."""
        return self.pendientes().filter(vencimiento__range=(desde, hasta))

    def con_cobrado(self) -> Self:
        """Annotate each with `cobrado`, what has been collected of it."""
        suma = (
            Cobro.objects.filter(recibo=models.OuterRef("pk"))
            .order_by()
            .values("recibo")
            .annotate(suma=Sum("monto"))
            .values("suma")
        )
        dinero: DecimalField[Decimal, Decimal] = DecimalField(max_digits=14, decimal_places=2)
        return self.annotate(cobrado=Coalesce(models.Subquery(suma), CERO, output_field=dinero))

    def con_saldo(self) -> Self:
        """Annotate each with `saldo`, what has yet to be collected of it, besides `cobrado`."""
        return self.con_cobrado().annotate(saldo=F("importe") - F("cobrado"))


class CobroQuerySet(EntityQuerySet["Cobro"]):
    def del_dia(self, dia: date) -> Self:
        return self.filter(en_el_dia("fecha", dia))


class Recibo(Entity):
    """One of the payments into which the prima of a póliza is split."""

    portfolio = ("poliza__agente",)

    Estado = EstadoRecibo

    poliza = models.ForeignKey(
        Poliza, models.PROTECT, verbose_name=_("póliza"), related_name="recibos"
    )
    numero = models.PositiveSmallIntegerField(_("número"))
    vencimiento = models.DateField(_("vencimiento"))
    importe = importe(_("importe"))
    estado = models.CharField(
        _("estado"),
        max_length=10,
        choices=EstadoRecibo,
        default=EstadoRecibo.PENDIENTE,
        editable=False,
    )

    objects: ClassVar = ReciboQuerySet.as_manager()

    class Meta:
        verbose_name = _("recibo")
        verbose_name_plural = _("recibos")
        ordering = ("vencimiento", "id")
        permissions = (("cobrar_recibo", _("Puede cobrar recibos")),)
        indexes = [
            models.Index(name="recibo_por_vencimiento", fields=("vencimiento", "id")),
            models.Index(name="recibo_por_estado", fields=("estado", "vencimiento")),
        ]
        constraints = [
            estado_conocido("recibo", EstadoRecibo),
            models.UniqueConstraint(
                name="recibo_numero_unico_en_poliza",
                fields=("poliza", "numero"),
                violation_error_message=_("La póliza ya tiene un recibo con ese número."),
            ),
            models.CheckConstraint(
                name="recibo_importe_positivo",
                condition=Q(importe__gt=0),
                violation_error_message=_("El importe debe ser mayor que cero."),
            ),
            models.CheckConstraint(
                name="recibo_numerado_desde_uno",
                condition=Q(numero__gte=1),
                violation_error_message=_("Los recibos se numeran desde el 1."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.poliza} / {self.numero}"

    def clean(self) -> None:
        super().clean()
        if not self._state.adding:
            prohibir_cambios(
                self,
                ("poliza", "numero", "importe"),
                _("No se cambia: los recibos de la póliza suman su prima."),
            )
        elif self.poliza_id and self.importe is not None:
            self._caber_en_la_prima()

    def _caber_en_la_prima(self) -> None:
        otros = sumar(self.poliza.recibos.all(), "importe")
        if otros + self.importe > self.poliza.prima:
            raise ValidationError(
                {"importe": _("Los recibos sumarían más que la prima de la póliza.")}
            )

    def total_cobrado(self) -> Decimal:
        """Return what has been collected so far; `con_cobrado()` tells it of many at once."""
        return sumar(self.cobros.all(), "monto")


class Cobro(Entity):
    """Money received for a recibo. It has happened: it is never changed."""

    portfolio = ("recibo__poliza__agente",)

    Metodo = MetodoPago
    search_terms = ("referencia",)

    recibo = models.ForeignKey(
        Recibo, models.PROTECT, verbose_name=_("recibo"), related_name="cobros"
    )
    monto = importe(_("monto"))
    metodo = models.CharField(_("método"), max_length=15, choices=MetodoPago)
    fecha = momento(_("fecha"))
    referencia = models.CharField(
        _("referencia"),
        max_length=60,
        blank=True,
        help_text=_("Número de operación, de cheque o de comprobante."),
    )

    objects: ClassVar = CobroQuerySet.as_manager()

    class Meta:
        verbose_name = _("cobro")
        verbose_name_plural = _("cobros")
        ordering = ("-fecha", "-id")
        indexes = [models.Index(name="cobro_por_fecha", fields=("-fecha", "-id"))]
        constraints = [
            models.CheckConstraint(
                name="cobro_monto_positivo",
                condition=Q(monto__gt=0),
                violation_error_message=_("El monto debe ser mayor que cero."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.recibo}: {number_format(self.monto, 2)}"

    def clean(self) -> None:
        super().clean()
        if not self._state.adding:
            prohibir_cambios(
                self,
                ("recibo", "monto", "metodo", "fecha"),
                _("No se cambia: el cobro ya se ha hecho."),
            )
        elif self.recibo_id and self.monto is not None:
            recibo = self.recibo
            reglas.estado_tras_cobro(
                recibo.estado, recibo.importe, recibo.total_cobrado(), self.monto
            )


@receiver(pre_delete, sender=Recibo)
@receiver(pre_delete, sender=Cobro)
def conservar_cuentas(instance: Recibo | Cobro, **kwargs: Any) -> None:
    """Recibos add up to the prima and cobros have happened: neither is deleted, by whatever door."""
    raise ProtectedError(
        str(_("No se puede borrar «%(fila)s»: las cuentas se conservan.") % {"fila": instance}),
        {instance},
    )
