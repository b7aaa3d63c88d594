"""MySQL and MariaDB: rows as the server sends them, in text, without a Python object of each value."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
from django.db import connections, models
from MySQLdb.cursors import SSCursor

from ingestion.extractors.batches import ROWS, batch_of
from ingestion.extractors.sql import HEX_GROUPS, select
from ingestion.schema import Column, LakeTable, stored

PATIENCE = 600  # seconds that the server waits for a reader who is busy writing


@dataclass(frozen=True)
class MySQLReading:
    connection: Any
    as_of: datetime

    def batches(self, table: LakeTable) -> Iterator[pa.RecordBatch]:
        native = self.connection.features.has_native_uuid_field
        query = select(table, self.connection, plain if native else dashed)
        with closing(self.connection.connection.cursor(SSCursor)) as cursor:
            cursor.execute(query)
            while rows := cursor.fetchmany(ROWS):
                yield batch_of(table, rows)


@contextmanager
def reading(alias: str) -> Iterator[MySQLReading]:
    """Hold the store at one moment; what was committed before `as_of` is in it."""
    with own(alias) as connection:
        with connection.cursor() as cursor:
            cursor.execute("SELECT UTC_TIMESTAMP(6)")
            [as_of] = cursor.fetchone()
            cursor.execute("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY")
        connection.connection.converter = {}  # what comes now stays as the server sends it
        yield MySQLReading(connection, as_of.replace(tzinfo=UTC))


@contextmanager
def own(alias: str, *, isolation: str = "repeatable read") -> Iterator[Any]:
    """Open a connection that nobody else uses, and that the server keeps while others are read."""
    connection: Any = connections[alias].copy()
    connection.settings_dict["OPTIONS"] |= {"isolation_level": isolation}
    with closing(connection):
        with connection.cursor() as cursor:
            cursor.execute(f"SET SESSION net_write_timeout = {PATIENCE}")
        yield connection


def plain(column: Column, name: str) -> str:
    return name


def dashed(column: Column, name: str) -> str:
    """Return the expression of the column where a UUID is kept as its digits alone."""
    assert column.field is not None
    if not isinstance(stored(column.field), models.UUIDField):
        return name
    groups = ", '-', ".join(f"SUBSTR({name}, {first}, {n})" for first, n in HEX_GROUPS)
    return f"CONCAT({groups})"
