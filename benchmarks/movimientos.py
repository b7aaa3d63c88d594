"""A made-up table of 13 columns, of every kind, as large as one wants it, in each store."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from unittest.mock import Mock, patch
from uuid import UUID

from django.db import connections, models
from django.test.utils import isolate_apps

from bitacora.datasets import DATASETS
from bitacora.stores import bitacora
from bitacora.tables import PAGOS
from core.datasets import Dataset
from core.references import batched
from ingestion import schema
from ingestion.schema import LakeTable, table_of

EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
ESTADOS = ("vigente", "vencida", "anulada")
WRITTEN_AT_ONCE = 5000

with isolate_apps("ingestion"):

    class Movimiento(models.Model):
        id = models.UUIDField(primary_key=True)
        numero = models.CharField(max_length=40)
        nombre = models.CharField(max_length=100)
        detalle = models.TextField()
        estado = models.CharField(max_length=20)
        unidades = models.BigIntegerField()
        monto = models.DecimalField(max_digits=14, decimal_places=2)
        tasa = models.DecimalField(max_digits=14, decimal_places=6)
        activo = models.BooleanField()
        dia = models.DateField()
        momento = models.DateTimeField()
        creado = models.DateTimeField(null=True)
        cliente_id = models.UUIDField()

        class Meta:
            app_label = "ingestion"
            db_table = "movimientos"

        def __str__(self) -> str:
            return self.numero


def lake_table(store: str) -> LakeTable:
    """Return what an export reads: the movimientos of a store, or the pagos of the bitácora."""
    if store == schema.BITACORA:
        return table_of(next(found for found in DATASETS if found.table == "pagos"))
    columns = {field.name: field.name for field in Movimiento._meta.concrete_fields}
    dataset = Dataset("mysql", "movimientos", model="ingestion.Movimiento", columns=columns)
    with (
        patch.object(schema, "apps", Mock(get_model=lambda label: Movimiento)),
        patch.object(schema, "store_of", lambda label: store),
    ):
        return table_of(dataset)


def fill(store: str, rows: int) -> None:
    """Make the table, and write so many rows."""
    if store == schema.BITACORA:
        bitacora().setup()
        for some in batched(map(_pago, range(rows)), WRITTEN_AT_ONCE):
            bitacora().append(PAGOS, some)
        return
    with connections[store].schema_editor() as editor:
        editor.create_model(Movimiento)
    for some in batched(map(_movimiento, range(rows)), WRITTEN_AT_ONCE):
        Movimiento._base_manager.using(store).bulk_create(some)
    if connections[store].vendor in ("postgresql", "mysql"):
        with connections[store].cursor() as cursor:
            cursor.execute(
                "ANALYZE " + ("TABLE " * (connections[store].vendor == "mysql")) + "movimientos"
            )


def _key(n: int, salt: int) -> UUID:
    # Of version 7, as ours are: MariaDB puts those of others in another order.
    mixed = (n * 0x9E3779B97F4A7C15 + salt) & 0x3FFFFFFFFFFFFFFF
    return UUID(int=(n << 80) | (7 << 76) | (2 << 62) | mixed)


def _movimiento(n: int) -> Movimiento:
    return Movimiento(
        id=_key(n, 1),
        numero=f"POL-{n:08}",
        nombre=f"Nombre y Apellido {n}",
        detalle=f'Detalle, con «comas» y "comillas" {n % 97}',
        estado=ESTADOS[n % 3],
        unidades=n * 7,
        monto=Decimal(n % 100_000) / 100,
        tasa=Decimal(n % 1_000_000) / 1_000_000,
        activo=bool(n % 2),
        dia=date(2020, 1, 1) + timedelta(days=n % 2000),
        momento=EPOCH + timedelta(seconds=17 * n, microseconds=n % 1_000_000),
        creado=EPOCH + timedelta(seconds=3 * n) if n % 5 else None,
        cliente_id=_key(n, 2),
    )


def _pago(n: int) -> dict[str, Any]:
    moment = EPOCH + timedelta(seconds=17 * n, microseconds=n % 1_000_000)
    return {
        "id": _key(n, 1),
        "version": 1,
        "evento_id": _key(n, 3),
        "momento": moment,
        "operacion": "crear",
        "tipo": "indemnizacion",
        "policy_number": f"POL-{n:08}",
        "customer_id": _key(n, 2),
        "monto": Decimal(n % 100_000) / 100,
        "metodo_pago": "transferencia",
        "fecha_pago": moment,
    }
