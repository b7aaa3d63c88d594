from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from bienes.models import Bien
from bienes.tests.factories import BienFactory
from bitacora import relay
from bitacora.datasets import DATASETS as EVENTS
from core.datasets import Dataset
from core.leases import lease
from core.models import auditar
from ingestion import extractors
from ingestion.extractors import bitacora as events
from ingestion.extractors import reading
from ingestion.extractors.batches import batch_of
from ingestion.extractors.sql import select
from ingestion.extractors.sqlite import text
from ingestion.jobs import JobFailed
from ingestion.schema import BITACORA, table_of
from polizas.tests.factories import PolizaFactory

pytestmark = pytest.mark.django_db(databases="__all__")

POLIZA = Dataset(
    "postgresql",
    "polizas",
    model="polizas.Poliza",
    columns={
        "id": "id",
        "numero": "numero",
        "cliente_id": "cliente_id",
        "agente_id": "agente",
        "prima": "prima",
        "inicio": "inicio",
        "anulada_el": "anulada_el",
        "creado": "creado",
        "version": "version",
        "producto": "producto__nombre",
        "activo": "producto__activo",
        "aseguradora": "producto__aseguradora__nombre",
        "numero_anterior": "anterior__numero",
    },
)


def extracted(dataset):
    table = table_of(dataset)
    with reading(table.store) as held:
        return pa.Table.from_batches(held.batches(table), table.schema).to_pylist()


def test_every_value_arrives_as_it_is():
    anterior = PolizaFactory()
    poliza = PolizaFactory(anterior=anterior, creado=datetime(2026, 1, 2, 3, 4, 5, 678901, UTC))
    [row] = [row for row in extracted(POLIZA) if row["id"] == str(poliza.pk)]
    assert row == {
        "id": str(poliza.pk),
        "numero": poliza.numero,
        "cliente_id": str(poliza.cliente_id),
        "agente_id": str(poliza.agente_id),
        "prima": poliza.prima,
        "inicio": poliza.inicio,
        "anulada_el": None,
        "creado": poliza.creado,
        "version": poliza.version,
        "producto": poliza.producto.nombre,
        "activo": True,
        "aseguradora": poliza.producto.aseguradora.nombre,
        "numero_anterior": anterior.numero,
    }


def test_rows_come_by_key_each_once():
    polizas = PolizaFactory.create_batch(5)
    assert [row["id"] for row in extracted(POLIZA)] == sorted(str(p.pk) for p in polizas)


def test_a_reference_to_nothing_leaves_its_columns_null():
    PolizaFactory(agente=None)
    [row] = extracted(POLIZA)
    assert row["agente_id"] is None
    assert row["numero_anterior"] is None


def test_an_empty_store_gives_no_rows():
    assert extracted(POLIZA) == []


@hypothesis_settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    monto=st.none() | st.decimals("0", "999999999999.99", places=2),
    texto=st.text(st.characters(exclude_characters="\x00", codec="utf-8"), max_size=40),
    moment=st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)),
)
def test_the_extractor_reads_what_the_orm_reads(monto, texto, moment):
    dataset = Dataset(
        "mongodb",
        "bienes",
        model="bienes.Bien",
        columns={"id": "id", "texto": "descripcion", "valor": "valor", "creado": "creado"},
    )
    bien = BienFactory(descripcion=texto, creado=moment)
    # What an import may hold goes past the rules of the form.
    models_update(bien, valor=monto if monto is not None else bien.valor)
    bien = Bien.objects.get(pk=bien.pk)
    [row] = [row for row in extracted(dataset) if row["id"] == str(bien.pk)]
    assert row == {
        "id": str(bien.pk),
        "texto": bien.descripcion,
        "valor": bien.valor,
        "creado": bien.creado,
    }


def models_update(row, **values):
    from django.db.models import QuerySet

    QuerySet(type(row)).using(row._state.db).filter(pk=row.pk).update(**values)


