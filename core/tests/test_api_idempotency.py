"""What is sent twice is made once: one after another, at once, and whatever went wrong before."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from threading import Barrier, get_ident
from uuid import UUID

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import connections
from rest_framework.test import APIClient

from agentes.models import Agente
from clientes.models import Cliente
from core.api.idempotency import key_of, once
from core.api.testing import of_role, signed_in
from especialidades.models import Especialidad
from polizas.models import Cobro
from polizas.tests.factories import ReciboFactory

pytestmark = pytest.mark.django_db(databases="__all__")

LIST = "/api/v1/clientes/"
ANA = {"nombres": "Ana"}


@pytest.fixture
def client():
    return signed_in()


def send(client, body=ANA, key="k", address=LIST):
    return client.post(address, body, format="json", headers={"Idempotency-Key": key})


class TestOneAfterAnother:
    def test_the_same_answer_comes_again_and_one_row_is_made(self, client):
        first, second = send(client), send(client)
        assert (first.status_code, second.status_code) == (201, 201)
        assert first.content == second.content
        assert first["ETag"] == second["ETag"]
        assert Cliente.objects.count() == 1

    def test_the_row_has_a_key_of_its_own_kind(self, client):
        assert UUID(send(client).data["id"]).version == 5
        assert UUID(client.post(LIST, ANA, format="json").data["id"]).version == 7

    def test_another_body_is_refused_and_makes_nothing(self, client):
        send(client)
        answer = send(client, {"nombres": "Eva"})
        assert answer.status_code == 422
        assert "Idempotency-Key" in answer.data["detail"]
        assert [cliente.nombres for cliente in Cliente.objects.all()] == ["Ana"]

    def test_the_order_of_what_a_body_says_does_not_make_it_another(self, client):
        one = {"nombres": "Ana", "telefono": "1"}
        assert send(client, one).status_code == 201
        assert send(client, dict(reversed(one.items()))).status_code == 201

    def test_a_key_is_of_who_sends_it(self, client):
        answers = [send(client), send(signed_in(of_role("Suscripción")))]
        assert answers[0].data["id"] != answers[1].data["id"]

    def test_a_key_is_of_the_address_it_is_sent_to(self, client):
        send(client)
        made = send(client, {"nombre": "Flotas", "ramo": "AUTO"}, address="/api/v1/especialidades/")
        assert made.status_code == 201

    def test_a_refused_try_binds_nothing(self, client):
        assert send(client, {"nombres": ""}).status_code == 400
        assert send(client, ANA).status_code == 201
        assert send(client, {"nombres": ""}).status_code == 422

    def test_what_was_deleted_since_is_not_made_again(self, client):
        made = send(client)
        client.delete(f"{LIST}{made.data['id']}/")
        answer = send(client)
        assert answer.status_code == 410
        assert answer.data["detail"]
        assert not Cliente.objects.exists()

    def test_what_was_changed_since_comes_as_it_is_now(self, client):
        made = send(client)
        client.patch(f"{LIST}{made.data['id']}/", {"telefono": "1"}, format="json")
        answer = send(client)
        assert (answer.status_code, answer.data["telefono"], answer["ETag"]) == (201, "1", '"2"')

    def test_without_a_key_everything_is_made(self, client):
        for _ in range(2):
            client.post(LIST, ANA, format="json")
        assert Cliente.objects.count() == 2

    def test_its_history_says_with_which_body_and_nothing_later_does(self, client):
        made = send(client)
        row = Cliente.objects.get(pk=made.data["id"])
        row.save()
        reasons = [record.history_change_reason for record in row.history.order_by("history_id")]
        assert reasons[0].startswith("Idempotency-Key ")
        assert reasons[1:] == [None]

    @pytest.mark.parametrize("key", ["", "a b", "á", "x" * 201, "\x7f", "a\tb"])
    def test_what_can_be_no_key_is_refused_by_its_name(self, client, key):
        answer = send(client, key=key)
        assert answer.status_code == 400
        assert set(answer.data) == {"Idempotency-Key"}
        assert not Cliente.objects.exists()

    @pytest.mark.parametrize("key", ["a", "x" * 200, '"9f3a"', "!~:/?#"])
    def test_any_visible_sign_may_be_of_a_key(self, client, key):
        assert send(client, key=key).status_code == 201

    def test_many_to_many_values_are_of_the_same_row(self, client):
        especialidad = Especialidad.objects.create(nombre="Flotas", ramo="AUTO")
        body = {"codigo": "A", "nombres": "Ana", "otras_especialidades": [str(especialidad.pk)]}
        answers = [send(client, body, address="/api/v1/agentes/") for _ in range(2)]
        assert {answer.status_code for answer in answers} == {201}
        assert Agente.objects.get().otras_especialidades.count() == 1

    def test_what_could_not_be_put_in_a_portfolio_binds_nothing(self):
        agente = Agente.objects.create(codigo="A", nombres="Ana", cuenta=of_role("Agente"))
        client = signed_in(agente.cuenta)
        assert send(client).status_code == 400
        assert send(client, ANA | {"agente": str(agente.pk)}).status_code == 201

    def test_a_row_that_left_the_portfolio_of_who_made_it_is_not_shown_again(self):
        agente = Agente.objects.create(codigo="A", nombres="Ana", cuenta=of_role("Agente"))
        client, body = signed_in(agente.cuenta), ANA | {"agente": str(agente.pk)}
        made = send(client, body)
        row = Cliente.objects.get(pk=made.data["id"])
        row.agente = None
        row.save()
        assert send(client, body).status_code == 404


class TestVerbs:
    """Money moves once."""

    def test_a_recibo_is_collected_once_however_often_it_is_sent(self, client):
        recibo = ReciboFactory()
        address, body = f"/api/v1/recibos/{recibo.pk}/cobrar/", {"metodo": "efectivo"}
        answers = [send(client, body, address=address) for _ in range(3)]
        assert {answer.status_code for answer in answers} == {201}, answers[0].data
        assert len({answer.content for answer in answers}) == 1
        assert Cobro.objects.count() == 1
        other = send(client, body, key="otra", address=address)
        assert other.status_code == 400

    def test_what_is_sent_again_is_answered_although_its_version_has_passed(self, client):
        recibo = ReciboFactory()
        address, body = f"/api/v1/recibos/{recibo.pk}/cobrar/", {"metodo": "efectivo"}
        headers = {"Idempotency-Key": "k", "If-Match": f'"{recibo.version}"'}
        answers = [client.post(address, body, format="json", headers=headers) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [201, 201]
        stale = headers | {"Idempotency-Key": "otra"}
        assert client.post(address, body, format="json", headers=stale).status_code == 412


class TestTheRace:
    """What happens between looking and making: another of the same was quicker."""

    def test_what_another_made_meanwhile_is_what_is_answered(self, rf):
        key = self.key(rf)

        def make(pk):
            once(key, Cliente, lambda pk: self.made(pk))
            return self.made(pk)

        assert once(key, Cliente, make).pk == key.pk
        assert Cliente.objects.count() == 1

    def test_what_fails_for_its_own_reason_is_told(self, rf):
        def make(pk):
            raise ValidationError("no")

        with pytest.raises(ValidationError):
            once(self.key(rf), Cliente, make)

    def key(self, rf):
        request = rf.post(LIST, headers={"Idempotency-Key": "k"})
        request.data = ANA
        return key_of(request, User(pk=1))

    def made(self, pk):
        cliente = Cliente(id=pk, **ANA)
        cliente.save()
        return cliente


@pytest.fixture
def in_files(transactional_db, tmp_path):
    """Stores that are files, as a clone's are: those in memory let no two threads in."""
    kept = {}
    for alias in connections:
        own = connections[alias]
        if own.vendor == "sqlite":
            own.ensure_connection()
            path = tmp_path / f"{alias}.sqlite3"
            with closing(sqlite3.connect(path)) as copy:
                own.connection.backup(copy)
                # As migrations leave it: of several who put a file in WAL at once, SQLite refuses some.
                copy.execute("PRAGMA journal_mode=WAL")
            kept[alias] = own.connection, own.settings_dict["NAME"]
            own.connection = None
            own.settings_dict["NAME"] = str(path)  # every thread's connection reads it
    yield
    for alias, (connection, name) in kept.items():
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name
        connections[alias].connection = connection


