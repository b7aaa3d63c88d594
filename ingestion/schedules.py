"""The schedules that a new installation begins with; staff change them in the admin afterwards."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS
from django_celery_beat.models import CrontabSchedule, IntervalSchedule, PeriodicTask


@dataclass(frozen=True)
class Schedule:
    """When `task` is sent: every `seconds`, or daily at `hour` of the installation's own time."""

    name: str
    task: str
    description: str
    seconds: int = 0
    hour: int = 0

    def when(self) -> Mapping[str, Any]:
        if self.seconds:
            every = {"every": self.seconds, "period": IntervalSchedule.SECONDS}
            # A message that nobody took in time is not worth taking: the next one says the same.
            return {
                "interval": IntervalSchedule.objects.get_or_create(**every)[0],
                "expire_seconds": self.seconds * 3,
            }
        every_day = dict.fromkeys(("day_of_week", "day_of_month", "month_of_year"), "*")
        daily = every_day | {"minute": "0", "hour": str(self.hour), "timezone": settings.TIME_ZONE}
        crontabs = CrontabSchedule.objects
        return {"crontab": crontabs.filter(**daily).first() or crontabs.create(**daily)}


SCHEDULES = (
    Schedule(
        "Relevo a la bitácora",
        "ingestion.tasks.relay",
        "Lleva a la bitácora los cambios de cada almacén.",
        seconds=10,
    ),
    Schedule(
        "Trabajos interrumpidos",
        "ingestion.tasks.wake_stale_jobs",
        "Retoma los trabajos cuyo proceso murió.",
        seconds=60,
    ),
    Schedule(
        "Enlaces de acceso",
        "core.tasks.send_links",
        "Envía los enlaces para elegir contraseña que no hayan salido al pedirlos.",
        seconds=60,
    ),
    Schedule(
        "Sesiones terminadas",
        "core.tasks.forget_sessions",
        "Olvida las sesiones terminadas y los intentos fallidos que ya no cuentan.",
        hour=3,
    ),
    Schedule(
        "Estados de las pólizas",
        "polizas.tasks.actualizar_estados",
        "Pone al día las pólizas que empiezan o vencen.",
        hour=1,
    ),
    Schedule(
        "Exportación al lago",
        "ingestion.tasks.export",
        "Publica un snapshot de todos los almacenes. Para detenerla, desactívela: "
        "si la borra, la siguiente actualización la vuelve a crear.",
        hour=2,
    ),
    Schedule(
        "Copia de seguridad",
        "ingestion.tasks.backup",
        "Copia todas las columnas de todos los almacenes, cifradas. Para detenerla, desactívela.",
        hour=4,
    ),
)


def seed(using: str = DEFAULT_DB_ALIAS, **kwargs: Any) -> None:
    """Create the schedules that are not there; leave the others as people have them."""
    if using != DEFAULT_DB_ALIAS:
        return
    for schedule in SCHEDULES:
        if not PeriodicTask.objects.filter(name=schedule.name).exists():
            PeriodicTask.objects.create(
                name=schedule.name,
                task=schedule.task,
                description=schedule.description,
                **schedule.when(),
            )
