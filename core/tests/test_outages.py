"""A store that does not answer is named, left alone a while, and asked again by one at a time."""

from types import SimpleNamespace

import pytest
from django.db import OperationalError, connections
from django.urls import reverse

from agentes.tests.factories import AgenteFactory
from clientes.tests.factories import ClienteFactory
from core import outages
from core.outages import REST, Breaker, StoreBusy, StoreDown, breaker
from core.reach import Unreachable
from core.testing import silent
from polizas.models import Poliza
from polizas.tests.factories import PolizaFactory


@pytest.fixture
def clock(monkeypatch):
    time = SimpleNamespace(now=1000.0)
    monkeypatch.setattr(outages, "monotonic", lambda: time.now)
    return time


@pytest.fixture
def ours():
    return Breaker("clientes")


def fail(one):
    with pytest.raises(StoreDown), one.guard():
        raise StoreDown("clientes")


class TestBreaker:
    def test_a_store_that_answers_is_asked_each_time(self, ours):
        for _again in range(3):
            with ours.guard():
                pass

    def test_one_that_failed_is_not_asked_while_it_rests(self, ours, clock):
        fail(ours)
        clock.now += REST - 1
        with pytest.raises(StoreDown, match="clientes"):
            ours.ask()

    def test_after_its_rest_one_call_tries_and_the_others_are_refused_meanwhile(self, ours, clock):
        fail(ours)
        clock.now += REST + 1
        ours.ask()
        with pytest.raises(StoreDown):
            ours.ask()

    def test_the_one_that_tries_opens_it_to_all(self, ours, clock):
        fail(ours)
        clock.now += REST + 1
        with ours.guard():
            pass
        ours.ask()

    def test_the_one_that_tries_in_vain_begins_another_rest(self, ours, clock):
        fail(ours)
        clock.now += REST + 1
        fail(ours)
        clock.now += REST - 1
        with pytest.raises(StoreDown):
            ours.ask()

    def test_what_the_store_refuses_is_an_answer(self, ours):
        with pytest.raises(ValueError, match="no"), ours.guard():
            raise ValueError("no")
        ours.ask()

    def test_each_store_has_one_of_its_own(self):
        assert breaker("clientes") is breaker("clientes")
        assert breaker("clientes") is not breaker("polizas")


class TestEngines:
    """What a driver raises is told by the name of the store, or left as it is."""

    @pytest.fixture
    def refused(self, monkeypatch):
        """Make the driver of a store raise, as when it is asked."""

        def refuse(alias, error, *, missing):
            connection = connections[alias]
            monkeypatch.setattr(connection, "is_missing", lambda told: missing and told is error)
            with connection.wrap_database_errors:
                raise error

        yield refuse
        breaker("polizas").answered()

    @pytest.mark.django_db(databases=["polizas"])
    def test_two_in_each_other_s_way_are_told_to_try_again(self, monkeypatch):
        connection = connections["polizas"]
        monkeypatch.setattr(connection, "is_missing", lambda error: False)
        monkeypatch.setattr(connection, "is_collision", lambda error: True)
        with pytest.raises(StoreBusy, match="inténtelo de nuevo"), connection.wrap_database_errors:
            raise connection.Database.OperationalError("deadlock")
        connection.ensure_connection()

    @pytest.mark.django_db(databases=["polizas"])
    def test_a_server_that_is_missing_is_told_by_its_store(self, refused):
        error = connections["polizas"].Database.OperationalError("secret-host refused")
        with pytest.raises(StoreDown, match="polizas") as told:
            refused("polizas", error, missing=True)
        assert "secret-host" not in str(told.value)
        with pytest.raises(StoreDown):
            connections["polizas"].ensure_connection()

    @pytest.mark.django_db(databases=["polizas"])
    def test_what_a_server_answers_is_not_its_absence(self, refused):
        error = connections["polizas"].Database.OperationalError("deadlock")
        with pytest.raises(OperationalError, match="deadlock") as told:
            refused("polizas", error, missing=False)
        assert not isinstance(told.value, StoreDown)
        connections["polizas"].ensure_connection()


