"""The customer service, as the clients that it had ask for it."""

import json
from datetime import date
from urllib.parse import quote

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clientes.models import Cliente, ServicioContratado
from clientes.tests.factories import ClienteFactory
from compat.tests.asking import MARIA, NO_SUCH, SAVED
from config.tests.cast import person
from core.testing import queries, silent, undone

pytestmark = pytest.mark.django_db(databases="__all__")

CONTACTO = "maria.lopez@sky.com"
NAMES = [
    "José Ñandú Güemes",
    "Seguros «El Águila» S. A.",
    "A/B Comercial",
    "a//b",
    "/principio",
    "final/",
    "servicios",
    "servicios/y más",
    "50% + IVA?",
    "#1 & co; x=1",
    "😀 Emoji 👨‍👩‍👧",
    "comillas \"dobles\" y 'simples'",
    "barra \\ invertida",
    "x" * 200,
    ("Palabra " * 25).strip(),
    "%41",
    "日本 保険",
]


def address(nombre: str, rest: str = "") -> str:
    return f"/clientes/{quote(nombre, safe='')}{rest}"


def test_the_documented_calls_answer_as_they_did(ask):
    assert ask("POST", "/clientes", MARIA) == (201, SAVED)
    assert ask("POST", "/clientes", MARIA) == (
        409,
        {"error": "El cliente 'Maria Lopez' ya existe."},
    )
    assert ask("GET", "/clientes") == (200, ["Maria Lopez"])
    hoy = f"{timezone.localdate():%Y-%m-%d}"
    premium = {"descripcion": "Paquete Premium TV", "fecha_contratacion": hoy}
    fibra = {"descripcion": "Internet Fibra 1Gbps", "fecha_contratacion": hoy}
    found = {"contacto": CONTACTO, "nombre": "Maria Lopez", "servicios": [premium]}
    assert ask("GET", "/clientes/Maria%20Lopez") == (200, found)
    assert ask("PUT", "/clientes/Maria%20Lopez", {"contacto": "nuevo.contacto@sky.com"}) == (
        200,
        {"message": "Cliente Maria Lopez actualizado.", "status": "ok"},
    )
    hired = ask("POST", "/clientes/Maria%20Lopez/servicios", {"servicio": "Internet Fibra 1Gbps"})
    assert hired == (201, SAVED)
    assert ask("GET", "/clientes/Maria%20Lopez")[1] == {
        "contacto": "nuevo.contacto@sky.com",
        "nombre": "Maria Lopez",
        "servicios": [premium, fibra],
    }
    assert ask("GET", "/saludo") == (200, {"message": "Hola desde Sky App v2.0 mejorada!"})


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/clientes/Nadie", None),
        ("PUT", "/clientes/Nadie", {"contacto": CONTACTO}),
        ("POST", "/clientes/Nadie/servicios", {"servicio": "Fibra"}),
    ],
)
def test_an_unknown_cliente_is_not_found(ask, method, path, body):
    assert ask(method, path, body) == NO_SUCH


@pytest.mark.parametrize("nombre", NAMES)
def test_any_name_has_its_address(ask, nombre):
    message = f"Cliente {nombre} guardado/actualizado."
    saved = (201, {"message": message, "status": "ok"})
    assert ask("POST", "/clientes", MARIA | {"nombre": nombre}) == saved
    assert ask("GET", address(nombre))[1]["nombre"] == nombre
    assert ask("PUT", address(nombre), {"contacto": "999", "nombre": nombre})[0] == 200
    assert ask("POST", address(nombre, "/servicios"), {"servicio": "Fibra"}) == saved
    found = ask("GET", address(nombre))[1]
    assert (found["contacto"], len(found["servicios"])) == ("999", 2)
    assert ask("GET", "/clientes") == (200, [nombre])
    assert Cliente.objects.get().nombre_completo.replace(" ", "") == nombre.replace(" ", "")


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.text(
        st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp", "Zs")), min_size=1, max_size=200
    ).filter(lambda nombre: nombre not in (".", "..") and not nombre.endswith("/servicios"))
)
def test_any_text_without_blanks_is_a_name(ask, nombre):
    with undone():
        assert ask("POST", "/clientes", MARIA | {"nombre": nombre})[0] == 201
        assert ask("GET", address(nombre))[1]["nombre"] == nombre


def test_names_are_exact_to_the_letter_and_sorted(ask):
    for nombre in ("maria lopez", "María Lopez", "Ángel", "MARIA LOPEZ"):
        assert ask("POST", "/clientes", MARIA | {"nombre": nombre})[0] == 201
    assert ask("GET", "/clientes/Maria%20Lopez") == NO_SUCH
    assert ask("GET", "/clientes")[1] == ["MARIA LOPEZ", "María Lopez", "maria lopez", "Ángel"]