@pytest.mark.django_db(databases="__all__", transaction=True)
class TestAtOnce:
    TIMES, THREADS = 50, 8

    def at_once(self, send_one):
        """Send `TIMES` times from several threads that begin together; return the answers."""
        client, start = signed_in(), Barrier(self.THREADS)

        def some(_thread):
            mine = APIClient()
            mine.cookies = client.cookies
            start.wait()
            try:
                return [send_one(mine, n) for n in range(self.TIMES // self.THREADS + 1)]
            finally:
                connections.close_all()

        with ThreadPoolExecutor(self.THREADS) as threads:
            return [answer for part in threads.map(some, range(self.THREADS)) for answer in part]

    def test_many_at_once_make_one_row_and_get_one_answer(self, in_files):
        answers = self.at_once(lambda client, _n: send(client))
        assert len(answers) >= self.TIMES
        assert {answer.status_code for answer in answers} == {201}
        assert len({answer.content for answer in answers}) == 1
        assert Cliente.objects.count() == 1
        assert Cliente.history.count() == 1

    def test_many_bodies_at_once_under_one_key_make_the_row_of_one(self, in_files):
        names = ("Ana", "Eva")
        answers = self.at_once(lambda client, n: send(client, {"nombres": names[n % 2]}))
        assert {answer.status_code for answer in answers} == {201, 422}
        made = Cliente.objects.get()
        good = {answer.data["nombres"] for answer in answers if answer.status_code == 201}
        assert good == {made.nombres}

    def test_many_who_collect_at_once_collect_once(self, in_files):
        recibo = ReciboFactory()
        address = f"/api/v1/recibos/{recibo.pk}/cobrar/"
        answers = self.at_once(
            lambda client, _n: send(client, {"metodo": "efectivo"}, address=address)
        )
        assert {answer.status_code for answer in answers} == {201}
        assert len({answer.content for answer in answers}) == 1
        assert Cobro.objects.count() == 1

    def test_different_keys_at_once_make_a_row_each(self, in_files):
        ids = [answer.data["id"] for answer in self.at_once(self.one_each)]
        assert len(ids) == len(set(ids)) == Cliente.objects.count()

    def one_each(self, client, n):
        return send(client, key=f"{get_ident()}-{n}")

    def test_of_those_who_change_one_version_at_once_one_does(self, in_files):
        cliente = Cliente(**ANA)
        cliente.save()
        answers = self.at_once(
            lambda client, n: client.patch(
                f"{LIST}{cliente.pk}/", {"telefono": str(n)}, format="json",
                headers={"If-Match": '"1"'},
            )
        )  # fmt: skip
        codes = [answer.status_code for answer in answers]
        assert codes.count(200) == 1
        assert codes.count(412) == len(codes) - 1
        cliente.refresh_from_db()
        assert cliente.version == 2
