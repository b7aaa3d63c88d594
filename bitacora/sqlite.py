"""The bitácora in a SQLite file, for an installation without Cassandra."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from bitacora.tables import TABLES, EventTable, Kind, Row, moment

TIMEOUT = 20


class SQLiteBitacora:
    """Keeps every value exact: decimals and times are text."""

    display_name = "SQLite"

    def __init__(self, path: str) -> None:
        self.path = Path(path)

    def append(self, table: EventTable, rows: Sequence[Row]) -> None:
        places = ", ".join("?" for _ in table.columns)
        statement = f"INSERT OR IGNORE INTO {table.name} VALUES ({places})"
        with self._open() as connection, connection:
            connection.executemany(
                statement, ([_stored(row[name]) for name in table.columns] for row in rows)
            )

    def read(self, table: EventTable, key: Row, *, limit: int) -> list[dict[str, Any]]:
        if tuple(key) not in {table.partition, *table.reads.values()}:
            raise ValueError(f"{table.name} is not read by {', '.join(key)}")
        where = " AND ".join(f"{name} = ?" for name in key)
        newest = ", ".join(f"{name} DESC" for name in table.order)
        query = f"SELECT * FROM {table.name} WHERE {where} ORDER BY {newest} LIMIT ?"
        values = [_stored(value) for value in key.values()]
        with self._open() as connection:
            return [_read(table, row) for row in connection.execute(query, [*values, limit])]

    def scan(self, table: EventTable, *, until: datetime) -> Iterator[dict[str, Any]]:
        order = ", ".join([*table.partition, *(f"{name} DESC" for name in table.order)])
        query = f"SELECT * FROM {table.name} WHERE {moment(table)} <= ? ORDER BY {order}"
        with self._open() as connection:
            for row in connection.execute(query, [_stored(until)]):
                yield _read(table, row)

    def setup(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self._open() as connection, connection:
            connection.execute("PRAGMA journal_mode=WAL")
            for table in TABLES:
                columns = ", ".join(
                    f"{name} {'INTEGER' if kind == 'integer' else 'TEXT'}"
                    for name, kind in table.columns.items()
                )
                connection.execute(
                    f"CREATE TABLE IF NOT EXISTS {table.name} "
                    f"({columns}, PRIMARY KEY ({table.event})) WITHOUT ROWID"
                )
                for name, columns_read in {"particion": table.partition, **table.reads}.items():
                    key = ", ".join([*columns_read, *(f"{column} DESC" for column in table.order)])
                    connection.execute(
                        f"CREATE INDEX IF NOT EXISTS {table.name}_{name} ON {table.name} ({key})"
                    )

    def pending(self) -> list[str]:
        if not self.path.exists():
            return [table.name for table in TABLES]
        with self._open() as connection:
            query = "SELECT name FROM sqlite_master WHERE type = 'table'"
            found = {row["name"] for row in connection.execute(query)}
        return [table.name for table in TABLES if table.name not in found]

    def ping(self) -> None:
        # Opened for reading, since opening alone would create the file.
        sqlite3.connect(f"{self.path.absolute().as_uri()}?mode=ro", uri=True).close()

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        connection = sqlite3.connect(self.path, timeout=TIMEOUT)
        connection.row_factory = sqlite3.Row
        try:
            yield connection
        finally:
            connection.close()


def _stored(value: Any) -> str | int | None:
    if value is None or isinstance(value, int):
        return value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return str(value)


def _read(table: EventTable, row: sqlite3.Row) -> dict[str, Any]:
    return {name: _value(kind, row[name]) for name, kind in table.columns.items()}


def _value(kind: Kind, stored: Any) -> Any:
    if stored is None:
        return None
    match kind:
        case "uuid":
            return UUID(stored)
        case "decimal":
            return Decimal(stored)
        case "timestamp":
            return datetime.fromisoformat(stored)
    return stored