@pytest.mark.django_db(databases="__all__")
class TestDoors:
    def test_the_api_says_which_store_is_missing(self, admin_client):
        with silent("bienes"):
            answer = admin_client.get("/api/v1/bienes/")
        assert answer.status_code == 503
        assert answer.json() == {"detail": "El almacén «bienes» no está disponible."}

    def test_the_rest_of_the_api_answers(self, admin_client):
        with silent("bienes"):
            assert admin_client.get("/api/v1/polizas/").status_code == 200

    def test_a_page_says_which_store_is_missing(self, admin_client):
        with silent("bienes"):
            answer = admin_client.get(reverse("admin:bienes_bien_changelist"))
        assert answer.status_code == 503
        assert "El almacén «bienes» no está disponible." in answer.content.decode()

    def test_without_the_store_of_sessions_too(self, client):
        client.raise_request_exception = False
        client.cookies["sessionid"] = "a" * 32
        with silent("default"):
            answer = client.get(reverse("admin:index"))
        assert answer.status_code == 503
        assert "«default»" in answer.content.decode()

    def test_whoever_only_asks_if_it_lives_is_answered(self, client):
        with silent("default"), silent("clientes"):
            assert client.get("/health/live").status_code == 200

    def test_a_page_of_another_kind_of_failure_is_still_a_500(self, client, monkeypatch):
        client.raise_request_exception = False
        monkeypatch.setattr("core.live.HttpResponse", None)
        assert client.get("/health/live").status_code == 500

    def test_a_list_shows_its_rows_without_those_of_the_store_that_is_missing(self, admin_client):
        PolizaFactory(numero="P-77", agente=AgenteFactory())
        with silent("clientes"):
            answer = admin_client.get(reverse("admin:polizas_poliza_changelist"))
        page = answer.content.decode()
        assert answer.status_code == 200, page
        assert "P-77" in page
        assert "(no disponible)" in page

    def test_what_can_not_be_checked_is_not_written(self):
        poliza = PolizaFactory()
        with silent("clientes"), pytest.raises(StoreDown, match="clientes"):
            poliza.save()
        assert Poliza.objects.get().version == poliza.version == 1


@pytest.mark.django_db(databases="__all__")
class TestReach:
    def test_what_is_brought_from_a_store_that_answers_is_the_row(self):
        cliente = ClienteFactory()
        PolizaFactory(cliente=cliente)
        assert Poliza.objects.prefetch_related("cliente").get().cliente == cliente

    def test_what_stands_for_a_row_knows_its_key_alone(self):
        poliza = PolizaFactory()
        with silent("clientes"):
            (found,) = Poliza.objects.prefetch_related("cliente", "producto")
            assert found.producto == poliza.producto
            assert isinstance(found.cliente, Unreachable)
            assert (found.cliente.pk, str(found.cliente)) == (poliza.cliente_id, "(no disponible)")
            with pytest.raises(StoreDown, match="clientes"):
                _ = found.cliente.nombres

    def test_what_is_not_there_stays_so(self):
        PolizaFactory(agente=None)
        with silent("clientes"):
            (found,) = Poliza.objects.prefetch_related("agente")
            assert found.agente is None

    def test_a_row_of_ones_own_store_is_no_less_needed(self):
        PolizaFactory()
        rows = Poliza.objects.prefetch_related("producto")
        with silent("polizas"), pytest.raises(StoreDown, match="polizas"):
            list(rows)

    def test_rows_that_point_here_from_a_store_that_is_missing_are_not_said_to_be_none(self):
        cliente = ClienteFactory()
        PolizaFactory(cliente=cliente)
        rows = type(cliente).objects.prefetch_related("polizas")
        with silent("polizas"), pytest.raises(StoreDown, match="polizas"):
            list(rows)
