"""PostgreSQL: COPY gives the rows as CSV, which Arrow reads as what the columns are."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa
from django.db import connections
from psycopg import IsolationLevel
from pyarrow import csv

from core.references import batched
from ingestion.extractors.batches import ROWS, blamed
from ingestion.extractors.sql import select
from ingestion.schema import Column, LakeTable


@dataclass(frozen=True)
class PostgreSQLReading:
    connection: Any
    as_of: datetime

    def batches(self, table: LakeTable) -> Iterator[pa.RecordBatch]:
        query = select(table, self.connection, lambda column, name: name)
        copy = f"COPY ({query}) TO STDOUT (FORMAT csv)"
        with self.connection.cursor() as cursor, cursor.copy(copy) as lines:
            for some in batched(lines, ROWS):
                yield table.batch(values_of(table, b"".join(some)))


@contextmanager
def reading(alias: str) -> Iterator[PostgreSQLReading]:
    """Hold the store at one moment; what was committed before `as_of` is in it."""
    with own(alias) as connection, connection.cursor() as cursor:
        # The first query is what fixes the moment, after this clock is read.
        cursor.execute("SELECT statement_timestamp()")
        yield PostgreSQLReading(connection, cursor.fetchone()[0])


@contextmanager
def own(alias: str) -> Iterator[Any]:
    """Open a connection in one read-only transaction, which may last."""
    connection: Any = connections[alias].copy()
    options = connection.settings_dict["OPTIONS"]
    options.pop("pool", None)
    options["isolation_level"] = IsolationLevel.REPEATABLE_READ
    with closing(connection):
        connection.set_autocommit(False)
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION READ ONLY")
            cursor.execute("SET LOCAL datestyle = 'ISO'")
            cursor.execute("SET LOCAL statement_timeout = 0")
            # While the other stores are read.
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        yield connection


def values_of(table: LakeTable, lines: bytes) -> list[pa.Array]:
    """Return the columns of some lines of CSV, or raise JobFailed naming the one that is wrong."""
    try:
        return _parsed(table, lines, table.columns)
    except pa.ArrowException:
        raise blamed(table, lambda columns: _parsed(table, lines, columns)) from None


def _parsed(table: LakeTable, lines: bytes, wanted: Sequence[Column]) -> list[pa.Array]:
    names = [column.name for column in table.columns]
    found = csv.read_csv(
        pa.BufferReader(lines),
        # One block, however long a text is; the server has the machine's other core.
        csv.ReadOptions(column_names=names, block_size=len(lines), use_threads=False),
        csv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False),
        csv.ConvertOptions(
            column_types={column.name: column.raw for column in wanted},
            include_columns=[column.name for column in wanted],
            # Null is nothing at all, and the empty text is quoted.
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
            true_values=["t"],
            false_values=["f"],
        ),
    )
    return [column.combine_chunks() for column in found.columns]
