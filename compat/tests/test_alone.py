"""The services on their own ports, as processes, for a plain HTTP client; on whatever engines there are."""

import csv
import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

import pytest

from compat.tests.asking import DOCUMENTO, MARIA, NO_SUCH, SAVED
from config.tests.house import asked, house

AT_ONCE = 8


class Service:
    def __init__(self, url):
        self.url = url

    def __call__(self, method, path, body=None, **headers):
        status, text = asked(self.url + path, method, body, **headers)
        return status, json.loads(text)


def rows(made, table):
    """Return the rows of a table of the lake, from the CSV that anybody may read."""
    folder = made.folder / "lago" / table
    with (folder / f"{folder.name}.csv").open(newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def made(tmp_path_factory, django_db_blocker):
    with django_db_blocker.unblock(), house(tmp_path_factory.mktemp("caras"), "caras") as made:
        made.env |= {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "OPEN_INTERFACES": "sky,archivos",
            "LAKE_URL": (made.folder / "lago").as_uri(),
        }
        made.migrate()
        made.gather()
        yield made


@pytest.fixture(scope="module")
def services(made):
    """The two of them, each at the root of a port of its own."""
    with made.serve_alone("sky") as sky, made.serve_alone("archivos") as archivos:
        yield Service(sky), Service(archivos)


def test_the_documented_calls_on_their_own_ports(services, made):
    sky, archivos = services
    assert sky("POST", "/clientes", MARIA) == (201, SAVED)
    assert sky("POST", "/clientes", MARIA)[0] == 409
    assert sky("GET", "/clientes") == archivos("GET", "/archivos") == (200, ["Maria Lopez"])
    put = sky("PUT", "/clientes/Maria%20Lopez", {"contacto": "nuevo.contacto@sky.com"})
    assert put == (200, {"message": "Cliente Maria Lopez actualizado.", "status": "ok"})
    hired = sky("POST", "/clientes/Maria%20Lopez/servicios", {"servicio": "Internet Fibra 1Gbps"})
    assert hired == (201, SAVED)
    found = sky("GET", "/clientes/Maria%20Lopez")
    assert [each["descripcion"] for each in found[1]["servicios"]] == [
        "Paquete Premium TV",
        "Internet Fibra 1Gbps",
    ]
    assert archivos("GET", "/archivos/Maria%20Lopez") == found
    assert archivos("POST", "/archivos", DOCUMENTO) == (200, SAVED)
    assert sky("GET", "/clientes/Maria%20Lopez") == (200, DOCUMENTO)
    assert archivos("DELETE", "/archivos/Maria%20Lopez") == (
        200,
        {"message": "Cliente Maria Lopez eliminado.", "status": "ok"},
    )
    assert sky("GET", "/clientes/Maria%20Lopez") == NO_SUCH
    assert sky("GET", "/saludo") == (200, {"message": "Hola desde Sky App v2.0 mejorada!"})
    assert sky("GET", "/archivos", Accept="application/json")[0] == 404


def test_a_cliente_made_there_is_in_the_audit_and_in_the_next_snapshot(services, made):
    sky, _archivos = services
    assert sky("POST", "/clientes", MARIA | {"nombre": "Para el Lago"})[0] == 201
    made.manage("export_snapshot", "--wait")
    [cliente] = [row for row in rows(made, "mysql/clients") if row["first_name"] == "Para el Lago"]
    [hired] = [row for row in rows(made, "mysql/servicios") if row["cliente_id"] == cliente["id"]]
    assert hired["descripcion"] == "Paquete Premium TV"
    audited = {row["objeto_id"] for row in rows(made, "cassandra/transaction_audit")}
    assert {cliente["id"], hired["id"]} <= audited


@pytest.mark.parametrize("nombre", ["José Ñandú", "A/B", "a//b", "50% + ?", "😀", "x" * 200])
def test_any_name_travels(services, nombre):
    sky, archivos = services
    address = quote(nombre, safe="")
    assert sky("POST", "/clientes", MARIA | {"nombre": nombre})[0] == 201
    assert sky("GET", f"/clientes/{address}")[1]["nombre"] == nombre
    assert archivos("DELETE", f"/archivos/{address}")[0] == 200
    assert sky("GET", f"/clientes/{address}") == NO_SUCH


def test_of_those_who_make_one_name_at_once_one_does(services):
    sky, _archivos = services
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for turn in range(10):
            body = MARIA | {"nombre": f"A la vez {turn}"}
            told = list(
                pool.map(lambda _n, body=body: sky("POST", "/clientes", body), range(AT_ONCE))
            )
            assert Counter(status for status, _said in told) == {201: 1, 409: AT_ONCE - 1}, told
            found = sky("GET", f"/clientes/{quote(body['nombre'])}")[1]
            assert len(found["servicios"]) == 1


def test_of_those_who_keep_one_document_at_once_all_do(services):
    _sky, archivos = services
    body = DOCUMENTO | {"nombre": "Todos a la vez"}
    with ThreadPoolExecutor(AT_ONCE) as pool:
        told = list(pool.map(lambda _n: archivos("POST", "/archivos", body), range(AT_ONCE)))
    assert {status for status, _said in told} == {200}, told
    assert archivos("GET", "/archivos/Todos%20a%20la%20vez") == (200, body)
