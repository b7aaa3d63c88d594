"""What a backup holds: every column of every table, and which tables are no data."""

from collections.abc import Sequence
from graphlib import TopologicalSorter
from typing import Any, cast

import pyarrow as pa
from django.apps import apps
from django.db import connections, models

from bitacora.datasets import EventDataset
from bitacora.tables import TABLES, EventTable
from core.datasets import Dataset
from core.stores import store_of
from ingestion.schema import (
    BITACORA,
    EVENT_TYPES,
    FIELD_TYPES,
    Column,
    LakeTable,
    stored,
)

NO_DATA = {
    # Who is signed in, and who tried to: of a moment that is over.
    "sessions.Session",
    "core.LinkRequest",
    "axes.AccessAttempt",
    "axes.AccessAttemptExpiration",
    "axes.AccessFailureLog",
    "axes.AccessLog",
    # What processes are at: brought back, their work would be done again.
    "core.Lease",
    "ingestion.Job",
    # When the schedules last changed, which a restore does itself.
    "django_celery_beat.PeriodicTasks",
}


def copied_tables() -> list[LakeTable]:
    """Return every table that is data, store by store, each after those that it refers to."""
    stores = list(connections)
    found = [_of_model(model) for model in _in_order()]
    found.sort(key=lambda table: stores.index(table.store))
    return found + [_of_events(events) for events in TABLES]


def label(table: LakeTable) -> str:
    """Return what a person calls the table."""
    return table.model._meta.label if table.model else f"{BITACORA}.{table.dataset.table}"


def rows_in(table: LakeTable) -> Any:
    """Return the rows of the table's store, without what entities ask of who writes them."""
    assert table.model is not None
    return models.QuerySet(table.model, using=table.store)


def is_there(table: LakeTable) -> bool:
    """Whether the table's store has it."""
    assert table.model is not None
    return table.model._meta.db_table in connections[table.store].introspection.table_names()


def _in_order() -> list[type[models.Model]]:
    known = [
        model
        for model in apps.get_models(include_auto_created=True)
        if not model._meta.proxy and model._meta.managed and model._meta.label not in NO_DATA
    ]
    sorter: TopologicalSorter[type[models.Model]] = TopologicalSorter()
    for model in known:
        pointed = {pointed_at(field) for field in model._meta.concrete_fields}
        sorter.add(model, *(target for target in known if target in pointed - {model}))
    return list(sorter.static_order())


def pointed_at(field: Any) -> type[models.Model] | None:
    """Return the model that the field's values are keys of, if any."""
    return field.remote_field.model if isinstance(field, models.ForeignKey) else None


def _of_model(model: type[models.Model]) -> LakeTable:
    opts, alias = model._meta, store_of(model._meta.app_label)
    fields: Sequence[Any] = opts.concrete_fields
    columns = [Column(f.attname, f.name, _raw(f), "plain", f) for f in fields]
    # A backup has the name of each store, where the lake has that of an engine.
    dataset = Dataset(cast(Any, alias), opts.db_table, model=opts.label, columns={})
    return LakeTable(dataset, model, alias, columns, [opts.pk.attname])


def _raw(field: Any) -> pa.DataType:
    kept = stored(field)
    if isinstance(kept, models.DecimalField):
        return pa.decimal128(kept.max_digits, kept.decimal_places)
    # What has no type of its own is kept as text.
    return next((arrow for kind, arrow in FIELD_TYPES if isinstance(kept, kind)), pa.string())


def _of_events(events: EventTable) -> LakeTable:
    columns = {name: name for name in events.columns}
    dataset = EventDataset(
        cast(Any, BITACORA), events.name, events, columns, last_of_each=False, personal={}
    )
    kinds = [Column(n, n, EVENT_TYPES[kind], "plain") for n, kind in events.columns.items()]
    return LakeTable(dataset, None, BITACORA, kinds, [events.event])


def events_of(table: LakeTable) -> EventTable:
    """Return the events that a table of the bitácora holds."""
    assert isinstance(table.dataset, EventDataset)
    return table.dataset.events
