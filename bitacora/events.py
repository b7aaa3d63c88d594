"""From the outbox of a store to the events that the bitácora keeps."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC
from typing import Any, NamedTuple
from uuid import UUID

from bitacora.tables import PAGOS, RECLAMOS, TRANSACTION_AUDIT, EventTable, Row
from core.history import Outbox
from core.models import Operacion
from polizas.models import Cobro, Poliza, Recibo
from siniestros.models import Pago, Reclamo

OPERACIONES = {"+": "crear", "~": "modificar", "-": "borrar"}

Events = dict[EventTable, list[Row]]


class PolizaData(NamedTuple):
    """What an event says of its póliza."""

    numero: str | None
    cliente_id: UUID | None


def events(model: type[Outbox], rows: Sequence[Any]) -> Events:
    """Return what `rows` of one outbox tell, by table; each is in transaction_audit exactly once."""
    found: Events = defaultdict(list)
    if model is Operacion:
        found[TRANSACTION_AUDIT] = [_operation(row) for row in rows]
        return found
    found[TRANSACTION_AUDIT] = [_change(row) for row in rows]
    if tell := TOLD_FURTHER.get(model):
        table, tell_rows = tell
        found[table] = tell_rows(rows)
    return found


def _operation(row: Operacion) -> Row:
    return {
        "dia": row.momento.astimezone(UTC).date().isoformat(),
        "timestamp": row.momento,
        "id": row.id,
        "servicio": row.servicio,
        "operacion": row.operacion,
        "user_id": row.user_id,
        "modelo": None,
        "objeto_id": None,
        "version": None,
        "detalle": json.dumps(row.detalle, ensure_ascii=False),
    }


def _change(row: Any) -> Row:
    entity = row.instance_type
    return {
        "dia": row.history_date.astimezone(UTC).date().isoformat(),
        "timestamp": row.history_date,
        "id": row.history_id,
        "servicio": entity._meta.app_label,
        "operacion": OPERACIONES[row.history_type],
        "user_id": row.history_user_id,
        "modelo": entity._meta.model_name,
        "objeto_id": str(row.id),
        "version": row.version,
        "detalle": row.history_change_reason,
    }


def _told(row: Any, poliza: PolizaData) -> dict[str, Any]:
    """What every event of a claim or a payment has."""
    return {
        "id": row.id,
        "version": row.version,
        "evento_id": row.history_id,
        "momento": row.history_date,
        "operacion": OPERACIONES[row.history_type],
        "policy_number": poliza.numero,
        "customer_id": poliza.cliente_id,
        "monto": row.monto,
    }


def _claims(rows: Sequence[Any]) -> list[Row]:
    polizas = _polizas({row.poliza_id for row in rows})
    return [
        _told(row, polizas[row.poliza_id])
        | {
            "numero": row.numero,
            "estado": row.estado,
            "reserva": row.reserva,
            "fecha_reclamo": row.fecha_reclamo,
        }
        for row in rows
    ]


def _payments(tipo: str, whole: Any, held_by: str) -> Callable[[Sequence[Any]], list[Row]]:
    def tell(rows: Sequence[Any]) -> list[Row]:
        keys = {getattr(row, held_by) for row in rows}
        poliza_of = dict(whole._base_manager.filter(pk__in=keys).values_list("pk", "poliza_id"))
        polizas = _polizas(set(poliza_of.values()))
        return [
            _told(row, polizas[poliza_of.get(getattr(row, held_by))])
            | {"tipo": tipo, "metodo_pago": row.metodo, "fecha_pago": row.fecha}
            for row in rows
        ]

    return tell


def _polizas(keys: Iterable[Any]) -> dict[Any, PolizaData]:
    rows = Poliza._base_manager.filter(pk__in=keys).values_list("pk", "numero", "cliente_id")
    known = {key: PolizaData(numero, cliente) for key, numero, cliente in rows}
    return defaultdict(lambda: PolizaData(None, None), known)


TOLD_FURTHER: dict[type[Outbox], tuple[EventTable, Callable[[Sequence[Any]], list[Row]]]] = {
    Reclamo.history.model: (RECLAMOS, _claims),
    Pago.history.model: (PAGOS, _payments("siniestro", Reclamo, "reclamo_id")),
    Cobro.history.model: (PAGOS, _payments("prima", Recibo, "recibo_id")),
}
