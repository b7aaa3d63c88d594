"""The póliza."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, Self
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import ProtectedError, Q
from django.db.models.signals import pre_delete
from django.dispatch import receiver
from django.utils.translation import gettext_lazy as _

from agentes.models import Agente
from core.entities import Entity, EntityQuerySet
from core.references import StoreForeignKey
from core.stores import atomic
from polizas import reglas
from polizas.models.base import (
    Numeracion,
    guardada,
    importe,
    prohibir_cambios,
)
from polizas.models.catalogo import Moneda, Producto
from polizas.models.restricciones import DE_POLIZA
from polizas.reglas import EstadoPoliza, FormaPago, MotivoAnulacion

PAPELES = ("cliente", "asegurado", "pagador")


def en_vigor(dia: date) -> Q:
    """What covers what happens on `dia`: the same as `reglas.cubre`, asked of the store."""
    alcanza = Q(inicio__lte=dia, fin__gte=dia) & ~Q(estado=EstadoPoliza.COTIZADA)
    return alcanza & (~Q(estado=EstadoPoliza.ANULADA) | Q(anulada_el__gt=dia))


def de_cliente(cliente_id: Any, hasta: str = "") -> Q:
    """What is of the pólizas in which a cliente takes any part; `hasta` is the path to the póliza."""
    return Q(*((f"{hasta}{papel}", cliente_id) for papel in PAPELES), _connector=Q.OR)


class PolizaQuerySet(EntityQuerySet["Poliza"]):
    def bulk_create(  # type: ignore[override]
        self, objs: Iterable["Poliza"], batch_size: int | None = None, **unsupported: Any
    ) -> list["Poliza"]:
        with atomic(Poliza):
            polizas = list(objs)
            for poliza in polizas:
                poliza.numerar()
            return super().bulk_create(polizas, batch_size=batch_size, **unsupported)

    def vigentes(self, dia: date) -> Self:
        return self.filter(en_vigor(dia))

    def cotizadas(self) -> Self:
        return self.filter(estado=EstadoPoliza.COTIZADA)

    def vencen_entre(self, desde: date, hasta: date) -> Self:
        """Those in force, not renewed yet, whose last day falls between both, both included."""
        estados = (EstadoPoliza.EMITIDA, EstadoPoliza.VIGENTE)
        return self.filter(estado__in=estados, fin__range=(desde, hasta))

    def por_actualizar(self, dia: date) -> Self:
        """Those whose estado is no longer what `reglas.estado_en` gives for `dia`."""
        return self.filter(
            Q(estado=EstadoPoliza.EMITIDA, inicio__lte=dia)
            | Q(estado=EstadoPoliza.VIGENTE, fin__lt=dia)
        )


class Poliza(Entity):
    """A contract of insurance: who, what, when, for how much. Both days of its vigencia count."""

    portfolio = ("agente",)

    Estado = EstadoPoliza
    FormaPago = FormaPago
    Motivo = MotivoAnulacion
    search_terms = ("numero",)
    # What the cliente signed; a change of these is another póliza.
    FIJOS_TRAS_EMITIR = (
        "numero",
        "cliente",
        "asegurado",
        "producto",
        "inicio",
        "fin",
        "moneda",
        "prima_neta",
        "impuestos",
        "recargos",
        "prima",
        "suma_asegurada",
        "forma_pago",
        "anterior",
    )

    numero = models.CharField(
        _("número"),
        max_length=40,
        unique=True,
        blank=True,
        help_text=_("El de la aseguradora. En blanco, se da el siguiente del año de inicio."),
        error_messages={"unique": _("Ya existe una póliza con ese número.")},
    )
    cliente = StoreForeignKey(
        "clientes.Cliente",
        verbose_name=_("cliente"),
        related_name="polizas",
        help_text=_("El tomador: quien contrata."),
    )
    asegurado = StoreForeignKey(
        "clientes.Cliente",
        verbose_name=_("asegurado"),
        related_name="polizas_como_asegurado",
        blank=True,
        help_text=_("En blanco, el cliente."),
    )
    pagador = StoreForeignKey(
        "clientes.Cliente",
        verbose_name=_("pagador"),
        related_name="polizas_como_pagador",
        blank=True,
        help_text=_("En blanco, el cliente."),
    )
    agente = StoreForeignKey(
        "agentes.Agente",
        verbose_name=_("agente"),
        related_name="polizas",
        null=True,
        blank=True,
    )
    producto = models.ForeignKey(
        Producto, models.PROTECT, verbose_name=_("producto"), related_name="polizas"
    )
    inicio = models.DateField(_("inicio"), help_text=_("Primer día cubierto."))
    fin = models.DateField(_("fin"), help_text=_("Último día cubierto."))
    moneda = models.CharField(
        _("moneda"),
        max_length=3,
        choices=Moneda,
        blank=True,
        help_text=_("En blanco, la del producto."),
    )
    prima_neta = importe(
        _("prima neta"), blank=True, help_text=_("En blanco, la prima base del producto.")
    )
    impuestos = importe(_("impuestos"), default=Decimal("0.00"))
    recargos = importe(_("recargos"), default=Decimal("0.00"))
    prima = importe(
        _("prima"),
        blank=True,
        help_text=_("El total: prima neta, impuestos y recargos."),
    )
    suma_asegurada = importe(_("suma asegurada"))
    forma_pago = models.CharField(
        _("forma de pago"), max_length=10, choices=FormaPago, default=FormaPago.ANUAL
    )
    estado = models.CharField(
        _("estado"),
        max_length=10,
        choices=EstadoPoliza,
        default=EstadoPoliza.COTIZADA,
        editable=False,
    )
    motivo_anulacion = models.CharField(
        _("motivo de anulación"),
        max_length=20,
        choices=MotivoAnulacion,
        blank=True,
        editable=False,
    )
    anulada_el = models.DateField(
        _("anulada el"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("Primer día sin cobertura. Puede faltar en las que vienen de otro sistema."),
    )
    anterior = models.OneToOneField(
        "self",
        models.PROTECT,
        verbose_name=_("póliza anterior"),
        related_name="siguiente",
        null=True,
        blank=True,
        editable=False,
        error_messages={"unique": _("Esa póliza ya está renovada.")},
    )

    objects: ClassVar = PolizaQuerySet.as_manager()

    class Meta:
        verbose_name = _("póliza")
        verbose_name_plural = _("pólizas")
        ordering = ("-creado", "-id")
        permissions = (("emitir_poliza", _("Puede emitir, renovar y anular pólizas")),)
        indexes = [
            models.Index(name="poliza_por_estado_inicio", fields=("estado", "inicio")),
            models.Index(name="poliza_por_estado_fin", fields=("estado", "fin")),
            models.Index(name="poliza_por_fin", fields=("fin",)),
            models.Index(name="poliza_por_fecha", fields=("creado", "id")),
        ]
        constraints = DE_POLIZA

    def __str__(self) -> str:
        return self.numero or str(_("sin número"))

    def prepare(self) -> None:
        self.completar()
        super().prepare()

    def save(self, *args: Any, **kwargs: Any) -> None:
        given = self.numero
        try:
            with atomic(Poliza):
                self.numerar()
                super().save(*args, **kwargs)
        except BaseException:
            self.numero = given
            raise

    def numerar(self) -> None:
        """Give the next number of its ejercicio to a póliza that has none."""
        if not self.numero.strip():
            self.numero = Numeracion.siguiente(
                self.inicio.year,
                ocupado=lambda numero: Poliza.objects.filter(numero=numero).exists(),
            )

    def completar(self) -> None:
        """Fill in what was left blank: other people by the cliente, money by the producto."""
        self.numero = self.numero.strip()
        if self.cliente_id:
            self.asegurado_id = self.asegurado_id or self.cliente_id
            self.pagador_id = self.pagador_id or self.cliente_id
        if self.producto_id and (self.prima_neta is None or not self.moneda):
            self.moneda = self.moneda or self.producto.moneda
            if self.prima_neta is None:
                self.prima_neta = self.producto.prima_base
        partes = (self.prima_neta, self.impuestos, self.recargos)
        if self.prima is None and None not in partes:
            self.prima = reglas.total(*partes)

    def clean(self) -> None:
        super().clean()
        self.completar()
        antes = {} if self._state.adding else guardada(self, ("estado", "agente"))
        if self.agente_id != antes.get("agente_id") and _inactivo(Agente, self.agente_id):
            raise ValidationError({"agente": _("El agente no está activo.")})
        if not antes:
            if not self.anterior_id and _inactivo(Producto, self.producto_id):
                raise ValidationError({"producto": _("El producto ya no se vende.")})
            return
        if self.estado != antes["estado"]:
            reglas.exigir_paso(antes["estado"], EstadoPoliza(self.estado))
        if antes["estado"] != EstadoPoliza.COTIZADA:
            prohibir_cambios(
                self, self.FIJOS_TRAS_EMITIR, _("No se cambia: la póliza ya está emitida.")
            )

    @property
    def cotizada(self) -> bool:
        return self.estado == EstadoPoliza.COTIZADA

    @property
    def viva(self) -> bool:
        """Whether something may still be changed in it."""
        return self.estado not in (EstadoPoliza.ANULADA, EstadoPoliza.VENCIDA)

    def cubre(self, dia: date) -> bool:
        """Whether what happens on `dia` is covered."""
        return reglas.cubre(self.estado, self.inicio, self.fin, self.anulada_el, dia)


def _inactivo(model: type[Agente | Producto], pk: UUID | None) -> bool:
    return pk is not None and model.objects.filter(pk=pk, activo=False).exists()


@receiver(pre_delete, sender=Poliza)
def conservar_emitidas(instance: Poliza, **kwargs: Any) -> None:
    """Only a cotizada póliza is deleted, by whatever door."""
    if not instance.cotizada:
        raise ProtectedError(
            str(
                _("No se puede borrar la póliza %(numero)s: ya está emitida. Anúlela.")
                % {"numero": instance}
            ),
            {instance},
        )