def test_each_table_that_a_path_crosses_is_joined_once():
    sql = select(table_of(POLIZA), connections["default"], text)
    assert sql.count("LEFT JOIN") == 3
    assert sql.endswith('ORDER BY t0."id"')


def test_a_value_that_the_lake_does_not_expect_is_told_without_quoting_it():
    dataset = Dataset("mysql", "u", model="clientes.Usuario", columns={"creado": "creado"})
    with pytest.raises(JobFailed) as refusal:
        batch_of(table_of(dataset), [("ayer por la tarde",)])
    assert "mysql/u: un valor de creado no es timestamp" in str(refusal.value)
    assert "ayer" not in str(refusal.value)


def test_an_engine_that_nobody_can_read_is_named(monkeypatch):
    monkeypatch.setattr(extractors, "VENDORS", ())
    with pytest.raises(ImproperlyConfigured, match=f"clientes.*{connections['clientes'].vendor}"):
        reading("clientes")


# Events.


def audited():
    [dataset] = [dataset for dataset in EVENTS if dataset.table == "transaction_audit"]
    return extracted(dataset)


def test_the_relay_runs_before_the_cut():
    relay.run()  # what making the stores told
    auditar("prueba", "una")
    assert relay.run() == 1
    auditar("prueba", "dos")
    assert [row["operacion"] for row in audited()].count("dos") == 1


def test_what_happens_after_the_cut_is_left_out():
    auditar("prueba", "antes")
    table = table_of(next(d for d in EVENTS if d.table == "transaction_audit"))
    with reading(BITACORA) as held:
        auditar("prueba", "después")
        relay.run()
        rows = [row for batch in held.batches(table) for row in batch.to_pylist()]
    assert {row["operacion"] for row in rows if row["servicio"] == "prueba"} == {"antes"}
    told = {row["operacion"] for row in audited() if row["servicio"] == "prueba"}
    assert told == {"antes", "después"}


def test_values_of_events_arrive_as_they_are():
    from siniestros.tests.factories import ReclamoFactory

    reclamo = ReclamoFactory()
    [dataset] = [dataset for dataset in EVENTS if dataset.table == "reclamos"]
    [row] = extracted(dataset)
    assert row["id"] == str(reclamo.pk)
    assert row["monto"] == reclamo.monto
    assert row["fecha_reclamo"] == reclamo.fecha_reclamo
    assert row["policy_number"] == reclamo.poliza.numero


def test_a_column_of_events_that_is_dropped_is_not_read(monkeypatch):
    import dataclasses

    [dataset] = [dataset for dataset in EVENTS if dataset.table == "transaction_audit"]
    auditar("prueba", "una", user_id=7)
    found = extracted(dataclasses.replace(dataset, personal={"timestamp": "dropped"}))
    assert list(found[0]) == ["servicio", "operacion", "user_id", "id", "modelo", "objeto_id"]
    assert (found[0]["servicio"], found[0]["user_id"]) == ("prueba", 7)


@pytest.fixture
def past(monkeypatch):
    """An outbox row of two seconds ago: keys sort by the time they were made."""
    auditar("prueba", "antes")
    now = timezone.now() + timedelta(seconds=2)
    monkeypatch.setattr(events.timezone, "now", lambda: now)


def test_a_relay_that_another_process_holds_is_waited_for(monkeypatch, past):
    waited = []
    with lease("relay:default"):
        held = reading(BITACORA)

        def other_process_ends(seconds):
            waited.append(seconds)
            from core.models import Lease

            Lease.objects.all().delete()

        monkeypatch.setattr(events, "sleep", other_process_ends)
        with held:
            assert waited == [events.PAUSE]


def test_a_relay_that_never_comes_through_is_told(monkeypatch, past):
    monkeypatch.setattr(events, "PATIENCE", timedelta(0))
    with (
        lease("relay:default"),
        pytest.raises(JobFailed, match="bitácora va atrasada"),
        reading(BITACORA),
    ):
        raise AssertionError("it never opens")
