"""The life files on the real engines, counted by each engine's own client, and in a lake on S3."""

import os
import re
from urllib.parse import unquote, urlsplit

import pytest

from config.tests.house import house
from ingestion.tests.lake.conftest import buckets
from ingestion.tests.portfolio.test_insurancelake import (
    FOLDER,
    POLIZAS,
    RECLAMOS,
    assert_the_lake_says_the_same,
)

pytestmark = pytest.mark.skipif(
    os.environ.get("TEST_SERVERS") != "required", reason="not every store is on a server"
)


@pytest.fixture(scope="module")
def imported(tmp_path_factory, django_db_blocker):
    folder = tmp_path_factory.mktemp("vida")
    with django_db_blocker.unblock(), house(folder, "vida") as made, buckets() as own_bucket:
        made.env["LAKE_URL"] = f"s3://{own_bucket()}"
        made.migrate()
        files = ("--polizas", str(FOLDER / POLIZAS), "--reclamos", str(FOLDER / RECLAMOS))
        made.manage("import_portfolio", "--mapping", "insurancelake_vida", *files)
        assert "Publicado" in made.manage("export_snapshot", "--wait")
        assert made.manage("verify_snapshot")
        yield made.env


def test_mysql_has_the_clientes(imported):
    import MySQLdb

    url = urlsplit(imported["CLIENTES_URL"])
    with MySQLdb.connect(
        host=url.hostname,
        port=url.port,
        user=url.username,
        password=unquote(url.password),
        database=url.path.strip("/"),
    ) as connection:
        cursor = connection.cursor()
        cursor.execute("SELECT count(*) FROM clientes_cliente")
        assert cursor.fetchone() == (8889,)


def test_postgresql_has_the_polizas(imported):
    import psycopg

    url = re.sub("^postgres:", "postgresql:", imported["POLIZAS_URL"])
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT count(*) FROM polizas_poliza").fetchone() == (10138,)


def test_mongodb_has_the_bienes(imported):
    import pymongo

    with pymongo.MongoClient(imported["BIENES_URL"]) as client:
        bienes = client.get_default_database()["bienes_bien"]
        assert bienes.count_documents({}) == 10138


def test_cassandra_has_the_reclamos_and_the_pagos(imported):
    from bitacora.cassandra.address import read_address
    from bitacora.cassandra.server import Server

    address = read_address(imported["BITACORA_URL"])
    server = Server(address)
    try:
        with server.link() as link:
            for table, count in (("reclamos", 2812), ("pagos", 697)):
                rows = link.session.execute(f"SELECT DISTINCT id FROM {address.keyspace}.{table}")
                assert len(list(rows)) == count
    finally:
        server.close()


def test_the_lake_has_all_of_it_and_each_change_once(imported, settings):
    settings.LAKE_URL = imported["LAKE_URL"]
    assert_the_lake_says_the_same()
