from typing import Any

from django.core.management.base import BaseCommand

from ingestion.jobs import JobFailed
from ingestion.lake import lake
from ingestion.snapshots.manifest import complete_ids, current_id, load
from ingestion.snapshots.retention import held_as


class Command(BaseCommand):
    help = "Enumera los snapshots del lago, del más nuevo al más viejo; «*» marca el publicado."

    def handle(self, *args: Any, **options: Any) -> None:
        target = lake()
        published, found = current_id(target), False
        for snapshot_id in complete_ids(target):
            found = True
            mark = "*" if snapshot_id == published else " "
            try:
                manifest = load(target, snapshot_id)
            except JobFailed as refusal:
                self.stdout.write(f"{mark} {snapshot_id}  {refusal}")
                continue
            name = held_as(target, snapshot_id)
            held = f"  retenido: {name}" if name else ""
            self.stdout.write(
                f"{mark} {snapshot_id}  {len(manifest.tables):>3} tablas  "
                f"{manifest.rows:>12} filas  {manifest.size:>14} bytes  "
                f"{manifest.skew_seconds:>8.1f} s entre lecturas{held}"
            )
        if not found:
            self.stdout.write("Aún no hay ningún snapshot.")
