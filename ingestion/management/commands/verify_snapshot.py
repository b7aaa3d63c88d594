from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ingestion.jobs import JobFailed
from ingestion.lake import lake
from ingestion.snapshots.integrity import verify
from ingestion.snapshots.manifest import current_id, load


class Command(BaseCommand):
    help = "Relee un snapshot entero y dice qué archivo no es el que se escribió."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("snapshot", nargs="?", help="su id; sin él, el publicado")

    def handle(self, *args: Any, **options: Any) -> None:
        target = lake()
        snapshot_id = options["snapshot"] or current_id(target)
        if snapshot_id is None:
            raise CommandError("Aún no hay ningún snapshot que verificar.")
        try:
            manifest = load(target, snapshot_id)
        except JobFailed as refusal:
            raise CommandError(str(refusal)) from None
        problems = []
        for path, found in verify(target, manifest):
            self.stdout.write(f"{path}: {'mal' if found else 'bien'}")
            problems += found
        if problems:
            raise CommandError(f"El snapshot {manifest.id} no está bien:\n" + "\n".join(problems))
        self.stdout.write(self.style.SUCCESS(f"El snapshot {manifest.id} está bien."))
