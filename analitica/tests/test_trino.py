"""A real Trino, over the tables that exports register: what it answers is what DuckDB does, to the last digit."""

import json
import os
from dataclasses import replace
from datetime import date
from urllib.parse import urlsplit
from uuid import uuid4

import pyarrow.parquet as pq
import pytest

from analitica import csv, engines, sources
from analitica.engines.duckdb import DuckDB
from analitica.metrics import ENDPOINTS
from analitica.reading import Asked, Reading
from analitica.tables import ALL
from analitica.tests import lakes
from core.models import auditar
from ingestion import jobs, work
from ingestion.demo.plan import Plan
from ingestion.demo.write import write_demo
from ingestion.lake import lake
from ingestion.models import Job
from ingestion.snapshots import manifest, parts
from ingestion.snapshots.iceberg import register
from ingestion.tests.lake.conftest import own_bucket
from polizas.models import Poliza

__all__ = ["own_bucket"]

URL = os.environ.get("TRINO_URL", "")
DATABASE = os.environ.get("DATABASE_URL", "").partition("://")[2]
pytestmark = [
    pytest.mark.trino,
    pytest.mark.skipif(
        not (URL and DATABASE), reason='make servers S="s3 postgresql trino" gives the addresses'
    ),
    pytest.mark.django_db(databases="__all__"),
]
HOY = date(2026, 3, 1)


@pytest.fixture
def catalogue(settings, own_bucket):
    """A lake, and a catalogue of its tables, of the test's own: exports write both, and Trino reads them."""
    import psycopg
    import trino

    name = f"prueba_{uuid4().hex}"
    settings.LAKE_URL = f"s3://{own_bucket()}"
    settings.ICEBERG_CATALOG_URL = f"postgresql+psycopg://{DATABASE}?options=-csearch_path%3D{name}"
    settings.ANALYTICS_ENGINE = f"{URL.rpartition('/')[0]}/{name}"
    where = urlsplit(URL)
    with (
        psycopg.connect(f"postgresql://{DATABASE}", autocommit=True) as database,
        trino.dbapi.connect(host=where.hostname, port=where.port, user=where.username) as server,
    ):
        database.execute(f"CREATE SCHEMA {name}")
        server.cursor().execute(f"CREATE CATALOG {name} USING iceberg WITH ({properties(name)})")
        yield
        server.cursor().execute(f"DROP CATALOG {name}")
        database.execute(f"DROP SCHEMA {name} CASCADE")


def properties(name):
    """Return how Trino finds the lake, and the catalogue in a schema of that name."""
    there = urlsplit(f"postgresql://{DATABASE}")
    said = {
        "iceberg.catalog.type": "jdbc",
        "iceberg.jdbc-catalog.catalog-name": "cartera",
        "iceberg.jdbc-catalog.driver-class": "org.postgresql.Driver",
        "iceberg.jdbc-catalog.connection-url": (
            f"jdbc:postgresql://{there.hostname}:{there.port or 5432}{there.path}?currentSchema={name}"
        ),
        "iceberg.jdbc-catalog.connection-user": there.username,
        "iceberg.jdbc-catalog.connection-password": there.password,
        "iceberg.jdbc-catalog.default-warehouse-dir": lake().uri("iceberg"),
        "fs.native-s3.enabled": "true",
        "s3.endpoint": os.environ["AWS_ENDPOINT_URL"],
        "s3.region": "us-east-1",
        "s3.path-style-access": "true",
        "s3.aws-access-key": os.environ["AWS_ACCESS_KEY_ID"],
        "s3.aws-secret-key": os.environ["AWS_SECRET_ACCESS_KEY"],
    }
    return ", ".join(f"\"{key}\" = '{value}'" for key, value in said.items())


@pytest.fixture
def export(monkeypatch):
    """Take a snapshot and return it."""
    monkeypatch.setattr(parts, "MOMENT", 0.0)  # no worker comes

    def take():
        job = jobs.pedir(Job.Kind.EXPORTACION)
        work.run(job.pk)
        job.refresh_from_db()
        assert "catalogo" not in job.resultado
        return sources.current()

    return take


def fill(clientes, seed):
    """Write a portfolio with rows in every table, and what two people did."""
    for _step in write_demo(Plan(clientes, seed, HOY)):
        pass
    for user_id in (7, 7, 8):
        auditar("polizas", "emitir", user_id=user_id)


