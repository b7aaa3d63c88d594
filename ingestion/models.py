"""Work that outlives a request: a row that a worker finishes, whoever dies on the way."""

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7


class JobQuerySet(models.QuerySet["Job"]):
    def claimable(self, stale: datetime) -> "JobQuerySet":
        """What nobody works on: not begun, or its worker has given no sign of life since `stale`."""
        abandoned = Q(estado=Job.Estado.EN_CURSO, heartbeat__lt=stale)
        return self.filter(Q(estado=Job.Estado.PENDIENTE) | abandoned)


class Job(models.Model):
    """Something asked for, its progress, and how it ended."""

    class Kind(models.TextChoices):
        EXPORTACION = "exportacion", _("Exportación al lago")
        LECTURA = "lectura", _("Lectura de un almacén")
        VERIFICACION = "verificacion", _("Verificación de un snapshot")
        RESPALDO = "respaldo", _("Copia de seguridad")

    class Estado(models.TextChoices):
        PENDIENTE = "pendiente", _("Pendiente")
        EN_CURSO = "en_curso", _("En curso")
        TERMINADO = "terminado", _("Terminado")
        FALLIDO = "fallido", _("Fallido")
        CANCELADO = "cancelado", _("Cancelado")

    ABIERTOS: ClassVar = (Estado.PENDIENTE, Estado.EN_CURSO)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(_("tipo"), max_length=30, choices=Kind.choices)
    estado = models.CharField(
        _("estado"), max_length=20, choices=Estado.choices, default=Estado.PENDIENTE
    )
    # The job that left this one as a part of itself: nobody asks for it, and it ends with the whole.
    de = models.ForeignKey(
        "self",
        models.CASCADE,
        null=True,
        blank=True,
        editable=False,
        related_name="partes",
        verbose_name=_("parte de"),
    )
    parametros = models.JSONField(_("parámetros"), default=dict)
    progreso = models.JSONField(_("progreso"), default=dict)
    resultado = models.JSONField(_("resultado"), default=dict)
    error = models.TextField(_("error"), default="", blank=True)
    pedido_por = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="trabajos",
        verbose_name=_("pedido por"),
    )
    creado = models.DateTimeField(_("pedido el"), default=timezone.now)
    empezado = models.DateTimeField(_("empezado"), null=True, blank=True)
    terminado = models.DateTimeField(_("acabado"), null=True, blank=True)
    # Which run of which process has it, when it last gave a sign of life, and how many have tried.
    holder = models.UUIDField(null=True, editable=False)
    heartbeat = models.DateTimeField(_("última señal"), null=True, blank=True)
    intentos = models.PositiveSmallIntegerField(_("intentos"), default=0)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("trabajo")
        verbose_name_plural = _("trabajos")
        ordering = ("-creado",)
        default_permissions = ("view",)
        permissions = (("run_job", _("Puede pedir y cancelar trabajos")),)
        indexes = (models.Index(fields=["estado", "heartbeat"], name="job_por_atender"),)

    def __str__(self) -> str:
        moment = timezone.localtime(self.creado)
        return f"{self.get_kind_display()} · {moment:%d/%m/%Y %H:%M:%S}"

    @property
    def abierto(self) -> bool:
        return self.estado in self.ABIERTOS

    @property
    def turn(self) -> str:
        """What only one job at a time may have: its kind, or the database that it reads."""
        return ":".join(filter(None, ("job", self.kind, self.parametros.get("database"))))

    @property
    def rows(self) -> int:
        """Rows handled so far."""
        return sum(int(table["rows"]) for table in self.progreso.values())

    @property
    def bytes(self) -> int:
        """Bytes handled so far."""
        return sum(int(table["bytes"]) for table in self.progreso.values())

    @property
    def percent(self) -> int:
        """How much of the work is done: by rows where it is known how many there were last time."""
        if self.estado == self.Estado.TERMINADO:
            return 100
        tables: list[dict[str, Any]] = list(self.progreso.values())
        if expected := sum(table.get("expected") or 0 for table in tables):
            return int(min(99, 100 * sum(map(_towards, tables)) // expected))
        return 100 * sum(bool(table["finished"]) for table in tables) // max(len(tables), 1)

    @property
    def rate(self) -> int | None:
        """Rows a second, of what this run has handled; None before anything can be said."""
        if self.empezado is None:
            return None
        seconds = ((self.terminado or timezone.now()) - self.empezado).total_seconds()
        begun = self.empezado.isoformat(timespec="seconds")
        tables: list[dict[str, Any]] = list(self.progreso.values())
        rows = sum(int(t["rows"]) for t in tables if (t["started"] or "") >= begun)
        return round(rows / seconds) if rows and seconds > 0 else None

    @property
    def time_left(self) -> timedelta | None:
        """What is left at this rate, by the rows that there were last time; None where nobody knows."""
        tables: list[dict[str, Any]] = list(self.progreso.values())
        expected = sum(table.get("expected") or 0 for table in tables)
        if self.estado != self.Estado.EN_CURSO or not self.rate or not expected:
            return None
        left = expected - sum(map(_towards, tables))
        return timedelta(seconds=left // self.rate)


def _towards(table: dict[str, Any]) -> int:
    """How many of the rows expected of the table are behind: all of them once it is finished."""
    expected = int(table.get("expected") or 0)
    return expected if table["finished"] else min(int(table["rows"]), expected)
