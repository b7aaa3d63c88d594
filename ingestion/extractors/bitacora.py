"""The bitácora: events are only ever added, so a moment of it is a cut, once the relay has passed it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic, sleep
from uuid import UUID

import pyarrow as pa
from django.utils import timezone

from bitacora import relay
from bitacora.datasets import EventDataset
from core.references import batched
from ingestion.extractors.batches import ROWS, batch_of
from ingestion.jobs import JobFailed
from ingestion.schema import LakeTable

PATIENCE = timedelta(minutes=5)
PAUSE = 0.5  # seconds


@dataclass(frozen=True)
class BitacoraReading:
    as_of: datetime

    def batches(self, table: LakeTable) -> Iterator[pa.RecordBatch]:
        dataset = table.dataset
        assert isinstance(dataset, EventDataset)
        leaving = [list(dataset.columns).index(column.name) for column in table.columns]
        for rows in batched(dataset.rows(until=self.as_of), ROWS):
            yield batch_of(table, [[_plain(row[place]) for place in leaving] for row in rows])


@contextmanager
def reading() -> Iterator[BitacoraReading]:
    """Cut at this moment, after the relay has brought all that happened before it."""
    relay.run()  # what had piled up, which may take long, so that little is left after the cut
    as_of = timezone.now()
    deadline = monotonic() + PATIENCE.total_seconds()
    relay.run()
    while _waiting(as_of):
        if monotonic() > deadline:
            raise JobFailed("La bitácora va atrasada: el relevo no ha alcanzado este momento.")
        sleep(PAUSE)  # another process has the relay
        relay.run()
    yield BitacoraReading(as_of)


def _waiting(moment: datetime) -> bool:
    """Whether something from before `moment` waits for the relay: keys of an outbox sort by time."""
    first = UUID(int=int(moment.timestamp() * 1000) << 80)
    return any(
        model._base_manager.filter(relay_seq=None, pk__lt=first).exists()
        for models in relay.outboxes().values()
        for model in models
    )


def _plain(value: object) -> object:
    return str(value) if isinstance(value, UUID) else value
