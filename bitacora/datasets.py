"""What leaves for the lake from the bitácora."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from bitacora.stores import bitacora
from bitacora.tables import PAGOS, RECLAMOS, TRANSACTION_AUDIT, EventTable, Kind
from core.datasets import Treatment


@dataclass(frozen=True)
class EventDataset:
    """One table of the lake, read from a table of events.

    `columns` maps each lake column to a column of the event. Where `last_of_each`, the lake has the last
    event of each id, and none of an id whose last event is its removal; else every event.
    """

    database: Literal["cassandra"]
    table: str
    events: EventTable
    columns: Mapping[str, str]
    last_of_each: bool
    personal: Mapping[str, Treatment]

    @property
    def kinds(self) -> dict[str, Kind]:
        """The kind of each lake column."""
        return {name: self.events.columns[path] for name, path in self.columns.items()}

    def rows(self, *, until: datetime) -> Iterator[tuple[Any, ...]]:
        """Yield the values of the lake's columns, of what happened up to `until`."""
        found: Iterable[dict[str, Any]] = bitacora().scan(self.events, until=until)
        if self.last_of_each:
            found = _last_of_each(found)
        for row in found:
            yield tuple(row[path] for path in self.columns.values())


def _last_of_each(rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Keep the first row of each id: a scan brings them together, newest first."""
    previous = None
    for row in rows:
        if row["id"] != previous and row["operacion"] != "borrar":
            yield row
        previous = row["id"]


def _same(*names: str) -> dict[str, str]:
    return {name: name for name in names}


DATASETS = [
    EventDataset(
        "cassandra",
        "reclamos",
        events=RECLAMOS,
        columns=_same(
            "id", "policy_number", "estado", "monto", "fecha_reclamo", "numero", "reserva"
        ),
        last_of_each=True,
        personal={},
    ),
    EventDataset(
        "cassandra",
        "pagos",
        events=PAGOS,
        columns=_same(
            "id", "customer_id", "monto", "metodo_pago", "fecha_pago", "tipo", "policy_number"
        ),
        last_of_each=True,
        personal={},
    ),
    EventDataset(
        "cassandra",
        "transaction_audit",
        events=TRANSACTION_AUDIT,
        columns=_same("timestamp", "servicio", "operacion", "user_id", "id", "modelo", "objeto_id"),
        last_of_each=False,
        personal={},
    ),
]
