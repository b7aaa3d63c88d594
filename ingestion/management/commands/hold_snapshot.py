from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ingestion.jobs import JobFailed
from ingestion.lake import lake
from ingestion.snapshots.retention import hold


class Command(BaseCommand):
    help = "Guarda un snapshot con un nombre: mientras se retenga, no se borra por viejo."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("snapshot", help="su id, como lo da list_snapshots")
        parser.add_argument("nombre", help="para qué se guarda")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            hold(lake(), options["snapshot"], options["nombre"])
        except JobFailed as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(f"{options['snapshot']}: retenido como «{options['nombre']}».")
