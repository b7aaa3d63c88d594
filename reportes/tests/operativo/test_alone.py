"""The report on a port of its own, over the house and over the tables of the service before it."""

import json
from contextlib import contextmanager
from dataclasses import replace
from urllib.parse import unquote, urlsplit

import pytest
from django.db import connections
from django.utils import timezone

from config.tests.house import asked, house

ON_SERVERS = (connections["polizas"].vendor, connections["bienes"].vendor) == (
    "postgresql",
    "mongodb",
)
AS_IT_WAS = {
    "titulo": "Dashboard Operativo - Sprint 4",
    "metricas_globales": {"total_empleados": 2, "total_pedidos_procesados": 5},
    "detalle_por_vendedor": [
        {"empleado": "S-01", "rol": "operario", "pedidos_realizados": 3, "estado": "Activo"},
        {"empleado": "S-02", "rol": "gerente", "pedidos_realizados": 0, "estado": "Inactivo"},
        {"empleado": None, "rol": None, "pedidos_realizados": 2, "estado": None},
    ],
}
STAFF = """
import django; django.setup()
from empleados.tests.factories import EmpleadoFactory
from pedidos.tests.factories import PedidoFactory
uno = EmpleadoFactory(codigo="S-01", rol="operario")
EmpleadoFactory(codigo="S-02", rol="gerente", activo=False)
for empleado, cuantos in ((uno, 3), (None, 2)):
    PedidoFactory.create_batch(cuantos, empleado=empleado, estado="terminado")
PedidoFactory.create_batch(4, empleado=uno)
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory, django_db_blocker):
    with django_db_blocker.unblock(), house(tmp_path_factory.mktemp("reporte"), "reporte") as built:
        built.env |= {"DJANGO_SETTINGS_MODULE": "config.settings", "OPEN_INTERFACES": "reportes"}
        built.migrate()
        built.gather()
        yield built


@pytest.fixture
def made(built):
    """The house, with an environment that the test may change."""
    return replace(built, env=dict(built.env))


def test_it_is_served_alone_over_the_house(made):
    made.python("-c", STAFF)
    with made.serve_alone("reportes") as url:
        status, answer = asked(f"{url}/reportes/dashboard")
        assert (status, json.loads(answer)) == (200, AS_IT_WAS)
        for path in ("/", "/reportes/dashboard", "/docs", "/redoc"):
            status, page = asked(url + path, Accept="text/html")
            assert (status, "<html" in page) == (200, True), path
        described = json.loads(asked(f"{url}/openapi.json")[1])
        assert list(described["paths"]) == ["/reportes/dashboard"]
        assert asked(f"{url}/admin/", Accept="application/json")[0] == 404


@contextmanager
def old_tables(made):
    """Fill the table and the collection that the old service had; yield its variables."""
    import psycopg
    from pymongo import MongoClient

    sql, mongo = urlsplit(made.env["POLIZAS_URL"]), urlsplit(made.env["BIENES_URL"])
    with psycopg.connect(made.env["POLIZAS_URL"]) as link:
        link.execute("CREATE TABLE empleados (id int, codigo text, rol text, activo boolean)")
        link.execute(
            "INSERT INTO empleados VALUES (1, 'S-01', 'operario', true), (2, 'S-02', 'gerente', false)"
        )
    with MongoClient(made.env["BIENES_URL"]) as client:
        client.get_default_database()["ordenes"].insert_many(
            {"empleado": who, "estado": estado, "fecha": timezone.now()}
            for who, estado, cuantos in (
                ("S-01", "terminado", 2),
                (1, "terminado", 1),
                ("S-99", "terminado", 1),
                (None, "terminado", 1),
                ("S-01", "pendiente", 4),
            )
            for _time in range(cuantos)
        )
    yield {
        "SQL_HOST": sql.hostname,
        "SQL_PORT": str(sql.port),
        "SQL_USER": sql.username,
        "SQL_PASSWORD": unquote(sql.password or ""),
        "SQL_DB": sql.path.strip("/"),
        "MONGO_HOST": mongo.netloc.rpartition(":")[0],
        "MONGO_PORT": str(mongo.port),
        "MONGO_DB": mongo.path.strip("/"),
        "MONGO_COLLECTION": "ordenes",
    }


@pytest.mark.skipif(not ON_SERVERS, reason="no stores on PostgreSQL and MongoDB")
def test_the_variables_of_the_old_service_lead_to_its_own_tables(made):
    with old_tables(made) as variables:
        made.env |= variables
        with made.serve_alone("reportes") as url:
            status, answer = asked(f"{url}/reportes/dashboard")
            assert (status, json.loads(answer)) == (200, AS_IT_WAS)
            assert asked(f"{url}/reportes/dashboard?desde=2000-01-01&hasta=2000-01-02")[0] == 200
            status, page = asked(f"{url}/reportes/dashboard", Accept="text/html")
            assert (status, "S-99" in page, "S-02" in page) == (200, False, True)
        made.env["MONGO_PORT"] = "1"
        with made.serve_alone("reportes") as url:
            assert asked(f"{url}/reportes/dashboard") == (
                503,
                '{"detail":"El almacén «pedidos» no está disponible."}',
            )


def test_one_of_those_variables_that_is_missing_is_named(made):
    made.env |= {"INTERFACE": "reportes", "SQL_HOST": "127.0.0.1"}
    with pytest.raises(AssertionError, match="SQL_DB: falta para leer los datos del reporte"):
        made.manage("check")
