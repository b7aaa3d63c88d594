"""The API in a browser: a page of ours, in Spanish, that brings no list of choices and asks no other host."""

import re

import pytest
from django.test import Client

from agentes.tests.factories import AgenteFactory
from clientes.tests.factories import ClienteFactory
from core.api.testing import of_role, signed_in
from core.testing import queries

pytestmark = pytest.mark.django_db(databases="__all__")

LIST = "/api/v1/clientes/"
BROWSER = {"Accept": "text/html"}


def page(address, user=None):
    answer = signed_in(user).get(address, headers=BROWSER)
    return answer.content.decode()


def offered(text):
    return re.findall(r'data-method="(\w+)"', text)


def test_it_offers_what_the_person_may_do():
    cliente = ClienteFactory()
    assert offered(page(LIST)) == ["POST"]
    assert offered(page(f"{LIST}{cliente.pk}/")) == ["PUT", "PATCH", "DELETE"]
    assert offered(page(LIST, of_role("Consulta"))) == []
    assert offered(page(f"{LIST}{cliente.pk}/", of_role("Suscripción"))) == ["PUT", "PATCH"]


def test_it_begins_with_what_there_is():
    cliente = ClienteFactory(nombres="Íñigo")
    text = page(f"{LIST}{cliente.pk}/")
    body = re.search(r'<textarea id="cuerpo-PUT"[^>]*>(.*?)</textarea>', text, re.DOTALL)[1]
    assert "Íñigo" in body
    assert "modificado" not in body
    assert 'data-version="1"' in text


def test_a_new_one_begins_with_the_example():
    assert "maria.lopez@ejemplo.pe" in page(LIST)


def test_it_brings_no_choices():
    AgenteFactory.create_batch(3)
    cliente = ClienteFactory()
    client = signed_in()
    for address in (LIST, f"{LIST}{cliente.pk}/"):
        client.get(address, headers=BROWSER)
        with queries() as asked:
            text = client.get(address, headers=BROWSER).content.decode()
        assert "<select" not in text and "<option" not in text
        assert asked.total <= 8, asked.by_store


def test_it_asks_nothing_of_another_host():
    for address in ("/api/v1/", LIST, f"{LIST}{ClienteFactory().pk}/", f"{LIST}x/"):
        found = re.findall(r"(?:src|href)=[\"']?(?:https?:)?//[^\"' >]+", page(address))
        assert not [one for one in found if "testserver" not in one], address


def test_its_verbs_are_a_click_away_and_say_what_they_do():
    agente = AgenteFactory()
    assert f"/api/v1/agentes/{agente.pk}/dar_de_baja/" in page(f"/api/v1/agentes/{agente.pk}/")
    text = page(f"/api/v1/agentes/{agente.pk}/dar_de_baja/")
    assert "Dar de baja" in text
    assert "Deja de vender" in text
    assert offered(text) == ["POST"]


def test_it_leads_to_the_other_pages_of_a_list():
    ClienteFactory.create_batch(3)
    text = page(f"{LIST}?limit=2")
    following = re.search(r'rel="next" href="([^"]+)"', text)[1].replace("&amp;", "&")
    assert "Siguiente" in text
    assert 'rel="prev"' in page(following)


def test_who_has_not_signed_in_is_led_to_it():
    answer = Client().get(LIST, headers=BROWSER)
    assert answer.status_code == 401
    assert f"/admin/login/?next={LIST}" in answer.content.decode()
    assert offered(answer.content.decode()) == []


def test_what_was_typed_by_others_is_only_text():
    cliente = ClienteFactory(nombres="<script>alert(1)</script>")
    text = page(f"{LIST}{cliente.pk}/")
    assert "<script>alert(1)" not in text
    assert "&lt;script&gt;" in text


def test_a_refusal_is_a_page_too():
    text = page(f"{LIST}?zz=1")
    assert "No se conoce este parámetro" in text
    assert ">400<" in text
