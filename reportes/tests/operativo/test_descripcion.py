"""What the report says of itself: true of what it answers."""

import json

import pytest
from jsonschema import Draft202012Validator

from empleados.tests.factories import EmpleadoFactory
from pedidos.tests.factories import PedidoFactory
from reportes.operativo import informe
from reportes.operativo.descripcion import operational_report
from reportes.operativo.filtro import FiltroForm

pytestmark = [pytest.mark.django_db(databases="__all__"), pytest.mark.any_engine]

PATH = "/reportes/dashboard"


@pytest.fixture
def operation(client, settings):
    settings.OPEN_INTERFACES = ["analytics", "reportes"]
    return client.get("/openapi.json").json()["paths"][PATH]["get"]


def test_it_is_described_beside_the_analytics(operation, client):
    assert operation["tags"] == ["Reporte operativo"]
    assert {tag["name"] for tag in client.get("/openapi.json").json()["tags"]} > {
        "Reporte operativo"
    }


def test_its_parameters_are_those_of_its_filter(operation):
    assert [one["name"] for one in operation["parameters"]] == [*FiltroForm.base_fields]
    assert set(operation["responses"]) == {"200", "400", "401", "403", "503"}


def test_what_is_answered_is_as_it_says(operation, client, monkeypatch):
    monkeypatch.setattr(informe, "at_once", lambda *reads: [read() for read in reads])
    PedidoFactory(empleado=EmpleadoFactory(), estado="terminado")
    PedidoFactory(empleado=None, estado="terminado")
    for query, status in (({}, "200"), ({"desde": "x"}, "400")):
        said = operation["responses"][status]["content"]["application/json"]["schema"]
        answer = client.get(PATH, query)
        assert str(answer.status_code) == status
        assert not list(Draft202012Validator(said).iter_errors(json.loads(answer.content)))


def test_its_examples_are_as_it_says(operation):
    for response in operation["responses"].values():
        body = response["content"]["application/json"]
        for example in body["examples"].values():
            Draft202012Validator(body["schema"]).validate(example["value"])


@pytest.mark.parametrize("is_open", [True, False])
def test_credentials_are_asked_for_unless_it_is_open(client, settings, is_open):
    settings.OPEN_INTERFACES = ["analytics", *["reportes"] * is_open]
    described = client.get("/openapi.json").json()["paths"]
    assert ({} in described[PATH]["get"]["security"]) is is_open
    assert {} in described["/claims/stats"]["get"]["security"]


def test_it_names_one_interface():
    assert (operational_report().interface, list(operational_report().paths)) == (
        "reportes",
        [PATH],
    )
