"""The machinery of the pages, where no domain matters."""

from typing import Any

import pytest
from django.db import OperationalError
from django.http import QueryDict
from django.test import Client
from django.utils import translation
from rest_framework import serializers

from core.pages.bodies import as_said, plain_number
from core.tests.pages import JSON, PAGE, signed_in
from especialidades.pages import EspecialidadPage

everything = pytest.mark.django_db(databases="__all__")


@pytest.mark.parametrize(
    ("language", "typed", "number"),
    [
        ("es", "1.234,56", "1234.56"),
        ("es", "1 234,56", "1234.56"),
        ("es", "1\xa0234,56", "1234.56"),
        ("es", "1.234.567", "1234567"),
        ("es", "1.234", "1234"),
        ("es", "-1.234,5", "-1234.5"),
        ("es", "1234,5", "1234.5"),
        ("es", "1234.56", "1234.56"),
        ("es", "0.5", "0.5"),
        ("es", "1,234.56", "1,234.56"),
        ("es", "1.23.456", "1.23.456"),
        ("es", "mil", "mil"),
        ("es", "١٢٣", "١٢٣"),
        ("en", "1,234.56", "1234.56"),
        ("en", "1,234", "1234"),
        ("en", "1234.56", "1234.56"),
        ("en", "1.234,56", "1.234,56"),
    ],
)
def test_numbers_are_read_as_the_person_writes_them(language, typed, number):
    with translation.override(language):
        assert plain_number(typed) == number


class Fields(serializers.Serializer):
    texto = serializers.CharField(allow_blank=True)
    uno = serializers.ChoiceField([("a", "A")])
    quiza = serializers.ChoiceField([("a", "A")], allow_blank=True)
    monto = serializers.DecimalField(max_digits=9, decimal_places=2)
    dia = serializers.DateField()
    si = serializers.BooleanField()


def test_a_form_says_what_json_would():
    form = QueryDict(
        "texto=&uno=&quiza=&monto=1.000,50&dia=&si=true&otro=x&csrfmiddlewaretoken=t&_una_vez=u"
    )
    with translation.override("es"):
        assert as_said(form, Fields().fields) == {
            "texto": "",
            "quiza": "",
            "monto": "1000.50",
            "si": "true",
            "otro": "x",
        }


def test_of_a_field_sent_twice_the_last_that_says_something_counts():
    form = QueryDict("texto=a&texto=b&dia=2026-01-01&dia=")
    assert as_said(form, Fields().fields) == {"texto": "b", "dia": "2026-01-01"}


BODIES = [
    ("application/json", b'{"nombre'),
    ("application/json", b"[1, 2]"),
    ("application/json", b'"texto"'),
    ("application/json", b"null"),
    ("application/json", b"\xff\xfe"),
    ("application/json", b"[" * 50_000),
    ("application/json", b'{"nombre": NaN}'),
    ("application/json; charset=hex", b"{}"),
    ("application/json; charset=no-hay", b"{"),
    ("application/x-www-form-urlencoded; charset=hex", b"nombre=a"),
    ("application/x-www-form-urlencoded; charset=utf-16", b"nombre=a"),
    ("application/x-www-form-urlencoded", b"&".join([b"a%d=1" % n for n in range(1500)])),
    ("multipart/form-data", b"nada"),
    ("multipart/form-data; boundary=x", b"--y\r\n"),
]


@everything
@pytest.mark.parametrize("headers", [JSON, PAGE])
@pytest.mark.parametrize(("content_type", "body"), BODIES)
def test_a_body_that_is_not_understood_is_refused_in_a_sentence(
    content_type: str, body: bytes, headers: Any, settings: Any, admin_client: Client
) -> None:
    settings.OPEN_INTERFACES = ["pages"]
    strict = signed_in("Administración", enforce_csrf_checks=True)
    for client, codes in ((Client(), {400}), (admin_client, {400}), (strict, {400, 403})):
        answer = client.generic(
            "POST", "/especialidades", body, content_type=content_type, headers=headers
        )
        assert answer.status_code in codes, answer.content
        assert "parse error" not in answer.content.decode()


@everything
def test_the_sentence_is_the_same_for_whatever_is_no_json(admin_client):
    answer = admin_client.generic("POST", "/especialidades", "{", content_type="application/json")
    assert answer.json() == {"detail": ["El cuerpo de la petición no se entiende."]}


@everything
def test_the_pages_are_in_no_schema_of_the_api(admin_client):
    answer = admin_client.get("/api/v1/schema/?format=json")
    assert answer.status_code == 200
    assert not [path for path in answer.json()["paths"] if not path.startswith("/api/v1/")]


@everything
def test_a_store_that_does_not_answer_is_said_so(admin_client, monkeypatch):
    def fall(self: Any) -> None:
        raise OperationalError("no answer")

    monkeypatch.setattr(EspecialidadPage, "read", fall)
    for headers in (JSON, PAGE):
        answer = admin_client.get("/especialidades", headers=headers)
        assert answer.status_code == 503
        assert "Un almacén no responde" in answer.content.decode()
        assert "no answer" not in answer.content.decode()


@everything
def test_the_way_to_the_other_pages_is_that_of_the_rights_of_each():
    client = signed_in("")
    page = client.get("/clientes", headers=PAGE)
    assert page.status_code == 403
    assert 'href="/polizas"' not in page.content.decode()
    assert "/admin/logout/" in page.content.decode()


@everything
def test_who_did_not_sign_in_comes_back_to_where_they_went(client, settings):
    settings.OPEN_INTERFACES = ["pages"]
    page = client.get("/especialidades?ramo=VIDA", headers=PAGE).content.decode()
    assert "/admin/login/?next=/especialidades%3Framo%3DVIDA" in page


@everything
def test_options_are_told_in_json_and_head_without_a_body(admin_client):
    options = admin_client.options("/clientes", headers=PAGE)
    assert options.json()["name"] and "POST" in options.headers["Allow"]
    assert admin_client.head("/clientes", headers=PAGE).content == b""


@everything
def test_the_format_may_be_asked_for_in_the_address(admin_client):
    told = admin_client.get("/clientes?format=json", headers=PAGE)
    drawn = admin_client.get("/clientes?format=html", headers=JSON)
    assert told.json()["count"] == 0 and "<html" in drawn.content.decode()
    assert admin_client.get("/clientes?format=xml").status_code == 400


@everything
def test_longer_addresses_are_not_these_pages(admin_client):
    for address in ("/clientes//", "/clientes/1", "/clientesx", "/Clientes"):
        assert admin_client.get(address).status_code == 404