def test_blanks_around_a_name_are_not_of_it(ask):
    ask("POST", "/clientes", MARIA | {"nombre": "  Maria Lopez "})
    assert ask("GET", "/clientes") == (200, ["Maria Lopez"])
    assert ask("GET", "/clientes/%20Maria%20Lopez%20")[0] == 200


def test_clientes_who_were_not_made_here_are_not_there(ask):
    ClienteFactory(nombres="Maria Lopez", apellidos="")
    assert ask("GET", "/clientes") == (200, [])
    assert ask("GET", "/clientes/Maria%20Lopez") == NO_SUCH
    assert ask("POST", "/clientes", MARIA)[0] == 201


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({}, "nombre: Este campo es requerido."),
        (MARIA | {"nombre": " "}, "nombre: Este campo no puede estar en blanco."),
        (MARIA | {"contacto": ""}, "contacto: Este campo no puede estar en blanco."),
        (MARIA | {"servicio": None}, "servicio: Este campo no puede ser nulo."),
        (MARIA | {"nombre": 5}, "nombre: Tiene que ser un texto."),
        (MARIA | {"contacto": ["a@b.pe"]}, "contacto: Tiene que ser un texto."),
        (MARIA | {"servicio": {"descripcion": "TV"}}, "servicio: Tiene que ser un texto."),
        (MARIA | {"nombre": "x" * 201}, "nombre: Asegúrese de que"),
        (MARIA | {"contacto": "9" * 41}, "contacto: Asegúrese de que"),
        (MARIA | {"servicio": "x" * 201}, "servicio: Asegúrese de que"),
        (MARIA | {"nombre": "a\nb"}, "nombre: Lleva caracteres que no se escriben."),
        (MARIA | {"nombre": "a/servicios"}, "nombre: No puede terminar en «/servicios»."),
        ([MARIA], "El cuerpo tiene que ser un objeto JSON."),
        ("Maria", "El cuerpo no es JSON que se pueda guardar."),
        (b"\xff", ""),
        ("null", "El cuerpo tiene que ser un objeto JSON."),
        ('{"nombre": "\\u0000"}', "El cuerpo lleva un carácter nulo."),
        ('{"nombre": "\\ud800"}', ""),
    ],
)
def test_what_is_wrong_with_a_body_is_told_in_one_sentence(ask, body, said):
    status, answer = ask("POST", "/clientes", body)
    assert (status, list(answer)) == (400, ["error"])
    assert said in answer["error"]
    assert not Cliente.objects.exists()


@pytest.mark.parametrize("kind", ["", "text/plain", "application/x-www-form-urlencoded", "x"])
def test_a_body_is_json_whatever_its_sender_calls_it(ask, client, kind):
    answer = client.generic("POST", "/sky/clientes", json.dumps(MARIA), kind)
    assert answer.status_code == 201, answer.content
    answer = client.generic("POST", "/sky/clientes", "nombre=Maria", kind)
    assert answer.status_code == 400, answer.content


def test_a_body_that_is_too_long_is_refused(ask, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    status, answer = ask("POST", "/clientes", MARIA | {"contacto": "x" * 1000})
    assert (status, answer) == (413, {"error": "El cuerpo es demasiado grande."})


def test_a_put_does_not_rename(ask):
    ask("POST", "/clientes", MARIA)
    status, answer = ask("PUT", "/clientes/Maria%20Lopez", {"contacto": "9", "nombre": "Otra"})
    assert (status, answer) == (400, {"error": "nombre: El nombre de un cliente no se cambia."})
    assert ask("GET", "/clientes/Maria%20Lopez")[1]["contacto"] == CONTACTO
    assert ask("PUT", "/clientes/Maria%20Lopez", {})[0] == 400


def test_a_contacto_takes_the_place_of_the_one_before(ask):
    ask("POST", "/clientes", MARIA)
    for contacto in ("+51 999 888 777", "otra@sky.com", "Sr. Juan, por las tardes"):
        assert ask("PUT", "/clientes/Maria%20Lopez", {"contacto": contacto})[0] == 200
        assert ask("GET", "/clientes/Maria%20Lopez")[1]["contacto"] == contacto
    [cliente] = Cliente.objects.all()
    assert (cliente.email, cliente.telefono) == ("", "Sr. Juan, por las tardes")
    assert cliente.version == 4


def test_the_same_contacto_again_changes_nothing(ask):
    ask("POST", "/clientes", MARIA)
    assert ask("PUT", "/clientes/Maria%20Lopez", {"contacto": CONTACTO})[0] == 200
    assert Cliente.objects.get().version == 1


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("DELETE", "/clientes"),
        ("PUT", "/clientes"),
        ("PATCH", "/clientes/Maria"),
        ("DELETE", "/clientes/Maria"),
        ("POST", "/clientes/Maria"),
        ("GET", "/clientes/Maria/servicios"),
        ("POST", "/saludo"),
    ],
)
def test_a_method_that_there_is_not_is_told_in_json(ask, method, path):
    status, answer = ask(method, path)
    assert (status, answer) == (405, {"error": f'Método "{method}" no permitido.'})


