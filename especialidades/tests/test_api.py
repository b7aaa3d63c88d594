"""The API of especialidades: the contract, and what is theirs alone."""

import pytest

from core.api.testing import ApiContract, signed_in
from especialidades.api import EspecialidadViewSet
from especialidades.tests.factories import EspecialidadFactory

pytestmark = pytest.mark.django_db(databases="__all__")


class TestEspecialidadApi(ApiContract):
    collection, viewset, factory = "especialidades", EspecialidadViewSet, EspecialidadFactory


def test_two_names_that_differ_in_case_are_one():
    EspecialidadFactory(nombre="Flotas")
    answer = signed_in().post(
        "/api/v1/especialidades/", {"nombre": "FLOTAS", "ramo": "AUTO"}, format="json"
    )
    assert answer.status_code == 400
    assert answer.data == {"nombre": ["Ya hay una especialidad llamada «Flotas»."]}


def test_an_unknown_ramo_is_refused_by_its_field():
    answer = signed_in().post(
        "/api/v1/especialidades/", {"nombre": "Naves", "ramo": "NAVAL"}, format="json"
    )
    assert answer.status_code == 400
    assert set(answer.data) == {"ramo"}


def test_one_that_an_agente_has_stays():
    from agentes.tests.factories import AgenteFactory

    agente = AgenteFactory()
    answer = signed_in().delete(f"/api/v1/especialidades/{agente.especialidad_id}/")
    assert answer.status_code == 409
    assert "detail" in answer.data


def test_several_ramos_may_be_asked_for_at_once():
    for ramo in ("AUTO", "VIDA", "HOGAR"):
        EspecialidadFactory(ramo=ramo)
    client = signed_in()
    found = client.get("/api/v1/especialidades/?ramo__in=AUTO,VIDA").data["results"]
    assert {row["ramo"] for row in found} == {"AUTO", "VIDA"}
    assert client.get("/api/v1/especialidades/?ramo__in=AUTO,NAVAL").status_code == 400