def publish(tables, folder):
    """Publish a messy lake as a snapshot, registered as an export would; return it."""
    lakes.write(folder, tables)
    moment = f"{lakes.AS_OF:{manifest.ID_FORMAT}}"
    made = manifest.Manifest(
        moment,
        "0",
        {"mysql": lakes.AS_OF.isoformat()},
        0.0,
        {table.path: part(table, moment, folder) for table in ALL},
        {},
    )
    lake().create(manifest.manifest_key(moment), made.dumps())
    lake().create(manifest.CURRENT, moment.encode())
    register(lake(), made)
    return sources.current()


def part(table, snapshot_id, folder):
    """Leave a CSV in the lake as the Parquet that the analytics make of it, and say so."""
    file = folder / f"{table.name}.parquet"
    csv.to_parquet(table, folder / table.key, file)
    key = manifest.part_key(manifest.table_folder(snapshot_id, table.path), 0)
    lake().create(key, file.read_bytes())
    found = pq.read_metadata(file)
    entry = manifest.File(key, found.num_rows, file.stat().st_size, uuid4().hex)
    schema = [{"name": name} for name in found.schema.to_arrow_schema().names]
    return manifest.TableEntry(schema, ["id"], found.num_rows, [entry], entry)


def differences(source, **scope):
    """Return what each of the endpoints answers by Trino and by DuckDB where they are not the same."""
    asked = Asked(source.moment.replace(tzinfo=None))
    found = {}
    for path, endpoint in ENDPOINTS.items():
        mine = endpoint.answer(Reading(engines.engine(), source, asked, **scope))
        theirs = endpoint.answer(Reading(DuckDB(), source, asked, **scope))
        if json.dumps(mine) != json.dumps(theirs):
            found[path] = mine, theirs
    return found


@pytest.mark.usefixtures("catalogue")
def test_trino_answers_the_same(export):
    fill(clientes=30, seed=1)
    older = export()
    fill(clientes=20, seed=2)
    newer = export()
    for source in (older, newer):
        assert all(manifest.load(lake(), source.id).tables[table.path].rows for table in ALL)
    assert differences(newer) == {}
    assert differences(sources.snapshot(older.id)) == {}
    sold = Poliza.objects.order_by("agente_id").values_list("agente_id", flat=True).distinct()
    some = [str(pk) for pk in sold if pk][:2]
    assert differences(newer, agents=some, account="7") == {}


LAKES = {
    "whole": lambda: lakes.whole(seed=21, rows=60),
    "bold": lambda: lakes.bold(seed=22, rows=40),
    "empty": lakes.empty,
}


@pytest.mark.usefixtures("catalogue")
@pytest.mark.parametrize("name", LAKES)
def test_trino_answers_the_same_of_a_messy_lake(name, tmp_path):
    assert differences(publish(LAKES[name](), tmp_path / "lago")) == {}


@pytest.mark.usefixtures("catalogue")
def test_what_trino_can_not_answer_is_told_in_a_sentence(client, settings, tmp_path):
    def told(engine):
        settings.ANALYTICS_ENGINE = engine
        answer = client.get("/mysql/analytics/users")
        return answer.status_code, answer.json()["detail"]

    settings.OPEN_INTERFACES = ["analytics"]
    registered = publish(lakes.one_row(), tmp_path / "lago")
    other = replace(manifest.load(lake(), registered.id), id="20260301T000000Z")
    lake().create(manifest.manifest_key(other.id), other.dumps())
    lake().change(manifest.CURRENT, other.id.encode(), expected=registered.id.encode())
    server = URL.rpartition("/")[0]
    elsewhere = os.environ["AWS_ENDPOINT_URL"].replace("http", "trino")
    lacks = "El catálogo de Trino no tiene lo que se pide ({}): ¿es el de las exportaciones?"
    assert [
        told(settings.ANALYTICS_ENGINE),
        told(f"{server}/ninguno"),
        told(f"{server}/tpch"),
        told(f"{elsewhere}/iceberg"),
        told("trino://127.0.0.1:1/iceberg"),
    ] == [
        (500, lacks.format("INVALID_ARGUMENTS")),  # the tables are there, and the tag is not
        (500, lacks.format("CATALOG_NOT_FOUND")),
        (500, "Trino no pudo responder (NOT_SUPPORTED)."),
        (500, "El servidor de Trino rechaza las preguntas: revise ANALYTICS_ENGINE."),
        (503, "El servidor de Trino no responde."),
    ]
