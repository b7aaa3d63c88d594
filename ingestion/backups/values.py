"""From the rows of a backup to those of a store, and whether two are the same."""

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pyarrow as pa
from django.db import models

from bitacora.tables import EventTable
from core.history import Outbox
from ingestion.schema import stored

Row = dict[str, Any]
RELAYED = "relay_seq"


def rows_of(model: type[models.Model], batch: pa.RecordBatch) -> list[Row]:
    """Return the rows as the fields of `model` hold them, by attname."""
    readers = {field.attname: _reader(field) for field in model._meta.concrete_fields}
    return [
        {name: value if value is None else readers[name](value) for name, value in row.items()}
        for row in batch.to_pylist()
    ]


def _reader(field: Any) -> Callable[[Any], Any]:
    kept = stored(field)
    return json.loads if isinstance(kept, models.JSONField) else kept.to_python


def events_in(events: EventTable, batch: pa.RecordBatch) -> list[Row]:
    """Return the rows as the bitácora takes them."""
    keys = {name for name, kind in events.columns.items() if kind == "uuid"}
    return [
        {name: UUID(value) if value and name in keys else value for name, value in row.items()}
        for row in batch.to_pylist()
    ]


def content(model: type[models.Model]) -> Callable[[Row], tuple[Any, ...]]:
    """Return what tells by two rows' values whether they are the same.

    The number that the relay gives to a row that it has told is no part of it.
    """
    fields = [f for f in model._meta.concrete_fields if not is_number_of_relay(model, f)]
    # 1, 1.0 and true are equal to Python, and not to whoever reads them.
    jsons = {f.attname for f in fields if isinstance(stored(f), models.JSONField)}

    def of(row: Row) -> tuple[Any, ...]:
        return tuple(
            json.dumps(row[f.attname], sort_keys=True) if f.attname in jsons else row[f.attname]
            for f in fields
        )

    return of


def is_number_of_relay(model: type[models.Model], field: Any) -> bool:
    return issubclass(model, Outbox) and field.attname == RELAYED
