"""Tokens: shown once, kept as a digest, good until a day, by either header, for as much as their account."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.utils import timezone
from knox.crypto import hash_token
from rest_framework.test import APIClient

from clientes.models import Cliente
from clientes.tests.factories import ClienteFactory
from core import tokens
from core.api.testing import of_role, signed_in
from core.models import Operacion, Token

pytestmark = pytest.mark.django_db(databases="__all__")

LIST, CLIENTES = "/api/v1/tokens/", "/api/v1/clientes/"
HOY = timezone.localdate


def issue(user=None, **told):
    user = user or of_role("Suscripción")
    return tokens.issue(
        user, by=user, **{"nombre": "Carga", "alcance": "escritura", "vence": None} | told
    )


def program(secret, header="Authorization"):
    """A program that sends `secret`."""
    client = APIClient()
    client.credentials(
        **{
            f"HTTP_{header.upper().replace('-', '_')}": secret
            if "-" in header
            else f"Token {secret}"
        }
    )
    return client


def end(token):
    Token.objects.filter(pk=token.pk).update(expiry=timezone.now() - timedelta(seconds=1))


class TestSigningIn:
    @pytest.mark.parametrize("header", ["Authorization", "X-API-Key"])
    def test_either_header_signs_in(self, header):
        ClienteFactory()
        _token, secret = issue()
        assert program(secret, header).get(CLIENTES).status_code == 200

    def test_the_word_before_it_may_be_in_any_case(self):
        _token, secret = issue()
        answer = APIClient().get(CLIENTES, headers={"Authorization": f"token {secret}"})
        assert answer.status_code == 200

    @pytest.mark.parametrize(
        "headers",
        [
            {},
            {"Authorization": "Token"},
            {"Authorization": "Token x"},
            {"Authorization": "Token x y"},
            {"Authorization": "Bearer x"},
            {"Authorization": "Basic eDp5"},
            {"Authorization": "Token ñandú"},
            {"Authorization": "Token " + "x" * 3000},
            {"X-API-Key": ""},
            {"X-API-Key": "x"},
        ],
    )
    def test_anything_else_is_told_401_and_how_to_sign_in(self, headers):
        answer = APIClient().get(CLIENTES, headers=headers)
        assert answer.status_code == 401
        assert answer["WWW-Authenticate"] == "Token"
        assert answer.data["detail"]

    def test_one_sign_off_is_another_token(self):
        _token, secret = issue()
        other = secret[:-1] + ("0" if secret[-1] != "0" else "1")
        assert program(other).get(CLIENTES).status_code == 401

    def test_one_that_has_ended_says_when(self):
        token, secret = issue()
        end(token)
        answer = program(secret).get(CLIENTES)
        assert answer.status_code == 401
        assert "venció" in answer.data["detail"]
        assert Token.objects.filter(pk=token.pk).exists()

    def test_that_of_an_account_put_away_does_not_enter(self):
        token, secret = issue()
        token.user.is_active = False
        token.user.save()
        answer = program(secret).get(CLIENTES)
        assert answer.status_code == 401
        assert "desactivada" in answer.data["detail"]

    def test_it_is_good_through_its_last_day(self):
        token, _secret = issue(vence=HOY() + timedelta(days=1))
        assert token.vence == HOY() + timedelta(days=1)
        assert not token.vencido(token.expiry - timedelta(seconds=1))
        assert token.vencido(token.expiry)

    def test_it_may_what_its_account_may(self):
        _token, secret = issue(of_role("Consulta"))
        client = program(secret)
        assert client.get(CLIENTES).status_code == 200
        assert client.post(CLIENTES, {"nombres": "Ana"}, format="json").status_code == 403

    def test_one_of_only_reading_changes_nothing(self):
        _token, secret = issue(alcance="lectura")
        client = program(secret)
        assert client.get(CLIENTES).status_code == 200
        assert client.options(CLIENTES).status_code == 200
        answer = client.post(CLIENTES, {"nombres": "Ana"}, format="json")
        assert answer.status_code == 403
        assert "solo lectura" in answer.data["detail"]
        assert not Cliente.objects.exists()

    def test_what_it_writes_is_of_its_account_in_the_history(self):
        token, secret = issue()
        made = program(secret).post(CLIENTES, {"nombres": "Ana"}, format="json")
        assert made.status_code == 201
        assert Cliente.history.get().history_user_id == token.user_id

    def test_it_needs_no_csrf_while_a_session_does(self):
        _token, secret = issue()
        strict = APIClient(enforce_csrf_checks=True)
        strict.credentials(HTTP_AUTHORIZATION=f"Token {secret}")
        assert strict.post(CLIENTES, {"nombres": "Ana"}, format="json").status_code == 201
        session = APIClient(enforce_csrf_checks=True)
        session.force_login(of_role("Suscripción"))
        answer = session.post(CLIENTES, {"nombres": "Ana"}, format="json")
        assert answer.status_code == 403
        assert "CSRF" in answer.data["detail"]

    def test_other_doors_take_it_too(self):
        _token, secret = issue()
        assert APIClient().get("/health").status_code == 401
        assert program(secret).get("/health").status_code in (200, 503)

    def test_the_day_of_its_last_use_is_kept(self):
        token, secret = issue()
        assert token.ultimo_uso is None
        program(secret).get(CLIENTES)
        token.refresh_from_db()
        assert token.ultimo_uso == HOY()


class TestKeeping:
    def test_only_the_digest_is_kept(self):
        token, secret = issue()
        kept = Token.objects.filter(pk=token.pk).values().get()
        assert kept["digest"] == hash_token(secret)
        assert not [value for value in kept.values() if value == secret]
        assert secret.startswith(token.empieza)
        assert len(token.empieza) < len(secret) / 4

    def test_no_two_are_alike(self):
        user = of_role("Suscripción")
        assert len({issue(user)[1] for _ in range(20)}) == 20

    def test_unsaid_it_lasts_ninety_days(self):
        assert issue()[0].vence == HOY() + timedelta(days=90)

    @pytest.mark.parametrize("days", [-1, 0, 366])
    def test_it_has_an_end_within_a_year(self, days):
        with pytest.raises(ValidationError, match="Un día entre"):
            issue(vence=HOY() + timedelta(days=days))
        assert not Token.objects.exists()

    def test_making_and_revoking_it_are_audited_without_it(self):
        token, secret = issue()
        tokens.revoke(token, by=token.user)
        made, revoked = Operacion.objects.filter(operacion__startswith="token_").order_by("id")
        assert (made.operacion, revoked.operacion) == ("token_creado", "token_revocado")
        assert {made.user_id, revoked.user_id} == {token.user_id}
        assert made.detalle["nombre"] == "Carga"
        assert secret not in str(made.detalle) and hash_token(secret) not in str(made.detalle)


class TestItsApi:
    def test_what_is_made_is_told_once(self):
        client = signed_in(of_role("Consulta"))
        made = client.post(LIST, {"nombre": "Carga", "alcance": "escritura"}, format="json")
        assert made.status_code == 201
        assert program(made.data["token"]).get(CLIENTES).status_code == 200
        assert made["Cache-Control"] == "no-store"
        listed = client.get(LIST).data["results"]
        assert [row["nombre"] for row in listed] == ["Carga"]
        assert "token" not in listed[0] and "digest" not in listed[0]
        assert made.data["token"].startswith(listed[0]["empieza"])

    def test_unsaid_it_only_reads(self):
        made = signed_in(of_role("Consulta")).post(LIST, {"nombre": "Carga"}, format="json")
        assert made.data["alcance"] == "lectura"

    @pytest.mark.parametrize(
        ("body", "field"),
        [
            ({}, "nombre"),
            ({"nombre": ""}, "nombre"),
            ({"nombre": "x", "alcance": "todo"}, "alcance"),
            ({"nombre": "x", "vence": "2999-01-01"}, "vence"),
            ({"nombre": "x", "vence": "ayer"}, "vence"),
            ({"nombre": "x", "user": 1}, "user"),
        ],
    )
    def test_what_can_t_be_is_refused_by_its_field(self, body, field):
        answer = signed_in(of_role("Consulta")).post(LIST, body, format="json")
        assert answer.status_code == 400
        assert set(answer.data) == {field}

    def test_each_sees_and_revokes_their_own(self):
        token, _secret = issue()
        other = signed_in(of_role("Administración"))
        assert other.get(LIST).data["results"] == []
        assert other.delete(f"{LIST}{token.pk}/").status_code == 404
        assert signed_in(token.user).delete(f"{LIST}{token.pk}/").status_code == 204
        assert not Token.objects.exists()

    def test_one_revoked_does_not_enter_any_more(self):
        token, secret = issue()
        client = program(secret)
        assert client.delete(f"{LIST}{token.pk}/").status_code == 204
        assert client.get(CLIENTES).status_code == 401

    def test_it_is_not_changed(self):
        token, _secret = issue()
        address = f"{LIST}{token.pk}/"
        client = signed_in(token.user)
        for send in (client.put, client.patch, client.get):
            assert send(address).status_code == 405

    def test_nobody_has_any_without_signing_in(self):
        assert APIClient().get(LIST).status_code == 401
        assert APIClient().post(LIST, {"nombre": "x"}, format="json").status_code == 401

    def test_a_parameter_that_means_nothing_is_refused(self):
        answer = signed_in(of_role("Consulta")).get(LIST, {"nombre": "x"})
        assert answer.status_code == 400

    def test_many_come_in_pages(self):
        user = of_role("Consulta")
        for _ in range(3):
            issue(user)
        page = signed_in(user).get(LIST, {"limit": 2}).data
        assert len(page["results"]) == 2
        assert len(signed_in(user).get(page["next"]).data["results"]) == 1


class TestItsPages:
    """In the back office: everybody's own, and anybody's for who manages the house."""

    ADD, ALL = "/admin/core/token/add/", "/admin/core/token/"

    def enter(self, client, user):
        client.force_login(user)
        return client

    def form(self, **more):
        day = HOY() + timedelta(days=30)
        return {"nombre": "Carga", "alcance": "lectura", "vence": f"{day:%d/%m/%Y}"} | more

    def revoke(self, client, token, *, sure=True):
        body = {"action": "revocar", "_selected_action": str(token.pk)}
        return client.post(self.ALL, body | ({"_confirmado": "1"} if sure else {}))

    def test_the_new_one_is_shown_once_and_not_kept_by_the_browser(self, client):
        user = of_role("Consulta")
        page = self.enter(client, user).post(self.ADD, self.form())
        assert page.status_code == 200
        assert "no-store" in page["Cache-Control"]
        token = Token.objects.get()
        secret = page.context["secret"]
        assert secret in page.content.decode()
        assert (token.user, token.vence) == (user, HOY() + timedelta(days=30))
        assert program(secret).get(CLIENTES).status_code == 200
        for address in (self.ALL, f"{self.ALL}{token.pk}/change/"):
            assert secret not in client.get(address).content.decode()

    def test_an_end_past_a_year_is_told_at_its_field(self, client):
        day = HOY() + timedelta(days=400)
        page = self.enter(client, of_role("Consulta")).post(
            self.ADD, self.form(vence=f"{day:%d/%m/%Y}")
        )
        assert "vence" in page.context["adminform"].errors
        assert not Token.objects.exists()

    def test_each_sees_their_own_and_who_manages_sees_all(self, client):
        token, _secret = issue()
        own = self.enter(client, token.user).get(self.ALL).content.decode()
        assert str(token.pk) in own
        other = self.enter(client, of_role("Consulta")).get(self.ALL).content.decode()
        assert str(token.pk) not in other
        manager = self.enter(client, of_role("Administración")).get(self.ALL).content.decode()
        assert str(token.pk) in manager

    def test_revoking_asks_first(self, client):
        token, secret = issue()
        self.enter(client, token.user)
        assert "¿Revocar" in self.revoke(client, token, sure=False).content.decode()
        assert Token.objects.exists()
        self.revoke(client, token)
        assert not Token.objects.exists()
        assert program(secret).get(CLIENTES).status_code == 401

    def test_nobody_revokes_that_of_another_but_who_manages(self, client):
        token, _secret = issue()
        self.revoke(self.enter(client, of_role("Suscripción")), token)
        assert Token.objects.exists()
        self.revoke(self.enter(client, of_role("Administración")), token)
        assert not Token.objects.exists()

    def test_who_manages_makes_one_for_a_program_s_account(self, client):
        program_s = of_role("Consulta")
        manager = of_role("Administración")
        self.enter(client, manager).post(self.ADD, self.form(user=program_s.pk))
        assert Token.objects.get().user == program_s
        audit = Operacion.objects.get(operacion="token_creado")
        assert (audit.user_id, audit.detalle["cuenta"]) == (manager.pk, program_s.username)

    def test_not_for_an_account_that_may_more_than_they(self, client, admin_user):
        page = self.enter(client, of_role("Administración")).post(
            self.ADD, self.form(user=admin_user.pk)
        )
        assert "user" in page.context["adminform"].errors
        assert not Token.objects.exists()

    def test_who_does_not_manage_is_not_asked_for_whom(self, client, admin_user):
        user = of_role("Suscripción")
        page = self.enter(client, user).get(self.ADD)
        assert 'name="user"' not in page.content.decode()
        client.post(self.ADD, self.form(user=admin_user.pk))
        assert Token.objects.get().user == user

    def test_it_is_neither_changed_nor_deleted_without_its_audit(self, client, admin_user):
        token, _secret = issue()
        self.enter(client, admin_user)
        assert client.post(f"{self.ALL}{token.pk}/change/", self.form()).status_code == 403
        assert client.post(f"{self.ALL}{token.pk}/delete/", {"post": "yes"}).status_code == 403

    def test_an_account_that_may_nothing_has_its_tokens_and_no_more(self, client):
        user = of_role()
        assert not Permission.objects.filter(user=user).exists()
        assert self.enter(client, user).get(self.ALL).status_code == 200
        user.is_staff = False
        user.save()
        assert client.get(self.ALL).status_code == 302
