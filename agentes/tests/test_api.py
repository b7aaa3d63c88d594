"""The API of agentes and comisiones: the contract, their verbs, and who an agente is to themselves."""

from uuid import uuid4

import pytest

from agentes.api import AgenteViewSet, ComisionViewSet
from agentes.models import Agente, Comision
from agentes.tests.factories import AgenteFactory, ComisionFactory
from core.api.testing import ApiContract, of_role, signed_in
from especialidades.models import Ramo
from especialidades.tests.factories import EspecialidadFactory

pytestmark = pytest.mark.django_db(databases="__all__")

RAMOS = list(Ramo)


class TestAgenteApi(ApiContract):
    collection, viewset, factory = "agentes", AgenteViewSet, AgenteFactory


class TestComisionApi(ApiContract):
    collection, viewset, factory = "comisiones", ComisionViewSet, ComisionFactory


@pytest.fixture
def agente():
    return AgenteFactory()


def url(agente, verb=""):
    return f"/api/v1/agentes/{agente.pk}/" + (f"{verb}/" if verb else "")


def test_dar_de_baja_and_reactivar_are_verbs_that_refuse_to_be_said_twice(agente):
    client = signed_in()
    left = client.post(url(agente, "dar_de_baja"))
    assert (left.status_code, left.data["activo"], left["ETag"]) == (200, False, '"2"')
    again = client.post(url(agente, "dar_de_baja"))
    assert (again.status_code, again.data) == (400, {"detail": ["El agente ya está de baja."]})
    back = client.post(url(agente, "reactivar"))
    assert (back.status_code, back.data["activo"], back["ETag"]) == (200, True, '"3"')


def test_activo_is_changed_by_its_verbs_alone(agente):
    answer = signed_in().patch(url(agente), {"activo": False}, format="json")
    assert answer.status_code == 200
    assert Agente.objects.get(pk=agente.pk).activo


def test_a_verb_on_an_older_version_is_refused_and_does_nothing(agente):
    answer = signed_in().post(url(agente, "dar_de_baja"), headers={"If-Match": '"9"'})
    assert answer.status_code == 412
    assert "detail" in answer.data
    assert Agente.objects.get(pk=agente.pk).activo


def test_who_may_not_change_an_agente_can_t_dar_de_baja(agente):
    answer = signed_in(of_role("Consulta")).post(url(agente, "dar_de_baja"))
    assert answer.status_code == 403
    assert "cambiar" in answer.data["detail"]
    assert Agente.objects.get(pk=agente.pk).activo


def test_a_verb_of_an_agente_who_is_not_there_is_not_found(agente):
    assert signed_in().post(f"/api/v1/agentes/{uuid4()}/dar_de_baja/").status_code == 404


def test_a_verb_takes_no_word_that_it_does_not_know(agente):
    answer = signed_in().post(url(agente, "dar_de_baja"), {"motivo": "x"}, format="json")
    assert answer.status_code == 400
    assert set(answer.data) == {"motivo"}


def test_a_verb_is_not_read(agente):
    assert signed_in().get(url(agente, "dar_de_baja")).status_code == 405


class TestEspecialidades:
    """Many-to-many: set after the row exists, brought in one query."""

    def test_they_are_given_as_keys_and_kept_in_history(self):
        principal, *others = EspecialidadFactory.create_batch(3)
        body = {
            "codigo": "AG-9",
            "nombres": "Ana",
            "especialidad": str(principal.pk),
            "otras_especialidades": [str(one.pk) for one in others],
        }
        answer = signed_in().post("/api/v1/agentes/", body, format="json")
        assert answer.status_code == 201, answer.data
        assert {str(key) for key in answer.data["otras_especialidades"]} == set(
            body["otras_especialidades"]
        )
        agente = Agente.objects.get(codigo="AG-9")
        assert set(agente.otras_especialidades.all()) == set(others)
        assert agente.history.first().otras_especialidades.count() == 2

    def test_an_unknown_one_is_refused_by_its_field_and_nothing_is_written(self):
        lost = uuid4()
        body = {"codigo": "AG-9", "nombres": "Ana", "otras_especialidades": [str(lost)]}
        answer = signed_in().post("/api/v1/agentes/", body, format="json")
        assert answer.status_code == 400
        assert answer.data == {
            "otras_especialidades": [f"No existe: especialidad con identificador {lost}."]
        }
        assert not Agente.objects.exists()

    @pytest.mark.parametrize("value", ["x", 3, {"a": 1}, [[]], [True], ["x"], [None]])
    def test_what_is_no_list_of_keys_is_refused(self, agente, value):
        answer = signed_in().patch(url(agente), {"otras_especialidades": value}, format="json")
        assert answer.status_code == 400
        assert any(name.startswith("otras_especialidades") for name in answer.data)

    def test_they_are_taken_away_by_an_empty_list(self, agente):
        agente.otras_especialidades.add(EspecialidadFactory())
        signed_in().patch(url(agente), {"otras_especialidades": []}, format="json")
        assert not agente.otras_especialidades.exists()

    def test_the_list_can_be_asked_for_who_has_one(self, agente):
        AgenteFactory()
        agente.otras_especialidades.add(especialidad := EspecialidadFactory())
        found = signed_in().get("/api/v1/agentes/", {"otras_especialidades": str(especialidad.pk)})
        assert [row["codigo"] for row in found.data["results"]] == [agente.codigo]


