"""SQLite: every value as text, cast in Arrow, since a column of it may mix kinds of numbers."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa
from django.db import connections, models
from django.utils import timezone

from ingestion.extractors.batches import ROWS, batch_of
from ingestion.extractors.sql import HEX_GROUPS, select
from ingestion.schema import Column, LakeTable, stored


@dataclass(frozen=True)
class SQLiteReading:
    connection: Any
    as_of: datetime

    def batches(self, table: LakeTable) -> Iterator[pa.RecordBatch]:
        with self.connection.cursor() as cursor:
            cursor.execute(select(table, self.connection, text))
            while rows := cursor.fetchmany(ROWS):
                yield batch_of(table, rows)


@contextmanager
def reading(alias: str) -> Iterator[SQLiteReading]:
    """Hold the store at one moment, in one read transaction that keeps nobody from writing.

    What was committed before `as_of` is in it.
    """
    shared: Any = connections[alias]
    if shared.is_in_memory_db():
        # It is there for this connection alone, as in tests.
        yield SQLiteReading(shared, timezone.now())
        return
    with closing(shared.copy()) as connection, connection.cursor() as cursor:
        as_of = timezone.now()
        cursor.execute("BEGIN")
        cursor.execute("SELECT count(*) FROM sqlite_master")  # the moment is that of the first read
        yield SQLiteReading(connection, as_of)


def text(column: Column, name: str) -> str:
    """Return the expression of the column in text, exact and as Arrow reads it."""
    assert column.field is not None
    field = stored(column.field)
    if isinstance(field, models.UUIDField):
        return " || '-' || ".join(f"substr({name}, {first}, {n})" for first, n in HEX_GROUPS)
    if isinstance(field, models.DecimalField):
        exact = f"printf('%.{field.decimal_places}f', {name})"
        return f"CASE WHEN {name} IS NOT NULL THEN {exact} END"
    return f"CAST({name} AS TEXT)"
