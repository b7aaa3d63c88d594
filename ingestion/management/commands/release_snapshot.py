from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ingestion.jobs import JobFailed
from ingestion.lake import lake
from ingestion.snapshots.retention import release


class Command(BaseCommand):
    help = "Suelta un snapshot retenido: vuelve a borrarse cuando le toque."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("snapshot", help="su id, como lo da list_snapshots")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            release(lake(), options["snapshot"])
        except JobFailed as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(f"{options['snapshot']}: suelto.")
