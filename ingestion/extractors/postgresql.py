"""PostgreSQL: connections that share one moment read ranges of a table side by side, as Arrow."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from queue import SimpleQueue
from typing import Any

import pyarrow as pa
from adbc_driver_postgresql import dbapi
from django.db import connections, models
from psycopg import IsolationLevel
from psycopg.conninfo import make_conninfo

from ingestion.extractors.batches import ahead, blamed
from ingestion.extractors.sql import Ends, last_of, select
from ingestion.schema import Column, LakeTable, stored

ROWS = 40_960  # of a range
READERS = 2
BATCHES = {"adbc.postgresql.batch_size_hint_bytes": str(4 << 20)}


@dataclass(frozen=True)
class PostgreSQLReading:
    connection: Any
    readers: SimpleQueue[dbapi.Connection]
    as_of: datetime

    def batches(self, table: LakeTable) -> Iterator[pa.RecordBatch]:
        queries = (
            select(table, self.connection, text, between=ends) for ends in self._ranges(table)
        )
        for batches in ahead(self._read, queries, READERS):
            for batch in batches:
                yield table.batch(values_of(table, batch))

    def _ranges(self, table: LakeTable) -> Iterator[Ends]:
        """Cut the keys into ranges of so many rows, each as it is asked for."""
        after: str | None = None
        while True:
            with self.connection.cursor() as cursor:
                cursor.execute(last_of(table, self.connection, ROWS, after=after))
                found = cursor.fetchone()
            last = str(found[0]) if found else None
            yield after, last
            if last is None:
                return
            after = last

    def _read(self, query: str) -> list[pa.RecordBatch]:
        reader = self.readers.get()
        try:
            with reader.cursor() as cursor:
                cursor.adbc_statement.set_options(**BATCHES)
                cursor.execute(query)
                return [batch for batch in cursor.fetch_record_batch() if batch.num_rows]
        finally:
            self.readers.put(reader)


@contextmanager
def reading(alias: str) -> Iterator[PostgreSQLReading]:
    """Hold the store at one moment; what was committed before `as_of` is in it."""
    with own(alias) as connection, connection.cursor() as cursor, ExitStack() as stack:
        # The first query is what fixes the moment, after this clock is read.
        cursor.execute("SELECT statement_timestamp(), pg_export_snapshot()")
        as_of, snapshot = cursor.fetchone()
        readers: SimpleQueue[dbapi.Connection] = SimpleQueue()
        for _reader in range(READERS):
            readers.put(stack.enter_context(_sharing(snapshot, connection)))
        yield PostgreSQLReading(connection, readers, as_of)


LASTING = (
    "SET LOCAL statement_timeout = 0",
    # While the other stores are read.
    "SET LOCAL idle_in_transaction_session_timeout = 0",
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
            for setting in ("SET TRANSACTION READ ONLY", *LASTING):
                cursor.execute(setting)
        yield connection


@contextmanager
def _sharing(snapshot: str, connection: Any) -> Iterator[dbapi.Connection]:
    """Open a connection to the same server, which sees what that snapshot does."""
    server = connection.connection.info
    uri = make_conninfo(server.dsn, password=server.password or None)
    with closing(dbapi.connect(uri)) as reader:
        with reader.cursor() as cursor:
            for setting in (
                "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY",
                f"SET TRANSACTION SNAPSHOT '{snapshot}'",
                *LASTING,
            ):
                cursor.execute(setting)
        yield reader


def text(column: Column, name: str) -> str:
    """Return the expression of the column, in text where Arrow has no type of its kind."""
    assert column.field is not None
    in_text = isinstance(stored(column.field), models.UUIDField | models.JSONField)
    return f"{name}::text" if in_text else name


def values_of(table: LakeTable, found: pa.RecordBatch) -> list[pa.Array]:
    """Return the columns of what was read, or raise JobFailed naming the one that is wrong."""
    by_name = dict(zip(table.schema.names, found.columns, strict=True))

    def read(columns: Sequence[Column]) -> list[pa.Array]:
        return [_value(column, by_name[column.name]) for column in columns]

    try:
        return read(table.columns)
    except pa.ArrowException:
        raise blamed(table, read) from None


def _value(column: Column, values: pa.Array) -> pa.Array:
    if isinstance(values, pa.ExtensionArray):
        values = values.storage  # a number with decimals, in text
    return values.cast(column.raw)
