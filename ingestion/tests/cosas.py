"""A model with a column of each kind, which no app has, and a place for it in each store."""

from contextlib import contextmanager
from unittest.mock import Mock, patch
from uuid import UUID

import pyarrow as pa
from django.db import connections, models
from django.test.utils import isolate_apps

from core.datasets import Dataset
from ingestion import schema
from ingestion.schema import table_of

# One store of each engine in use.
STORES = sorted({connections[alias].vendor: alias for alias in connections}.values())

with isolate_apps("ingestion"):

    class Cosa(models.Model):
        id = models.UUIDField(primary_key=True)
        otra = models.ForeignKey("self", models.DO_NOTHING, null=True, db_constraint=False)
        texto = models.TextField(null=True)  # noqa: DJ001
        entero = models.BigIntegerField(null=True)
        monto = models.DecimalField(max_digits=14, decimal_places=2, null=True)
        tasa = models.DecimalField(max_digits=14, decimal_places=6, null=True)
        sí = models.BooleanField(null=True, db_column="si")
        dia = models.DateField(null=True)
        momento = models.DateTimeField(null=True)
        datos = models.JSONField(null=True)

        class Meta:
            app_label = "ingestion"
            db_table = "cosas"

        def __str__(self):
            return str(self.id)


PATHS = ("id", "texto", "entero", "monto", "tasa", "sí", "dia", "momento", "datos", "otra")


def table_with(*paths):
    columns = {path: path for path in paths}
    with patch.object(schema, "apps", Mock(get_model=lambda label: Cosa)):
        return table_of(Dataset("mysql", "cosas", model="ingestion.Cosa", columns=columns))


@contextmanager
def places(stores):
    """Make a place for cosas in each store, and take it away."""
    for alias in stores:
        _take_away(alias)  # from a run that was killed: not every engine makes its database anew
        with connections[alias].schema_editor() as editor:
            editor.create_model(Cosa)
    try:
        yield
    finally:
        for alias in stores:
            _take_away(alias)


def _take_away(alias):
    connection = connections[alias]
    if Cosa._meta.db_table in connection.introspection.table_names():
        with connection.schema_editor() as editor:
            editor.delete_model(Cosa)


def key(n):
    return UUID(int=n)


def write(store, *rows):
    Cosa.objects.using(store).bulk_create(rows)


def read(held, table):
    return pa.Table.from_batches(held.batches(table), table.schema)
