"""What clientes ask for."""

from typing import Any, ClassVar, Self
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import ProtectedError
from django.db.models.signals import pre_delete
from django.dispatch import receiver
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bienes.documento import Documentable, DocumentoField
from bienes.models import exigir_participacion
from core.entities import Entity, EntityQuerySet
from core.references import StoreForeignKey
from empleados.models import Empleado
from pedidos.esquemas import DE_UNA_POLIZA, ESQUEMAS, TipoPedido
from pedidos.reglas import ABIERTOS, EstadoPedido
from polizas.models.base import guardada, momento, prohibir_cambios


class PedidoQuerySet(EntityQuerySet["Pedido"]):
    def abiertos(self) -> Self:
        return self.filter(estado__in=ABIERTOS)

    def sin_tomar(self) -> Self:
        return self.filter(estado=EstadoPedido.PENDIENTE)


class Pedido(Documentable, Entity):
    """A request of a cliente: a quote, an endoso, a certificado… taken and finished by an empleado.

    Its store may have no constraints to give, so what would be one is judged here.
    """

    portfolio = ("poliza__agente", "cliente__agente")

    Tipo = TipoPedido
    Estado = EstadoPedido
    search_terms = ("palabras", "resultado")
    FIJOS_TRAS_CERRAR = ("cliente", "poliza", "tipo", "datos", "fecha", "empleado")

    cliente = StoreForeignKey("clientes.Cliente", verbose_name=_("cliente"), related_name="pedidos")
    poliza = StoreForeignKey(
        "polizas.Poliza",
        verbose_name=_("póliza"),
        related_name="pedidos",
        null=True,
        blank=True,
        help_text=_("Sobre la que trata; un endoso y un certificado siempre tratan de una."),
    )
    tipo = models.CharField(_("tipo"), max_length=12, choices=TipoPedido)
    datos = DocumentoField(_("datos"), esquemas=ESQUEMAS)
    empleado = StoreForeignKey(
        "empleados.Empleado",
        verbose_name=_("empleado"),
        related_name="pedidos",
        null=True,
        blank=True,
        help_text=_("Quien lo atiende."),
    )
    estado = models.CharField(
        _("estado"),
        max_length=10,
        choices=EstadoPedido,
        default=EstadoPedido.PENDIENTE,
        editable=False,
    )
    fecha = momento(_("fecha"))
    resultado = models.TextField(
        _("resultado"),
        blank=True,
        default="",
        editable=False,
        help_text=_("Lo que se entregó al cliente, o por qué se canceló."),
    )

    objects: ClassVar = PedidoQuerySet.as_manager()

    class Meta:
        verbose_name = _("pedido")
        verbose_name_plural = _("pedidos")
        ordering = ("-fecha", "-id")
        permissions = (("atender_pedido", _("Puede tomar, terminar y cancelar pedidos")),)
        indexes = [
            models.Index(name="pedido_por_fecha", fields=["fecha", "id"]),
            models.Index(name="pedido_por_estado", fields=["estado", "fecha"]),
            models.Index(name="pedido_por_empleado", fields=["estado", "empleado", "fecha"]),
        ]

    def __str__(self) -> str:
        return f"{self.get_tipo_display()}: {self.titulo}" if self.titulo else self.nombre_y_dia

    @property
    def nombre_y_dia(self) -> str:
        return f"{self.get_tipo_display()} {timezone.localdate(self.fecha):%d/%m/%Y}"

    @property
    def abierto(self) -> bool:
        return self.estado in ABIERTOS

    def clean(self) -> None:
        super().clean()
        antes = {} if self._state.adding else guardada(self, ("estado", "empleado"))
        if antes:
            self._conservar_lo_cerrado(antes["estado"])
        if self.empleado_id and self.empleado_id != antes.get("empleado_id"):
            exigir_activo(self.empleado_id)
        if self.tipo in DE_UNA_POLIZA and self.poliza_id is None:
            raise ValidationError({"poliza": _("Indique sobre qué póliza.")})
        exigir_participacion(self.cliente_id, self.poliza_id)

    def _conservar_lo_cerrado(self, antes: str) -> None:
        prohibir_cambios(self, ("estado",), _("No se cambia a mano: tiene su propia acción."))
        if antes not in ABIERTOS:
            prohibir_cambios(
                self, self.FIJOS_TRAS_CERRAR, _("No se cambia: el pedido ya está cerrado.")
            )


def exigir_activo(empleado_id: UUID) -> None:
    """Raise ValidationError for an empleado who takes no more pedidos."""
    if inactivo := Empleado.objects.filter(pk=empleado_id, activo=False).first():
        raise ValidationError(
            {
                "empleado": _("%(empleado)s no está activo: no puede tomar pedidos.")
                % {"empleado": inactivo}
            }
        )


@receiver(pre_delete, sender=Pedido)
def conservar_terminados(instance: Pedido, **kwargs: Any) -> None:
    """What was done for a cliente is kept: a terminado pedido is not deleted, by whatever door."""
    if instance.estado == EstadoPedido.TERMINADO:
        raise ProtectedError(
            str(
                _("No se puede borrar el pedido «%(pedido)s»: ya está terminado.")
                % {"pedido": instance}
            ),
            {instance},
        )
