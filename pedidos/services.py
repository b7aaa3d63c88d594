"""What is done with a pedido.

Its store may have no row locks: of two who take one pedido, the second is told by the row's version.
"""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.stores import atomic
from empleados.models import Empleado
from pedidos.models import Pedido, exigir_activo
from pedidos.reglas import paso


def tomar(pedido_id: UUID, *, empleado: Empleado) -> Pedido:
    """Put the pedido in the hands of `empleado`."""
    exigir_activo(empleado.pk)
    return _pasar(pedido_id, "tomar", empleado=empleado)


def terminar(pedido_id: UUID, *, resultado: str = "") -> Pedido:
    """Say that the cliente has what they asked for."""
    return _pasar(pedido_id, "terminar", resultado=resultado.strip())


def cancelar(pedido_id: UUID, *, motivo: str) -> Pedido:
    """Stop attending to the pedido, and say why."""
    if not motivo.strip():
        raise ValidationError({"motivo": _("Diga el motivo.")})
    return _pasar(pedido_id, "cancelar", resultado=motivo.strip())


def _pasar(pedido_id: UUID, verbo: str, **cambios: object) -> Pedido:
    with atomic(Pedido):
        pedido = Pedido.objects.select_for_update().get(pk=pedido_id)
        pedido.estado = paso(verbo, pedido.estado)
        for campo, valor in cambios.items():
            setattr(pedido, campo, valor)
        pedido.save()
    return pedido
