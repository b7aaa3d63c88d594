"""What is measured does what it is measured for."""

import csv

import pyarrow.parquet as pq
import pytest
from django.db import connections

from benchmarks import ours
from benchmarks.movimientos import Movimiento, fill, lake_table
from ingestion.schema import BITACORA

ROWS = 500

pytestmark = pytest.mark.django_db(transaction=True, databases="__all__")


@pytest.fixture(params=[*(alias for alias in connections if alias != "default"), BITACORA])
def store(request):
    fill(request.param, ROWS)
    yield request.param
    if request.param != BITACORA:
        with connections[request.param].schema_editor() as editor:
            editor.delete_model(Movimiento)


def test_an_export_leaves_every_row_in_parquet_and_in_csv(store, tmp_path):
    ours.snapshot(store, tmp_path)
    [parquet] = tmp_path.rglob("*.parquet")
    found = pq.read_table(parquet)
    assert found.schema == lake_table(store).schema
    assert len(set(found["id"].to_pylist())) == found.num_rows == ROWS
    with (tmp_path / "movimientos.csv").open(encoding="utf-8", newline="") as file:
        assert [row["id"] for row in csv.DictReader(file)] == found["id"].to_pylist()


def test_parquet_alone_is_the_same_rows(store, tmp_path):
    ours.snapshot(store, tmp_path)
    [whole] = tmp_path.rglob("*.parquet")
    ours.parquet(store, tmp_path)
    assert pq.read_table(tmp_path / "movimientos.parquet").equals(pq.read_table(whole))
