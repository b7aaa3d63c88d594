from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.formats import date_format
from django.utils.timezone import localtime

from ingestion import jobs
from ingestion.backups.key import backup_key
from ingestion.backups.manifest import complete_ids, expires, load
from ingestion.jobs import JobFailed
from ingestion.lake import Lake, lake


class Command(BaseCommand):
    help = (
        "Enumera las copias de seguridad, de la más nueva a la más vieja, y cuándo caduca cada una: "
        "lo que se purgó de los almacenes está en ellas hasta ese día."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        target, found = lake(), False
        for backup_id in complete_ids(target):
            found = True
            day = date_format(localtime(expires(backup_id)), "SHORT_DATE_FORMAT")
            self.stdout.write(f"{backup_id}  caduca el {day}  {self._told(target, backup_id)}")
        if not found:
            self.stdout.write("Aún no hay ninguna copia: manage.py backup hace una.")

    def _told(self, target: Lake, backup_id: str) -> str:
        try:
            backup = load(target, backup_id, backup_key())
        except JobFailed as refusal:
            return str(refusal)
        except Exception as failure:
            raise CommandError(jobs.sentence(failure)) from failure
        return f"{len(backup.tables):>3} tablas  {backup.rows:>12} filas  {backup.size:>14} bytes"
