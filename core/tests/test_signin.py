"""The first page of who is not signed in."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db(databases="__all__")

DOOR = reverse("admin:login")
GOOD = "una-clave-larga"


@pytest.fixture(autouse=True)
def ana():
    return User.objects.create_user("ana", password=GOOD, is_staff=True)


def enter(client, **query):
    return client.post(DOOR, {"username": "ana", "password": GOOD}, query_params=query)


def test_who_asks_for_a_page_comes_to_the_door_and_then_to_the_page(client):
    page = "/admin/clientes/cliente/?q=ana"
    door = client.get(page)
    assert door["Location"] == "/admin/login/?next=/admin/clientes/cliente/%3Fq%3Dana"
    inside = client.post(door["Location"], {"username": "ana", "password": GOOD})
    assert inside["Location"] == page


def test_the_root_leads_a_browser_to_the_door(client):
    answer = client.get("/", HTTP_ACCEPT="text/html")
    assert answer["Location"] == DOOR


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://example.com/",
        "//example.com/",
        "/\\example.com",
        "javascript:alert(1)",
        "https:example.com",
        "\t//example.com",
    ],
)
def test_nobody_is_sent_to_another_site(client, elsewhere):
    assert enter(client, next=elsewhere)["Location"] == reverse("admin:index")


def test_the_door_is_in_spanish_and_leads_to_a_new_password(client):
    content = client.get(DOOR).content.decode()
    for words in ("Iniciar sesión", "Entrar", "¿Olvidó su contraseña?", "Español", "English"):
        assert words in content
    assert reverse("admin_password_reset") in content


def test_a_wrong_password_keeps_the_name_and_says_what_is_wrong(client):
    answer = client.post(DOOR, {"username": "ana", "password": "mala"})
    content = answer.content.decode()
    assert "El usuario o la contraseña no son correctos" in content
    assert 'value="ana"' in content
    assert "mala" not in content


def test_what_is_missing_is_said_at_its_field(client):
    content = client.post(DOOR, {"username": "", "password": ""}).content.decode()
    assert content.count("Este campo es requerido") + content.count("obligatorio") >= 2


def test_an_account_of_the_api_alone_does_not_enter(client, ana):
    ana.is_staff = False
    ana.save()
    assert "no son correctos" in enter(client).content.decode()


def test_who_is_in_is_not_asked_again(client):
    enter(client)
    assert client.get(DOOR)["Location"] == reverse("admin:index")


def test_a_form_that_grew_stale_is_told_in_spanish():
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(DOOR, {"username": "ana", "password": GOOD})
    assert answer.status_code == 403
    assert "La página ha caducado" in answer.content.decode()


def test_leaving_says_so_and_offers_to_come_back(client):
    enter(client)
    content = client.post(reverse("admin:logout")).content.decode()
    assert "Su sesión ha terminado en este navegador" in content
    assert "Entrar de nuevo" in content


def test_leaving_takes_a_form_not_a_link(client):
    enter(client)
    assert client.get(reverse("admin:logout")).status_code == 405
