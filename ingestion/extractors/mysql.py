"""MySQL and MariaDB: the server makes a line of CSV of each row, which Arrow reads as what the columns are.

Texts of any length come beside the line: doubling the quotes of one takes the server the square of their number.
"""

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
LONG = (models.TextField, models.JSONField)


@dataclass(frozen=True)
class MySQLReading:
    connection: Any
    as_of: datetime

    def batches(self, table: LakeTable) -> Iterator[pa.RecordBatch]:
        native = self.connection.features.has_native_uuid_field
        query = select(
            table, self.connection, partial(field, native=native), row=partial(parts, table)
        )
        with closing(self.connection.connection.cursor(SSCursor)) as cursor:
            cursor.execute(query)
            while rows := cursor.fetchmany(ROWS):
                yield table.batch(values_of(table, *zip(*rows, strict=True)))


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


def is_long(column: Column) -> bool:
    """Whether the column holds texts of any length."""
    assert column.field is not None
    return isinstance(stored(column.field), LONG)


def parts(table: LakeTable, fields: Sequence[str]) -> str:
    """Return what is selected: a line of the short columns, and each long one beside it."""
    of = list(zip(table.columns, fields, strict=True))
    # It begins with a comma, so there is a line where there are long ones alone.
    line = ", ".join(["''", *(text for column, text in of if not is_long(column))])
    return ", ".join([f"CONCAT_WS(',', {line})", *(text for column, text in of if is_long(column))])


def field(column: Column, name: str, *, native: bool) -> str:
    """Return the expression of the column: in CSV, where null is nothing at all and a text is quoted, if it is short."""
    if is_long(column):
        return name
    assert column.field is not None
    kind = stored(column.field)
    if isinstance(kind, models.UUIDField):
        name = name if native else dashed(name)
    elif isinstance(kind, models.CharField):
        name = f"""'"', REPLACE({name}, '"', '""'), '"'"""
    # Concatenated even where it is alone: an empty date would be null again.
    return f"IFNULL(CONCAT({name}), '')"


def dashed(name: str) -> str:
    """Return the expression of a UUID that is kept as its digits alone."""
    groups = ", '-', ".join(f"SUBSTR({name}, {first}, {n})" for first, n in HEX_GROUPS)
    return f"CONCAT({groups})"


def values_of(table: LakeTable, lines: Sequence[bytes], *long: Sequence[bytes]) -> list[pa.Array]:
    """Return the columns of some rows, or raise JobFailed naming the one that is wrong."""
    names = [column.name for column in table.columns if is_long(column)]
    beside = dict(zip(names, long, strict=True))
    text = b"\n".join([*lines, b""])

    def read(columns: Sequence[Column]) -> list[pa.Array]:
        found = _parsed(table, text, [column for column in columns if not is_long(column)])
        found |= {
            column.name: pa.array(beside[column.name], pa.binary()).cast(pa.string())
            for column in columns
            if is_long(column)
        }
        return [found[column.name].cast(column.raw) for column in columns]

    try:
        return read(table.columns)
    except pa.ArrowException:
        raise blamed(table, read) from None


def _parsed(table: LakeTable, lines: bytes, wanted: Sequence[Column]) -> dict[str, pa.Array]:
    short = [column.name for column in table.columns if not is_long(column)]
    found = csv.read_csv(
        pa.BufferReader(lines),
        # One block; the server has the machine's other core.
        csv.ReadOptions(column_names=["", *short], block_size=len(lines), use_threads=False),
        csv.ParseOptions(newlines_in_values=True),
        csv.ConvertOptions(
            column_types={column.name: _read_as(column) for column in wanted},
            include_columns=["", *(column.name for column in wanted)],
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
            true_values=["1"],
            false_values=["0"],
        ),
    )
    return {column.name: found[column.name].combine_chunks() for column in wanted}


def _read_as(column: Column) -> pa.DataType:
    # Without a zone, as the engine keeps them, they are UTC.
    return pa.timestamp("us") if pa.types.is_timestamp(column.raw) else column.raw
