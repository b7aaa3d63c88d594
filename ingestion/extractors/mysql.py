"""MySQL and MariaDB: the server makes a line of CSV of each row, which Arrow reads as what the columns are."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pyarrow as pa
from django.db import connections, models
from MySQLdb.cursors import SSCursor
from pyarrow import csv

from ingestion.extractors.batches import ROWS, blamed
from ingestion.extractors.sql import HEX_GROUPS, select
from ingestion.schema import Column, LakeTable, stored

PATIENCE = 600  # seconds that the server waits for a reader who is busy writing
TEXTS = (models.CharField, models.TextField, models.JSONField)


@dataclass(frozen=True)
class MySQLReading:
    connection: Any
    as_of: datetime

    def batches(self, table: LakeTable) -> Iterator[pa.RecordBatch]:
        native = self.connection.features.has_native_uuid_field
        query = select(table, self.connection, partial(field, native=native), row=line)
        with closing(self.connection.connection.cursor(SSCursor)) as cursor:
            cursor.execute(query)
            while rows := cursor.fetchmany(ROWS):
                # An empty line is a row, too, if something ends it.
                yield table.batch(values_of(table, b"\n".join([*(text for [text] in rows), b""])))


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


def line(fields: Sequence[str]) -> str:
    return f"CONCAT_WS(',', {', '.join(fields)})"


def field(column: Column, name: str, *, native: bool) -> str:
    """Return the expression of the column in CSV: null is nothing at all, and a text is quoted."""
    assert column.field is not None
    kind = stored(column.field)
    if isinstance(kind, models.UUIDField):
        name = name if native else dashed(name)
    elif isinstance(kind, TEXTS):
        name = f"""'"', REPLACE({name}, '"', '""'), '"'"""
    # Concatenated even where it is alone: an empty date would be null again.
    return f"IFNULL(CONCAT({name}), '')"


def dashed(name: str) -> str:
    """Return the expression of a UUID that is kept as its digits alone."""
    groups = ", '-', ".join(f"SUBSTR({name}, {first}, {n})" for first, n in HEX_GROUPS)
    return f"CONCAT({groups})"


def values_of(table: LakeTable, lines: bytes) -> list[pa.Array]:
    """Return the columns of some lines of CSV, or raise JobFailed naming the one that is wrong."""
    try:
        return _parsed(table, lines, table.columns)
    except pa.ArrowException:
        raise blamed(table, lambda columns: _parsed(table, lines, columns)) from None


def _parsed(table: LakeTable, lines: bytes, wanted: Sequence[Column]) -> list[pa.Array]:
    found = csv.read_csv(
        pa.BufferReader(lines),
        # One block, however long a text is; the server has the machine's other core.
        csv.ReadOptions(column_names=table.schema.names, block_size=len(lines), use_threads=False),
        csv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False),
        csv.ConvertOptions(
            column_types={column.name: _read_as(column) for column in wanted},
            include_columns=[column.name for column in wanted],
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
            true_values=["1"],
            false_values=["0"],
        ),
    )
    return [
        values.combine_chunks().cast(column.raw)
        for column, values in zip(wanted, found.columns, strict=True)
    ]


def _read_as(column: Column) -> pa.DataType:
    # Without a zone, as the engine keeps them, they are UTC.
    return pa.timestamp("us") if pa.types.is_timestamp(column.raw) else column.raw
