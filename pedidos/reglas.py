"""What decides about a pedido: its states, free of clock and database."""

from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class EstadoPedido(TextChoices):
    PENDIENTE = "pendiente", _("Pendiente")
    EN_PROCESO = "en_proceso", _("En proceso")
    TERMINADO = "terminado", _("Terminado")
    CANCELADO = "cancelado", _("Cancelado")


E = EstadoPedido
ABIERTOS = frozenset({E.PENDIENTE, E.EN_PROCESO})

# From which estados each verb starts, and where it leads.
TRANSICIONES: dict[str, tuple[frozenset[EstadoPedido], EstadoPedido]] = {
    "tomar": (frozenset({E.PENDIENTE}), E.EN_PROCESO),
    "terminar": (frozenset({E.EN_PROCESO}), E.TERMINADO),
    "cancelar": (ABIERTOS, E.CANCELADO),
}

REFUSALS = {
    "tomar": _("Un pedido %(estado)s no se toma."),
    "terminar": _("Un pedido %(estado)s no se termina: antes alguien lo toma."),
    "cancelar": _("Un pedido %(estado)s no se cancela."),
}


def paso(verbo: str, estado: str) -> EstadoPedido:
    """Return where `verbo` leads from `estado`, or raise ValidationError."""
    desde, hasta = TRANSICIONES[verbo]
    if estado not in desde:
        raise ValidationError(
            REFUSALS[verbo],
            code="transicion",
            params={"estado": EstadoPedido(estado).label.lower()},
        )
    return hasta