def test_a_cliente_made_here_is_one_of_the_house(ask, admin_client):
    ask("POST", "/clientes", MARIA)
    [cliente] = Cliente.objects.all()
    assert (cliente.nombres, cliente.email, cliente.numero_documento) == (
        "Maria Lopez",
        CONTACTO,
        "",
    )
    page = admin_client.get(f"/admin/clientes/cliente/{cliente.pk}/change/").content.decode()
    assert "Paquete Premium TV" in page
    listed = admin_client.get("/api/v1/clientes/", {"search": "maria lopez"}).json()["results"]
    assert [row["nombre_sky"] for row in listed] == ["Maria Lopez"]
    assert cliente.history.count() == ServicioContratado.history.count() == 1


def test_one_made_elsewhere_with_that_name_is_served(ask):
    cliente = ClienteFactory(nombre_sky="Doña Ana", telefono="999", email="")
    cliente.servicios.create(descripcion="Hogar", fecha=date(2026, 1, 2))
    assert ask("GET", "/clientes/Do%C3%B1a%20Ana") == (
        200,
        {
            "contacto": "999",
            "nombre": "Doña Ana",
            "servicios": [{"descripcion": "Hogar", "fecha_contratacion": "2026-01-02"}],
        },
    )


def test_the_list_asks_the_same_whatever_its_length(ask):
    for n in range(3):
        ClienteFactory(nombre_sky=f"N{n}")
    with queries() as few:
        ask("GET", "/clientes")
    for n in range(3, 30):
        ClienteFactory(nombre_sky=f"N{n}")
    with queries() as many:
        ask("GET", "/clientes")
    assert few.total == many.total == 1


# Who may.


def test_without_credentials_nothing_tells_whether_a_cliente_exists(ask, settings):
    ask("POST", "/clientes", MARIA)
    settings.OPEN_INTERFACES = ["archivos", "pages"]
    said = {
        json.dumps(ask(method, f"/clientes/{nombre}{rest}", body))
        for nombre in ("Maria%20Lopez", "Nadie")
        for method, rest, body in (
            ("GET", "", None),
            ("PUT", "", {"contacto": "9"}),
            ("POST", "/servicios", {"servicio": "TV"}),
        )
    } | {json.dumps(ask("POST", "/clientes", body)) for body in (MARIA, {})}
    assert len(said) == 1
    status, answer = json.loads(said.pop())
    assert (status, list(answer)) == (401, ["error"])
    assert ask("GET", "/saludo")[0] == 401


def test_a_token_may_what_its_account_may(ask, settings, client):
    ask("POST", "/clientes", MARIA)
    settings.OPEN_INTERFACES = []
    client.force_login(person("Consulta"))
    assert ask("GET", "/clientes") == (200, ["Maria Lopez"])
    assert ask("POST", "/clientes", MARIA | {"nombre": "Otra"})[0] == 403
    assert ask("PUT", "/clientes/Maria%20Lopez", {"contacto": "9"})[0] == 403
    client.force_login(User.objects.create_user("sin papel"))
    assert ask("GET", "/clientes")[0] == 403


def test_an_agente_sees_their_own_and_makes_none_for_others(ask, settings, client):
    ask("POST", "/clientes", MARIA)
    settings.OPEN_INTERFACES = []
    client.force_login(person("Agente"))
    assert ask("GET", "/clientes") == (200, [])
    assert ask("GET", "/clientes/Maria%20Lopez") == NO_SUCH
    before = Cliente.objects.count()
    assert ask("POST", "/clientes", MARIA | {"nombre": "Otra"})[0] in (400, 403)
    assert Cliente.objects.count() == before


# What no door answers, where the service is alone.


@pytest.mark.urls("config.interfaces.sky")
@pytest.mark.parametrize("accept", ["text/html", "application/json", "*/*"])
def test_an_address_that_there_is_not_is_told_in_json(client, accept):
    answer = client.get("/nada", headers={"accept": accept})
    assert (answer.status_code, answer.json()) == (404, {"error": "No existe esta dirección."})


@pytest.mark.urls("config.interfaces.sky")
def test_what_fails_is_told_without_a_trace_of_how(ask, client, monkeypatch):
    def broken(*args):
        raise ValueError("secreto")

    monkeypatch.setattr("compat.sky.Saludo.get", broken)
    client.raise_request_exception = False
    answer = client.get("/saludo")
    assert (answer.status_code, answer.json()) == (500, {"error": "Algo ha fallado."})


def test_a_store_that_is_down_is_named(ask):
    with silent("clientes"):
        said = (503, {"error": "El almacén «clientes» no está disponible."})
        assert ask("GET", "/clientes") == ask("POST", "/clientes", MARIA) == said
        assert ask("GET", "/saludo")[0] == 200
