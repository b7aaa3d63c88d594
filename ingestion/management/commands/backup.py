from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.formats import date_format
from django.utils.timezone import localtime

from ingestion import jobs, work
from ingestion.backups.key import key_path
from ingestion.backups.manifest import expires
from ingestion.models import Job


class Command(BaseCommand):
    help = "Copia todas las columnas de todos los almacenes, cifradas, con su propia caducidad."

    def handle(self, *args: Any, **options: Any) -> None:
        job = jobs.pedir(Job.Kind.RESPALDO)
        try:
            here = work.run(job.pk)
        except Exception as failure:
            raise CommandError(jobs.sentence(failure)) from failure
        job.refresh_from_db()
        if not here:
            raise CommandError(
                f"Otro proceso hace una copia: esta queda pedida (trabajo {job.pk}) y la hará después "
                "el trabajador de Celery."
            )
        if job.estado != Job.Estado.TERMINADO:
            raise CommandError(f"Trabajo {job.get_estado_display().lower()}.")
        self._tell(job.resultado)

    def _tell(self, done: dict[str, Any]) -> None:
        backup_id = done["backup"]
        day = date_format(localtime(expires(backup_id)), "SHORT_DATE_FORMAT")
        self.stdout.write(
            self.style.SUCCESS(
                f"Copia {backup_id}: {done['rows']} filas, {done['bytes']} bytes cifrados. "
                f"Caduca el {day}."
            )
        )
        for removed in done["removed"]:
            self.stdout.write(f"Borrada la copia {removed}, que había caducado.")
        if not settings.BACKUP_KEY:
            self.stdout.write(
                f"La clave está en {key_path()}: guárdela también fuera de esta máquina. Sin ella nadie "
                "puede leer las copias."
            )
