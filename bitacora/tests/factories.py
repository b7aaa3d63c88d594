"""Events as the relay hands them over."""

from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID, uuid4

from uuid_utils.compat import uuid7

MOMENT = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
ALWAYS = datetime.max.replace(tzinfo=UTC)


def payment(**changes):
    return {
        "id": uuid4(),
        "version": 1,
        "evento_id": uuid7(),
        "momento": MOMENT,
        "operacion": "crear",
        "tipo": "prima",
        "policy_number": "P-1",
        "customer_id": UUID(int=1),
        "monto": Decimal("10.10"),
        "metodo_pago": "efectivo",
        "fecha_pago": MOMENT,
    } | changes


def claim(**changes):
    return {
        "id": uuid4(),
        "version": 1,
        "evento_id": uuid7(),
        "momento": MOMENT,
        "operacion": "crear",
        "numero": "R-1",
        "policy_number": "P-1",
        "customer_id": UUID(int=1),
        "estado": "abierto",
        "monto": Decimal("250.00"),
        "reserva": None,
        "fecha_reclamo": None,
    } | changes


def operation(**changes):
    return {
        "dia": "2026-11-22",
        "timestamp": MOMENT,
        "id": uuid7(),
        "servicio": "polizas",
        "operacion": "modificar",
        "user_id": None,
        "modelo": "poliza",
        "objeto_id": str(uuid4()),
        "version": 2,
        "detalle": None,
    } | changes
