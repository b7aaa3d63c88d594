"""The tables of the bitácora: what has happened, and never changes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["text", "uuid", "integer", "decimal", "timestamp"]
Row = Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class EventTable:
    """A table of events, one row an event, with the key of the history row that tells it in it.

    Rows of one `partition` lie together, newest (by `order`) first; `reads` names further sets of columns that
    rows are asked by. `event` is the column that makes a row unique: writing it twice leaves one.
    """

    name: str
    columns: Mapping[str, Kind]
    event: str
    partition: tuple[str, ...]
    order: tuple[str, ...]
    reads: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def moment(table: EventTable) -> str:
    """Return the column that says when an event of the table happened."""
    return next(name for name, kind in table.columns.items() if kind == "timestamp")


TRANSACTION_AUDIT = EventTable(
    name="transaction_audit",
    columns={
        "dia": "text",
        "timestamp": "timestamp",
        "id": "uuid",
        "servicio": "text",
        "operacion": "text",
        "user_id": "integer",
        "modelo": "text",
        "objeto_id": "text",
        "version": "integer",
        "detalle": "text",
    },
    event="id",
    partition=("dia",),
    order=("timestamp", "id"),
)

RECLAMOS = EventTable(
    name="reclamos",
    columns={
        "id": "uuid",
        "version": "integer",
        "evento_id": "uuid",
        "momento": "timestamp",
        "operacion": "text",
        "numero": "text",
        "policy_number": "text",
        "customer_id": "uuid",
        "estado": "text",
        "monto": "decimal",
        "reserva": "decimal",
        "fecha_reclamo": "timestamp",
    },
    event="evento_id",
    partition=("id",),
    order=("version", "evento_id"),
    reads={"poliza": ("policy_number",), "cliente": ("customer_id",)},
)

PAGOS = EventTable(
    name="pagos",
    columns={
        "id": "uuid",
        "version": "integer",
        "evento_id": "uuid",
        "momento": "timestamp",
        "operacion": "text",
        "tipo": "text",
        "policy_number": "text",
        "customer_id": "uuid",
        "monto": "decimal",
        "metodo_pago": "text",
        "fecha_pago": "timestamp",
    },
    event="evento_id",
    partition=("id",),
    order=("version", "evento_id"),
    reads={"poliza": ("policy_number",), "cliente": ("customer_id",)},
)

TABLES = (TRANSACTION_AUDIT, RECLAMOS, PAGOS)
