"""The life files on the real engines, counted by each engine's own client."""

import re
from urllib.parse import unquote, urlsplit

import MySQLdb
import psycopg
import pymongo
import pytest

from bitacora.cassandra.address import read_address
from bitacora.cassandra.server import Server
from config.tests.house import house
from ingestion.tests.portfolio.test_insurancelake import FOLDER, POLIZAS, RECLAMOS


@pytest.fixture(scope="module")
def imported(tmp_path_factory, django_db_blocker):
    with django_db_blocker.unblock(), house(tmp_path_factory.mktemp("vida"), "vida") as made:
        made.manage("migrate_stores")
        files = ("--polizas", str(FOLDER / POLIZAS), "--reclamos", str(FOLDER / RECLAMOS))
        made.manage("import_portfolio", "--mapping", "insurancelake_vida", *files)
        said = made.manage("export_snapshot", "--wait")
        assert "Publicado" in said
        assert made.manage("verify_snapshot")
        yield made.env


def test_mysql_has_the_clientes(imported):
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
    url = re.sub("^postgres:", "postgresql:", imported["POLIZAS_URL"])
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT count(*) FROM polizas_poliza").fetchone() == (10138,)


def test_mongodb_has_the_bienes(imported):
    with pymongo.MongoClient(imported["BIENES_URL"]) as client:
        bienes = client.get_default_database()["bienes_bien"]
        assert bienes.count_documents({}) == 10138


def test_cassandra_has_the_reclamos_and_the_pagos(imported):
    address = read_address(imported["BITACORA_URL"])
    server = Server(address)
    try:
        with server.link() as link:
            for table, count in (("reclamos", 2812), ("pagos", 697)):
                rows = link.session.execute(f"SELECT DISTINCT id FROM {address.keyspace}.{table}")
                assert len(list(rows)) == count
    finally:
        server.close()
