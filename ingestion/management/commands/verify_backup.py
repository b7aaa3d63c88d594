from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from ingestion.backups.key import backup_key
from ingestion.backups.manifest import complete_ids, load
from ingestion.backups.sealed import Seal
from ingestion.backups.verification import verify
from ingestion.jobs import JobFailed
from ingestion.lake import lake


class Command(BaseCommand):
    help = "Relee y descifra una copia entera, y dice qué archivo no es el que se escribió."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("backup", nargs="?", help="su id; sin él, la más nueva")

    def handle(self, *args: Any, **options: Any) -> None:
        target = lake()
        backup_id = options["backup"] or next(complete_ids(target), None)
        if backup_id is None:
            raise CommandError("Aún no hay ninguna copia que verificar.")
        try:
            key = backup_key()
            manifest = load(target, backup_id, key)
        except (JobFailed, ImproperlyConfigured) as refusal:
            raise CommandError(str(refusal)) from None
        problems = []
        for path, wrong in verify(target, Seal(key, manifest.id), manifest):
            self.stdout.write(f"{path}: {'mal' if wrong else 'bien'}")
            problems += [wrong] if wrong else []
        if problems:
            raise CommandError(f"La copia {manifest.id} no está bien:\n" + "\n".join(problems))
        self.stdout.write(self.style.SUCCESS(f"La copia {manifest.id} está bien."))
