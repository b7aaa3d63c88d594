"""What answers and what doesn't is said by name, to those who may know."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from bitacora.stores import bitacora
from core.testing import silent
from reportes import salud
from reportes.views import held_in

pytestmark = pytest.mark.django_db(databases="__all__", transaction=True)

READY = "/health/ready"
PARTS = {"default", "clientes", "polizas", "bienes", "bitacora", "lago"}


@pytest.fixture(autouse=True)
def one_thread(monkeypatch):
    """The stores of a test are there for its own thread alone."""

    class Here:
        def __init__(self, size):
            assert size >= len(PARTS)

        def __enter__(self):
            return self

        def __exit__(self, *raised):
            return None

        map = staticmethod(map)

    monkeypatch.setattr(salud, "ThreadPoolExecutor", Here)
    monkeypatch.setattr("django.db.backends.base.base.BaseDatabaseWrapper.close", lambda self: None)


@pytest.fixture
def without_queue(settings):
    settings.REDIS_URL = ""


def test_a_house_where_all_answer_is_ready(admin_client, without_queue):
    answer = admin_client.get(READY)
    said = answer.json()
    assert answer.status_code == 200
    assert said["status"] == "ok"
    assert set(said["services"]) == PARTS
    assert {part["status"] for part in said["services"].values()} == {"ok"}
    assert all(part["latency_ms"] >= 0 for part in said["services"].values())


@pytest.mark.parametrize("alias", ["clientes", "polizas", "bienes"])
def test_a_store_that_is_missing_is_named_and_the_others_are_well(admin_client, alias):
    with silent(alias):
        answer = admin_client.get(READY)
    services = answer.json()["services"]
    assert (answer.status_code, answer.json()["status"]) == (503, "error")
    assert [name for name, part in services.items() if part["status"] != "ok"] == [alias]
    assert services[alias]["detail"] == "No responde."


def test_so_are_the_bitacora_the_lake_and_the_queue(admin_client, monkeypatch, settings):
    def dead(*args, **kwargs):
        raise OSError("secreto@servidor")

    settings.REDIS_URL = "redis://:secreto@127.0.0.1:1/0"
    monkeypatch.setattr(type(bitacora()), "ping", dead)
    monkeypatch.setattr(salud, "lake", dead)
    answer = admin_client.get(READY)
    services = answer.json()["services"]
    assert {n for n, p in services.items() if p["status"] != "ok"} == {"bitacora", "lago", "cola"}
    assert "secreto" not in answer.content.decode()


def test_who_is_nobody_is_told_nothing(settings):
    settings.OPEN_INTERFACES = []
    answer = Client().get(READY)
    assert answer.status_code == 401
    assert "services" not in answer.content.decode()


def test_an_open_interface_answers_whoever_watches_even_without_accounts(settings):
    settings.OPEN_INTERFACES = ["ingestion"]
    with silent("default"):
        answer = Client().get(READY)
    assert answer.status_code == 503
    assert answer.json()["services"]["default"]["status"] == "error"


def test_the_page_says_what_is_missing_and_what_lives_there(admin_client):
    with silent("bienes"):
        page = admin_client.get(reverse("reportes:estado")).content.decode()
    assert "Hay una parte que no responde." in page
    assert "No responde." in page
    assert held_in("bienes") == "Bienes, Pedidos"


def test_the_page_says_that_all_is_well(admin_client, without_queue):
    page = admin_client.get(reverse("reportes:estado")).content.decode()
    assert "Todo responde." in page


def test_the_page_is_for_who_looks_after_the_jobs():
    client = Client()
    client.force_login(User.objects.create_user("ana", is_staff=True))
    assert client.get(reverse("reportes:estado")).status_code == 403


def test_each_part_says_what_it_holds(settings):
    settings.REDIS_URL = "redis://127.0.0.1/0"
    for name, _kind, _ask in salud.checks():
        assert held_in(name)
