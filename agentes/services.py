"""What is done with an agente."""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from agentes.models import Agente
from core.stores import atomic


def dar_de_baja(agente_id: UUID) -> Agente:
    """Take the agente out of sale; their pólizas and their past stay as they are."""
    return _set_activo(agente_id, activo=False, already=str(_("El agente ya está de baja.")))


def reactivar(agente_id: UUID) -> Agente:
    """Let an agente who had left sell again."""
    return _set_activo(agente_id, activo=True, already=str(_("El agente ya está activo.")))


def _set_activo(agente_id: UUID, *, activo: bool, already: str) -> Agente:
    with atomic(Agente):
        agente = Agente.objects.select_for_update().get(pk=agente_id)
        if agente.activo == activo:
            raise ValidationError(already)
        agente.activo = activo
        agente.save()
    return agente
