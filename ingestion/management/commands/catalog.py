from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from ingestion.catalog import catalog
from ingestion.schema import LakeTable


class Command(BaseCommand):
    help = "Dice qué sale para el lago: de dónde, adónde, con qué columnas y qué datos personales."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            tables = catalog()
        except ImproperlyConfigured as refusal:
            raise CommandError(str(refusal)) from None
        for table in tables:
            self.stdout.write("\n".join(described(table)))


def described(table: LakeTable) -> list[str]:
    """Return the lines that tell of `table`."""
    source = table.model._meta.label if table.model else "eventos"
    personal = ", ".join(f"{name} ({how})" for name, how in table.dataset.personal.items())
    width = max(len(column.name) for column in table.columns)
    return [
        f"{table.path} ← {source}, del almacén {table.store}",
        f"  clave: {', '.join(table.key) or 'ninguna'}",
        f"  datos personales: {personal or 'ninguno'}",
        f"  CSV: {table.csv_key}",
        *(f"    {c.name:<{width}}  {c.type}  ← {c.path}" for c in table.columns),
        "",
    ]
