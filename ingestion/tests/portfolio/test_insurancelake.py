"""The whole of a portfolio that nobody here wrote.

On servers it is imported as people do, in config/tests/test_life_files.py: one transaction of a test is too long for them.
"""

import csv
import os
from collections import Counter
from decimal import Decimal
from io import TextIOWrapper
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db.models import Sum
from django.urls import reverse

from agentes.models import Agente
from bienes.models import Bien
from clientes.models import Cliente, Usuario
from core.testing import queries
from ingestion.lake import lake
from ingestion.snapshots.manifest import current
from ingestion.tests.portfolio.made_up import contents, histories
from polizas.models import BeneficiarioPoliza, Poliza, Recibo
from siniestros.models import Pago, Reclamo

pytestmark = [
    pytest.mark.django_db(databases="__all__"),
    pytest.mark.any_engine,
]

DEFAULT = settings.BASE_DIR.parent / "shared" / "data" / "insurancelake"
FOLDER = Path(os.environ.get("CARTERA_DATA") or DEFAULT)
POLIZAS, RECLAMOS = "syntheticlife-policy-data.csv", "syntheticlife-claim-data.csv"

AUDIT = "cassandra/transaction_audit"
CHANGES = 65_444  # a row of history each
IN_THE_LAKE = {
    "mysql/users": 8889,
    "mysql/clients": 8889,
    "mysql/agents": 3603,
    "postgresql/policies": 10138,
    "postgresql/beneficiaries": 10138,
    "postgresql/recibos": 10138,
    "mongodb/bienes": 10138,
    "cassandra/reclamos": 2812,
    "cassandra/pagos": 697,
}
SUMMED = {
    "postgresql/policies": ("premium", 3_488_191),
    "cassandra/reclamos": ("monto", 779_827_000),
    "cassandra/pagos": ("monto", 189_987_000),
}


def column(name: str, file: str) -> list[str]:
    with (FOLDER / file).open(encoding="utf-8", newline="") as stream:
        return [row[name] for row in csv.DictReader(stream)]


def total(name: str, file: str) -> Decimal:
    return sum((Decimal(text) for text in column(name, file) if text), Decimal(0))


@pytest.fixture
def files(portfolio):
    if not FOLDER.is_dir():
        missing = f"faltan los archivos de InsuranceLake en {FOLDER}: dé CARTERA_DATA"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    portfolio.options = ["--polizas", str(FOLDER / POLIZAS), "--reclamos", str(FOLDER / RECLAMOS)]
    return portfolio


def test_the_whole_portfolio_comes_in_is_worked_on_and_leaves_for_the_lake(files, admin_client):
    files.run()
    _assert_counts()
    _assert_sums()
    _assert_estados()
    changes = histories()
    assert changes == {kind: len(found) for kind, found in contents().items()}
    assert sum(changes.values()) == CHANGES
    _assert_the_list_asks_little(admin_client)
    call_command("export_snapshot", wait=True)
    assert_the_lake_says_the_same()


def _assert_counts() -> None:
    models = (Cliente, Usuario, Agente, Poliza, BeneficiarioPoliza, Recibo, Bien, Reclamo, Pago)
    assert [model.objects.count() for model in models] == [
        8889, 8889, 3603, 10138, 10138, 10138, 10138, 2812, 697,
    ]  # fmt: skip
    assert Recibo.objects.values("poliza").distinct().count() == 10138
    assert Cliente.objects.con_documento_repetido().count() == 2


def _assert_sums() -> None:
    prima, monto = Sum("prima"), Sum("monto")
    assert Poliza.objects.aggregate(n=prima)["n"] == total("yearlypremium", POLIZAS) == 3_488_191
    assert Recibo.objects.aggregate(n=Sum("importe"))["n"] == 3_488_191
    assert Reclamo.objects.aggregate(n=monto)["n"] == total("claimamount", RECLAMOS) == 779_827_000
    assert Pago.objects.aggregate(n=monto)["n"] == total("paidamount", RECLAMOS) == 189_987_000


def _assert_estados() -> None:
    estados = Counter(Poliza.objects.values_list("estado", "motivo_anulacion"))
    assert estados == {
        ("vigente", ""): 389,
        ("emitida", ""): 73,
        ("vencida", ""): 1317,
        ("anulada", "solicitud"): 2838,
        ("anulada", "fallecimiento"): 2732,
        ("anulada", "impago"): 2789,
    }
    assert Counter(Reclamo.objects.values_list("estado", flat=True)) == {
        "aprobado": 668,
        "en_revision": 758,
        "pagado": 697,
        "pendiente": 689,
    }


def _assert_the_list_asks_little(admin_client) -> None:
    url = reverse("admin:polizas_poliza_changelist")
    admin_client.get(url)
    with queries() as asked:
        assert admin_client.get(url).status_code == 200
    assert asked.total <= 12, asked.by_store


def assert_the_lake_says_the_same() -> None:
    manifest = current(lake())
    assert not any(manifest.references.values())
    assert {path: manifest.tables[path].rows for path in IN_THE_LAKE} == IN_THE_LAKE
    for path, rows in IN_THE_LAKE.items():
        name = path.split("/")[1]
        with lake().open(f"{path}/{name}.csv") as file:
            lines = csv.DictReader(TextIOWrapper(file, "utf-8", newline=""))
            in_csv = list(lines)
        parquet = _parquet(manifest, path)
        assert len(in_csv) == parquet.num_rows == rows
        if path in SUMMED:
            money, expected = SUMMED[path]
            assert sum(Decimal(line[money]) for line in in_csv) == expected
            assert pc.sum(parquet[money]).as_py() == expected
    audit = _parquet(manifest, AUDIT)
    told = zip(audit["id"].to_pylist(), audit["modelo"].to_pylist(), strict=True)
    made = [id_ for id_, model in told if model]
    assert len(made) == len(set(made)) == CHANGES


def _parquet(manifest, path):
    with lake().open(manifest.tables[path].files[0].key) as file:
        return pq.read_table(file)
