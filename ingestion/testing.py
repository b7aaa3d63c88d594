"""For tests: the export reads through connections of its own, which see no other's transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa
from django.db import connections, models
from django.utils import timezone

from ingestion.extractors.batches import batch_of
from ingestion.extractors.sql import select
from ingestion.schema import Column, LakeTable, stored


def see_uncommitted(monkeypatch: Any) -> None:
    """Have the export see the rows of a store that a test holds in a transaction, while it does."""
    vendors = {connections[alias].vendor for alias in connections}
    if "postgresql" in vendors:
        _share_postgresql(monkeypatch)
    if "mysql" in vendors:
        _share_mysql(monkeypatch)


@dataclass(frozen=True)
class HeldReading:
    """What a test's own connection sees, every value of it in text."""

    connection: Any
    as_of: datetime

    def batches(self, table: LakeTable) -> Iterator[pa.RecordBatch]:
        with self.connection.cursor() as cursor:
            cursor.execute(select(table, self.connection, _text))
            if rows := cursor.fetchall():
                yield batch_of(table, rows)


def _text(column: Column, name: str) -> str:
    assert column.field is not None
    moment = isinstance(stored(column.field), models.DateTimeField)
    return f"({name} AT TIME ZONE 'UTC')::text" if moment else f"{name}::text"


def _share_postgresql(monkeypatch: Any) -> None:
    from ingestion.extractors import postgresql

    own = postgresql.reading

    @contextmanager
    def reading(alias: str) -> Iterator[Any]:
        if _held(alias):
            yield HeldReading(connections[alias], timezone.now())
            return
        with own(alias) as held:
            yield held

    monkeypatch.setattr(postgresql, "reading", reading)


def _share_mysql(monkeypatch: Any) -> None:
    from ingestion.extractors import mysql

    own = mysql.own
    monkeypatch.setattr(
        mysql,
        "own",
        lambda alias: own(alias, isolation="read uncommitted") if _held(alias) else own(alias),
    )


def _held(alias: str) -> bool:
    return connections[alias].in_atomic_block