class TestSupervisor:
    def test_a_cycle_is_refused_by_its_field(self, agente):
        below = AgenteFactory(supervisor=agente)
        answer = signed_in().patch(url(agente), {"supervisor": str(below.pk)}, format="json")
        assert answer.status_code == 400
        assert set(answer.data) == {"supervisor"}

    def test_those_without_one_can_be_asked_for(self, agente):
        AgenteFactory(supervisor=agente)
        client = signed_in()
        found = client.get("/api/v1/agentes/?supervisor__isnull=true").data["results"]
        assert [row["codigo"] for row in found] == [agente.codigo]
        assert client.get("/api/v1/agentes/?supervisor__isnull=quizá").status_code == 400


class TestCuenta:
    """A reference to another store, by a key that is a number."""

    def test_an_account_is_given_by_its_number(self, agente):
        account = of_role("Agente")
        answer = signed_in().patch(url(agente), {"cuenta": account.pk}, format="json")
        assert (answer.status_code, answer.data["cuenta"]) == (200, account.pk)

    @pytest.mark.parametrize("value", ["x", 10**30, -1, 1.5, True, [], "9" * 40])
    def test_what_is_no_account_is_refused_by_its_field(self, agente, value):
        answer = signed_in().patch(url(agente), {"cuenta": value}, format="json")
        assert answer.status_code == 400
        assert set(answer.data) == {"cuenta"}

    def test_an_account_is_of_one_agente(self, agente):
        account = of_role("Agente")
        AgenteFactory(cuenta=account)
        answer = signed_in().patch(url(agente), {"cuenta": account.pk}, format="json")
        assert answer.status_code == 400
        assert answer.data == {"detail": ["Esta cuenta ya es de otro agente."]}


class TestComisiones:
    def test_they_come_with_their_agente(self, agente):
        for ramo in RAMOS[:3]:
            ComisionFactory(agente=agente, ramo=ramo)
        answer = signed_in().get(url(agente), {"expand": "comisiones,especialidad"})
        assert len(answer.data["comisiones"]) == 3
        assert answer.data["comisiones"][0]["porcentaje"] == "12.50"
        assert answer.data["especialidad"]["nombre"] == agente.especialidad.nombre

    def test_a_percentage_is_a_string_of_two_decimals_and_goes_to_100(self, agente):
        body = {"agente": str(agente.pk), "ramo": "AUTO"}
        client = signed_in()
        made = client.post("/api/v1/comisiones/", body | {"porcentaje": 12.5}, format="json")
        assert (made.status_code, made.data["porcentaje"]) == (201, "12.50")
        over = client.post(
            "/api/v1/comisiones/", body | {"ramo": "VIDA", "porcentaje": "100.01"}, format="json"
        )
        assert (over.status_code, over.data) == (400, {"detail": ["La comisión va de 0 a 100."]})
        for bad in ("NaN", "1e9", "12.505", True, [], None, ""):
            answer = client.post("/api/v1/comisiones/", body | {"porcentaje": bad}, format="json")
            assert answer.status_code == 400
            assert set(answer.data) == {"porcentaje"}

    def test_one_a_ramo(self, agente):
        ComisionFactory(agente=agente, ramo="AUTO")
        body = {"agente": str(agente.pk), "ramo": "AUTO", "porcentaje": "5.00"}
        answer = signed_in().post("/api/v1/comisiones/", body, format="json")
        assert answer.status_code == 400
        assert answer.data == {"detail": ["El agente ya tiene una comisión en este ramo."]}
        assert Comision.objects.count() == 1


class TestAnAgente:
    """An account of the role sees itself, and nobody else."""

    @pytest.fixture
    def mine(self):
        return AgenteFactory(cuenta=of_role("Agente"))

    def test_sees_themselves_alone(self, mine, agente):
        client = signed_in(mine.cuenta)
        assert [row["codigo"] for row in client.get("/api/v1/agentes/").data["results"]] == [
            mine.codigo
        ]
        assert client.get(url(mine)).status_code == 200
        assert client.get(url(agente)).status_code == 404

    def test_sees_their_own_comisiones(self, mine):
        ComisionFactory()
        own = ComisionFactory(agente=mine)
        found = signed_in(mine.cuenta).get("/api/v1/comisiones/").data["results"]
        assert [row["id"] for row in found] == [str(own.pk)]

    def test_a_supervisor_who_is_not_theirs_to_see_stays_a_key(self, mine, agente):
        mine.supervisor = agente
        mine.save()
        answer = signed_in(mine.cuenta).get(url(mine), {"expand": "supervisor,especialidad"})
        assert str(answer.data["supervisor"]) == str(agente.pk)
        assert answer.data["especialidad"]["nombre"]

    def test_may_not_change_themselves(self, mine):
        answer = signed_in(mine.cuenta).patch(url(mine), {"oficina": "Otra"}, format="json")
        assert answer.status_code == 403
