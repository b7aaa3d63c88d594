"""The events of a backup go back by the bitácora's own append: they are added, never changed."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from uuid import UUID

import pyarrow as pa

from bitacora.datasets import EventDataset
from bitacora.stores import bitacora
from core.references import batched
from ingestion.backups.counts import Counts
from ingestion.backups.source import Source
from ingestion.backups.tables import events_of
from ingestion.backups.values import events_in
from ingestion.extractors.batches import ROWS, batch_of
from ingestion.references import counting
from ingestion.schema import LakeTable

EVER = datetime.max.replace(tzinfo=UTC)


def compare(source: Source, table: LakeTable) -> Counts:
    """Count the events that are there and those that are not; writes nothing."""
    if bitacora().pending():
        return Counts(absent=sum(batch.num_rows for batch in source.batches(table)))
    key = events_of(table).event
    copied = pa.RecordBatchReader.from_batches(table.schema, source.batches(table))
    there = pa.RecordBatchReader.from_batches(table.schema, _there(table))
    columns = ", ".join(f'"{name}"' for name in table.schema.names)
    rows = f'SELECT "{key}" AS k, hash({columns}) AS h FROM'
    with counting() as connection:
        connection.register("copied", copied)
        connection.register("there", there)
        [(absent, equal, different, extra)] = connection.execute(
            "SELECT count(*) FILTER (t.h IS NULL), count(*) FILTER (c.h = t.h), "
            "count(*) FILTER (c.h <> t.h), count(*) FILTER (c.h IS NULL) "
            f"FROM ({rows} copied) c FULL JOIN ({rows} there) t USING (k)"
        ).fetchall()
    return Counts(absent, equal, different, extra if source.selection is None else 0)


def _there(table: LakeTable) -> Iterator[pa.RecordBatch]:
    dataset = table.dataset
    assert isinstance(dataset, EventDataset)
    for rows in batched(dataset.rows(until=EVER), ROWS):
        yield batch_of(table, [[_plain(value) for value in row] for row in rows])


def _plain(value: object) -> object:
    return str(value) if isinstance(value, UUID) else value


def write(source: Source, table: LakeTable, told: Callable[[LakeTable, Counts], None]) -> None:
    """Append the events; those that are there already stay as they are."""
    target, events, counts = bitacora(), events_of(table), Counts()
    for batch in source.batches(table):
        target.append(events, events_in(events, batch))
        counts += Counts(absent=batch.num_rows)
        told(table, counts)
