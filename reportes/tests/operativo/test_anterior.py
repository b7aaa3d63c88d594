"""The tables of the service that the report replaces, whatever they call their columns."""

from datetime import UTC, datetime

import pytest
from django.db import connections

from core.api.errors import Unavailable
from reportes.operativo import anterior
from reportes.operativo.anterior import DelServicioAnterior
from reportes.operativo.filtro import Filtro
from reportes.operativo.informe import Vendedor

pytestmark = [pytest.mark.django_db(databases=["polizas"]), pytest.mark.any_engine]


@pytest.fixture
def table(monkeypatch):
    """Make the table, in a database of SQL, with what is told."""
    monkeypatch.setattr(anterior, "EMPLEADOS", "polizas")

    def make(columns, *rows):
        with connections["polizas"].cursor() as cursor:
            cursor.execute(f"CREATE TABLE empleados ({columns})")
            for row in rows:
                cursor.execute(
                    f"INSERT INTO empleados VALUES ({', '.join(['%s'] * len(row))})", row
                )

    return make


@pytest.mark.parametrize(
    ("columns", "row", "found"),
    [
        (
            "id int, codigo text, rol text, activo boolean",
            (7, "S-01", "operario", True),
            Vendedor(["S-01", "7"], "S-01", "operario", "Activo"),
        ),
        (
            "codigo text, rol text, activo boolean",
            ("S-01", "operario", False),
            Vendedor(["S-01"], "S-01", "operario", "Inactivo"),
        ),
        (
            "id int, nombre text, cargo text, estado text",
            (7, "Ana", "ventas", "ACTIVO"),
            Vendedor(["Ana", "7"], "Ana", "ventas", "Activo"),
        ),
        ("nombre text", ("Ana",), Vendedor(["Ana"], "Ana", "", "Activo")),
        ("id int, puesto text", (7, None), Vendedor(["7", "7"], "7", "", "Activo")),
    ],
)
def test_its_columns_are_known_by_their_names(table, columns, row, found):
    table(columns, row)
    assert DelServicioAnterior().vendedores() == [found]


def test_empleados_come_in_order(table):
    table("codigo text", ("S-02",), ("S-01",))
    assert [each.empleado for each in DelServicioAnterior().vendedores()] == ["S-01", "S-02"]


def test_a_table_that_says_nothing_of_use_is_told(table):
    table("sueldo int")
    with pytest.raises(Unavailable, match="no tiene ninguna de estas columnas: codigo, "):
        DelServicioAnterior().vendedores()


def test_a_table_that_is_not_there_is_told(table):
    with pytest.raises(Unavailable, match="No está la tabla «empleados»"):
        DelServicioAnterior().vendedores()


class Collection:
    """What MongoDB would be asked, and what it would answer."""

    def __init__(self, *answers):
        self.answers = answers

    def get_collection(self, name):
        self.name = name
        return self

    def aggregate(self, stages):
        self.match, self.group = (next(iter(stage.values())) for stage in stages)
        return [{"_id": key, "n": n} for key, n in self.answers]


@pytest.fixture
def collection(monkeypatch, settings):
    settings.REPORT_COLLECTION = "ordenes"
    made = Collection(("S-01", 2), (7, 1), (None, 3))
    monkeypatch.setattr(anterior, "connections", {"pedidos": made})
    return made


def test_one_aggregation_counts_by_whoever_a_document_names(collection):
    assert DelServicioAnterior().pedidos(Filtro()) == {"S-01": 2, "7": 1, None: 3}
    assert collection.name == "ordenes"
    assert collection.match == {"estado": "terminado"}


def test_days_limit_what_is_counted(collection):
    day = datetime(2026, 3, 2).date()
    DelServicioAnterior().pedidos(Filtro("pendiente", day, day))
    assert collection.match == {
        "estado": "pendiente",
        "fecha": {
            "$gte": datetime(2026, 3, 2, 5, tzinfo=UTC),
            "$lt": datetime(2026, 3, 3, 5, tzinfo=UTC),
        },
    }
