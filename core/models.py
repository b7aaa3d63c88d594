"""Records of the machinery itself, in the default store."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from core.history import Outbox


class Operacion(Outbox):
    """Something audited that changed no row of a domain: a sign-in, an export, a report."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    momento = models.DateTimeField(_("momento"), default=timezone.now)
    servicio = models.CharField(_("servicio"), max_length=60)
    operacion = models.CharField(_("operación"), max_length=60)
    user_id = models.BigIntegerField(_("usuario"), null=True)
    detalle = models.JSONField(_("detalle"), default=dict)

    class Meta:
        verbose_name = _("operación")
        verbose_name_plural = _("operaciones")
        ordering = ("-momento",)

    def __str__(self) -> str:
        return f"{self.servicio} · {self.operacion}"


def auditar(
    servicio: str, operacion: str, *, user_id: int | None = None, **detalle: object
) -> None:
    """Record an operation for `transaction_audit`; `detalle` must be plain JSON."""
    Operacion(servicio=servicio, operacion=operacion, user_id=user_id, detalle=detalle).save()


class Lease(models.Model):
    """Who may do, until when, what only one process at a time may do."""

    name = models.CharField(max_length=100, primary_key=True)
    holder = models.UUIDField()
    expires = models.DateTimeField()

    class Meta:
        verbose_name = _("turno")
        verbose_name_plural = _("turnos")

    def __str__(self) -> str:
        return self.name
