"""The storage service, as the clients that it had ask for it."""

import pytest

from clientes.models import Cliente, ServicioContratado
from clientes.tests.factories import ConsentimientoFactory
from compat.tests.asking import DOCUMENTO, MARIA, NO_SUCH, SAVED
from config.tests.cast import person
from polizas.tests.factories import PolizaFactory

pytestmark = pytest.mark.django_db(databases="__all__")

UNO = "/archivos/Maria%20Lopez"
TV = {"descripcion": "TV", "fecha_contratacion": "2026-01-02"}
FIBRA = {"descripcion": "Fibra", "fecha_contratacion": "2026-02-03"}


def test_the_documented_calls_answer_as_they_did(ask):
    assert ask("POST", "/archivos", DOCUMENTO) == (200, SAVED)
    assert ask("GET", "/archivos") == (200, ["Maria Lopez"])
    assert ask("GET", UNO) == (200, DOCUMENTO)
    assert ask("DELETE", UNO) == (
        200,
        {"message": "Cliente Maria Lopez eliminado.", "status": "ok"},
    )
    assert ask("GET", "/clientes/Maria%20Lopez") == NO_SUCH
    assert ask("GET", UNO) == NO_SUCH
    assert ask("DELETE", UNO) == NO_SUCH
    assert ask("GET", "/archivos") == (200, [])


def test_both_services_tell_of_the_same_clientes(ask):
    ask("POST", "/clientes", MARIA)
    assert ask("GET", UNO) == ask("GET", "/clientes/Maria%20Lopez")


def test_a_document_takes_the_place_of_the_one_before(ask):
    ask("POST", "/archivos", DOCUMENTO | {"servicios": [TV, TV, FIBRA]})
    kept = ServicioContratado.objects.filter(descripcion="Fibra").get()
    new = {"nombre": "Maria Lopez", "contacto": "999", "servicios": [TV, FIBRA]}
    assert ask("POST", "/archivos", new) == (200, SAVED)
    assert ask("GET", UNO) == (200, new)
    assert ServicioContratado.objects.filter(descripcion="Fibra").get() == kept
    assert kept.history.count() == 1
    assert Cliente.objects.count() == 1


def test_the_same_document_again_changes_nothing(ask):
    for _time in range(2):
        ask("POST", "/archivos", DOCUMENTO)
    assert Cliente.objects.get().version == 1
    assert ServicioContratado.history.count() == 1


def test_a_service_without_a_day_is_hired_today(ask):
    ask("POST", "/archivos", DOCUMENTO | {"servicios": [{"descripcion": "TV"}]})
    assert ServicioContratado.objects.get().fecha == Cliente.objects.get().servicios.get().fecha
    assert ask("POST", "/archivos", DOCUMENTO | {"servicios": []}) == (200, SAVED)
    assert ask("GET", UNO)[1]["servicios"] == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"nombre": ""}, "nombre: "),
        ({"contacto": None}, "contacto: "),
        ({"servicios": None}, "servicios: "),
        ({"servicios": "TV"}, "servicios"),
        ({"servicios": ["TV"]}, "servicios.0"),
        ({"servicios": [TV, {"descripcion": " "}]}, "servicios.1.descripcion: "),
        ({"servicios": [TV | {"fecha_contratacion": "ayer"}]}, "servicios.0.fecha_contratacion: "),
        ({"nombre": "a/servicios"}, "nombre: No puede terminar en «/servicios»."),
    ],
)
def test_what_is_wrong_with_a_document_is_told_and_nothing_is_written(ask, change, said):
    ask("POST", "/archivos", DOCUMENTO)
    status, answer = ask("POST", "/archivos", DOCUMENTO | change)
    assert (status, list(answer)) == (400, ["error"])
    assert said in answer["error"]
    assert ask("GET", UNO) == (200, DOCUMENTO)


def test_a_missing_field_is_told(ask):
    for name in DOCUMENTO:
        body = {other: value for other, value in DOCUMENTO.items() if other != name}
        assert ask("POST", "/archivos", body) == (
            400,
            {"error": f"{name}: Este campo es requerido."},
        )


def test_what_is_wrong_at_the_end_undoes_the_beginning(ask, monkeypatch):
    ask("POST", "/archivos", DOCUMENTO)

    def broken(*args, **kwargs):
        raise ValueError

    monkeypatch.setattr("clientes.services.contratar", broken)
    with pytest.raises(ValueError):
        ask("POST", "/archivos", DOCUMENTO | {"contacto": "999", "servicios": [FIBRA]})
    assert ask("GET", UNO) == (200, DOCUMENTO)


def test_a_cliente_with_polizas_stays_and_the_reason_is_told(ask):
    ask("POST", "/archivos", DOCUMENTO)
    poliza = PolizaFactory(cliente=Cliente.objects.get())
    status, answer = ask("DELETE", UNO)
    assert (status, list(answer)) == (409, ["error"])
    assert "No se puede borrar" in answer["error"] and str(poliza.numero) in answer["error"]
    assert ask("GET", UNO) == (200, DOCUMENTO)


def test_a_cliente_with_consentimientos_stays(ask):
    ask("POST", "/archivos", DOCUMENTO)
    ConsentimientoFactory(cliente=Cliente.objects.get())
    assert ask("DELETE", UNO)[0] == 409


@pytest.mark.parametrize(("method", "path"), [("PUT", UNO), ("DELETE", "/archivos"), ("POST", UNO)])
def test_a_method_that_there_is_not_is_told_in_json(ask, method, path):
    assert ask(method, path) == (405, {"error": f'Método "{method}" no permitido.'})


def test_it_is_an_interface_of_its_own(ask, settings):
    settings.OPEN_INTERFACES = ["sky"]
    assert ask("GET", "/archivos")[0] == ask("GET", UNO)[0] == ask("DELETE", UNO)[0] == 401
    assert ask("GET", "/clientes")[0] == 200


def test_who_may_not_delete_does_not(ask, settings, client):
    ask("POST", "/archivos", DOCUMENTO)
    settings.OPEN_INTERFACES = []
    client.force_login(person("Consulta"))
    assert ask("DELETE", UNO)[0] == ask("POST", "/archivos", DOCUMENTO)[0] == 403
    assert ask("GET", UNO) == (200, DOCUMENTO)
