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

from ingestion.extractors.batches import ROWS, ahead, blamed
from ingestion.extractors.lines import parsed
from ingestion.extractors.sql import HEX_GROUPS, select
from ingestion.schema import Column, LakeTable, stored

PATIENCE = 600  # seconds that the server waits for a reader who is busy writing
# Rows in tuples at one time: those of more are what the garbage collector looks for its garbage among.
FEW = 512
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
            yield from ahead(partial(_batch, table), _fetched(cursor), 2)


def _fetched(cursor: Any) -> Iterator[list[list[bytes]]]:
    """Yield what is selected of so many rows at a time, by column."""
    while True:
        found: list[list[bytes]] = [[] for _ in cursor.description]
        while len(found[0]) < ROWS and (rows := cursor.fetchmany(min(FEW, ROWS - len(found[0])))):
            for values, more in zip(found, zip(*rows, strict=True), strict=True):
                values += more
        if not found[0]:
            return
        yield found


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
    short = [text for column, text in of if not is_long(column)] or ["''"]
    line = f"CONCAT_WS(',', {', '.join(short)})"
    return ", ".join([line, *(text for column, text in of if is_long(column))])


def field(column: Column, name: str, *, native: bool) -> str:
    """Return the expression of the column: in CSV, where null is nothing at all, a text is quoted and a time is UTC, if it is short."""
    if is_long(column):
        return name
    assert column.field is not None
    kind = stored(column.field)
    if isinstance(kind, models.UUIDField):
        name = name if native else dashed(name)
    elif isinstance(kind, models.DateTimeField):
        name += ", 'Z'"
    elif isinstance(kind, models.CharField):
        name = f"""'"', REPLACE({name}, '"', '""'), '"'"""
    # Concatenated even where it is alone: an empty date would be null again.
    return f"IFNULL(CONCAT({name}), '')"


def dashed(name: str) -> str:
    """Return the expression of a UUID that is kept as its digits alone."""
    groups = ", '-', ".join(f"SUBSTR({name}, {first}, {n})" for first, n in HEX_GROUPS)
    return f"CONCAT({groups})"


def _batch(table: LakeTable, fetched: Sequence[Sequence[bytes]]) -> pa.RecordBatch:
    """Return the rows of what is selected of each, or raise JobFailed naming the column that is wrong."""
    lines, *long = fetched
    text = b"\n".join([*lines, b""])
    names = [column.name for column in table.columns if is_long(column)]
    beside = dict(zip(names, long, strict=True))
    short = [column.name for column in table.columns if not is_long(column)]

    def read(columns: Sequence[Column]) -> list[pa.Array]:
        found = parsed(text, short, [column for column in columns if not is_long(column)])
        found |= {
            column.name: pa.array(beside[column.name], pa.binary())
            .cast(pa.string())
            .cast(column.raw)
            for column in columns
            if is_long(column)
        }
        return [found[column.name] for column in columns]

    try:
        values = read(table.columns)
    except pa.ArrowException:
        raise blamed(table, read) from None
    return table.batch(values)
