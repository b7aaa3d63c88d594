"""What reads a snapshot as the Iceberg tables that it was registered as: Trino, and Athena."""

from typing import Any

from django.utils.translation import gettext as _
from sqlglot import maybe_parse
from sqlglot.expressions import Query, Select

from analitica.failures import NoSuchTable, Unanswered, told
from analitica.sources import Source
from analitica.tables import BOOLEAN, DATE, NUMBER, TEXT, TIMESTAMP, Table
from ingestion.lake import lake
from ingestion.snapshots import manifest

TYPES = {
    TEXT: "VARCHAR",
    NUMBER: "DECIMAL(38, 10)",
    TIMESTAMP: "TIMESTAMP(6)",
    DATE: "DATE",
    BOOLEAN: "BOOLEAN",
}


class Iceberg:
    """A table is `<database>.<table>` of the catalogue, and the id of a snapshot is a tag of it."""

    compiler: Any

    def columns(self, table: Table, source: Source) -> frozenset[str]:
        if not source.published:
            raise Unanswered(_("Este motor solo lee snapshots publicados, y el lago no tiene."))
        with told():
            entry = manifest.load(lake(), source.id).tables.get(table.path)
        if entry is None:
            raise NoSuchTable(table.key)
        return frozenset(column["name"] for column in entry.schema)

    def relation(self, table: Table, source: Source) -> Query:
        there = self.columns(table, source)
        columns = ", ".join(_typed(name, kind, there) for name, kind in table.columns.items())
        place = f"{table.database}.{table.name} FOR VERSION AS OF '{source.id}'"
        return maybe_parse(f"SELECT {columns} FROM {place}", into=Select, dialect="trino")


def _typed(name: str, kind: str, there: frozenset[str]) -> str:
    """Return the expression of a column; a date that was masked on its way to the lake is null."""
    if name not in there:
        return f'CAST(NULL AS {TYPES[kind]}) AS "{name}"'
    cast = f'TRY_CAST("{name}" AS {TYPES[kind]})'
    return f"NULLIF({cast}, '') AS \"{name}\"" if kind == TEXT else f'{cast} AS "{name}"'
