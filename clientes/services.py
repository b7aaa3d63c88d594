"""What is done with what a cliente has told the house."""

from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from clientes.models import Consentimiento
from core.stores import atomic


def retirar(consentimiento_id: UUID, *, dia: date) -> Consentimiento:
    """Take note that the cliente takes back what they agreed to, from `dia` on."""
    with atomic(Consentimiento):
        consentimiento = Consentimiento.objects.select_for_update().get(pk=consentimiento_id)
        if not consentimiento.vigente(dia):
            raise ValidationError(
                _("Este consentimiento no está vigente: no hay nada que retirar.")
            )
        consentimiento.retirado = dia
        consentimiento.save()
    return consentimiento
