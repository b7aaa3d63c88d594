"""PostgreSQL: connections that share one moment copy ranges of a table out as lines of CSV, which Arrow reads."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from queue import SimpleQueue
from typing import Any

import pyarrow as pa
from django.db import connections
from psycopg import Connection, IsolationLevel
from psycopg.abc import PQGen
from psycopg.generators import copy_from
from psycopg.pq import TransactionStatus
from psycopg.pq.abc import PGconn

from ingestion.extractors.batches import ROWS, ahead, blamed
from ingestion.extractors.lines import parsed
from ingestion.extractors.sql import Ends, last_of, select
from ingestion.schema import Column, LakeTable

RANGE = 10_240  # rows
READERS = 2


@dataclass(frozen=True)
class PostgreSQLReading:
    connection: Any
    readers: SimpleQueue[Any]  # other connections, which see what this one does
    as_of: datetime

    def batches(self, table: LakeTable) -> Iterator[pa.RecordBatch]:
        for batches in ahead(partial(self._read, table), self._ranges(table), READERS):
            yield from batches

    def _ranges(self, table: LakeTable) -> Iterator[Ends]:
        """Cut the keys into ranges of so many rows, each as it is asked for."""
        after: str | None = None
        while True:
            with self.connection.cursor() as cursor:
                cursor.execute(last_of(table, self.connection, RANGE, after=after))
                found = cursor.fetchone()
            last = str(found[0]) if found else None
            yield after, last
            if last is None:
                return
            after = last

    def _read(self, table: LakeTable, between: Ends) -> list[pa.RecordBatch]:
        query = select(table, self.connection, lambda _column, name: name, between=between)
        reader = self.readers.get()
        try:
            with (
                reader.connection.cursor() as cursor,
                cursor.copy(f"COPY ({query}) TO STDOUT (FORMAT csv)") as copy,
            ):
                return [_batch(table, lines) for lines in lines_of(copy.connection)]
        finally:
            self.readers.put(reader)


def lines_of(connection: Connection[Any]) -> Iterator[bytearray]:
    """Yield the lines that the connection copies out, so many rows at a time."""
    while connection.pgconn.transaction_status == TransactionStatus.ACTIVE:
        if lines := connection.wait(_block(connection.pgconn)):
            yield lines


def _block(server: PGconn) -> PQGen[bytearray]:
    """Take so many rows, which come in a piece each.

    Waiting for each by itself, as whoever iterates over a copy does, takes as long again as receiving it.
    """
    lines = bytearray()
    for _row in range(ROWS):
        row = yield from copy_from(server)
        if not isinstance(row, memoryview):  # how it ended
            break
        lines += row
    return lines


def _batch(table: LakeTable, lines: bytearray) -> pa.RecordBatch:
    """Return the rows of some lines, or raise JobFailed naming the column that is wrong."""

    def read(columns: Sequence[Column]) -> list[pa.Array]:
        return list(parsed(lines, table.schema.names, columns).values())

    try:
        values = read(table.columns)
    except pa.ArrowException:
        raise blamed(table, read) from None
    return table.batch(values)


@contextmanager
def reading(alias: str) -> Iterator[PostgreSQLReading]:
    """Hold the store at one moment; what was committed before `as_of` is in it."""
    with own(alias) as connection, connection.cursor() as cursor, ExitStack() as stack:
        # The first query is what fixes the moment, after this clock is read.
        cursor.execute("SELECT statement_timestamp(), pg_export_snapshot()")
        as_of, snapshot = cursor.fetchone()
        readers: SimpleQueue[Any] = SimpleQueue()
        for _reader in range(READERS):
            reader = stack.enter_context(own(alias))
            with reader.cursor() as sharing:
                sharing.execute("SET TRANSACTION SNAPSHOT %s", [snapshot])
            readers.put(reader)
        yield PostgreSQLReading(connection, readers, as_of)


SETTINGS = (
    "SET TRANSACTION READ ONLY",
    "SET LOCAL statement_timeout = 0",
    # While the other stores are read.
    "SET LOCAL idle_in_transaction_session_timeout = 0",
    "SET LOCAL datestyle = 'ISO'",
)


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
            for setting in SETTINGS:
                cursor.execute(setting)
        yield connection
