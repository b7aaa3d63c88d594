"""Sessions that end, and what is said of it."""

import time

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core import sessions, tasks
from core.models import Operacion
from core.sessions import SEEN, SINCE

pytestmark = pytest.mark.django_db(databases="__all__")

DOOR = reverse("admin:login")
HOME = reverse("admin:index")
PASSWORD = reverse("admin:password_change")
STILL_IN = reverse("sesion")
GOOD = "una-clave-larga"
NEW = "otra-clave-mas-larga"


@pytest.fixture
def ana():
    return User.objects.create_user("ana", "ana@example.com", GOOD, is_staff=True)


@pytest.fixture
def client(ana):
    return signed_in()


def signed_in(username="ana"):
    client = Client()
    client.post(DOOR, {"username": username, "password": GOOD})
    return client


def is_in(client):
    return client.get(PASSWORD).status_code == 200


def told(client, response):
    """What the door says to who was sent to it."""
    return client.get(response["Location"]).content.decode()


@pytest.fixture
def later(monkeypatch):
    """Let hours pass for what core.sessions asks of the clock."""

    def pass_by(*, hours=0, minutes=0):
        moment = time.time() + hours * 3600 + minutes * 60
        monkeypatch.setattr(sessions.time, "time", lambda: moment)

    return pass_by


class TestEnd:
    def test_a_session_without_use_ends_after_an_hour(self, client, settings):
        (session,) = Session.objects.all()
        left = (session.expire_date - timezone.now()).total_seconds()
        assert settings.SESSION_COOKIE_AGE == 3600
        assert 3590 < left <= 3600
        Session.objects.update(expire_date=timezone.now())
        assert not is_in(client)

    def test_use_puts_its_end_off(self, client, later):
        before = Session.objects.get().expire_date
        later(minutes=2)
        assert is_in(client)
        assert Session.objects.get().expire_date > before

    def test_use_is_written_once_a_minute_and_no_more(self, client):
        before = Session.objects.get().expire_date
        assert is_in(client)
        assert Session.objects.get().expire_date == before

    def test_it_ends_after_twelve_hours_whatever_its_use(self, client, later):
        later(hours=11, minutes=59)
        assert is_in(client)
        later(hours=12)
        assert not is_in(client)
        assert not Session.objects.exists()

    def test_one_that_says_nothing_of_its_beginning_begins_now(self, client, later):
        session = client.session
        del session[SINCE], session[SEEN]
        session.save()
        assert is_in(client)
        later(hours=12)
        assert not is_in(client)

    def test_it_ends_with_the_browser(self, client, settings):
        assert settings.SESSION_EXPIRE_AT_BROWSER_CLOSE
        assert client.cookies["sessionid"]["expires"] == ""
        assert client.cookies["sessionid"]["max-age"] == ""

    def test_a_change_of_password_ends_the_others_of_that_account(self, client):
        elsewhere = signed_in()
        answer = client.post(
            PASSWORD, {"old_password": GOOD, "new_password1": NEW, "new_password2": NEW}
        )
        assert answer.status_code == 302
        assert is_in(client)
        assert not is_in(elsewhere)

    def test_an_account_that_is_deactivated_is_out_at_once(self, client, ana):
        ana.is_active = False
        ana.save()
        answer = client.get(HOME)
        assert answer.status_code == 302
        assert "Su sesión ha terminado" in told(client, answer)
        assert not Session.objects.exists()

    def test_one_that_left_is_out(self, client):
        client.post(reverse("admin:logout"))
        assert not is_in(client)

    def test_those_that_ended_are_forgotten(self, client, ana):
        signed_in()
        first = Session.objects.first()
        Session.objects.filter(pk=first.pk).update(expire_date=timezone.now())
        tasks.forget_sessions()
        assert Session.objects.count() == 1

    def test_who_comes_and_goes_is_audited(self, client, ana):
        client.post(reverse("admin:logout"))
        told_of = Operacion.objects.filter(user_id=ana.pk).values_list("operacion", flat=True)
        assert [name for name in told_of.order_by("momento") if "de_" not in name] == [
            "entrada",
            "salida",
        ]


class TestWhatIsTold:
    def test_who_comes_back_is_told_and_returns_where_they_were(self, client):
        Session.objects.all().delete()
        answer = client.get("/admin/polizas/poliza/?q=ana&estado=vigente")
        page = told(client, answer)
        assert "Su sesión ha terminado. Entre de nuevo y volverá a donde estaba." in page
        back = client.post(answer["Location"], {"username": "ana", "password": GOOD})
        assert back["Location"] == "/admin/polizas/poliza/?q=ana&estado=vigente"

    def test_who_was_sending_a_form_is_told_that_it_was_not_kept(self, client):
        Session.objects.all().delete()
        answer = client.post("/admin/clientes/cliente/add/", {"nombres": "Ana"})
        assert "no se guardó" in told(client, answer)

    def test_who_had_no_session_is_told_nothing(self):
        client = Client()
        answer = client.get(HOME)
        assert "sesión ha terminado" not in told(client, answer)

    def test_nor_who_only_chose_a_language(self):
        client = Client()
        client.post(reverse("set_language"), {"language": "es"})
        assert "sesión ha terminado" not in told(client, client.get(HOME))

    def test_nor_who_left_by_themselves(self, client):
        client.post(reverse("admin:logout"))
        assert "sesión ha terminado" not in told(client, client.get(HOME))

    def test_it_is_said_once(self, client):
        Session.objects.all().delete()
        answer = client.get(HOME)
        told(client, answer)
        assert "sesión ha terminado" not in told(client, answer)


class TestStillIn:
    """What a page asks before it sends a form that has been open for long."""

    def test_who_is_in_gets_the_token_of_now(self, client):
        answer = client.get(STILL_IN)
        assert answer.status_code == 200
        strict = Client(enforce_csrf_checks=True)
        strict.cookies = client.cookies
        sent = strict.post(
            reverse("set_language"),
            {"language": "en", "csrfmiddlewaretoken": answer.json()["csrf"]},
        )
        assert sent.status_code == 302

    def test_who_is_out_gets_how_to_go_on(self, client):
        Session.objects.all().delete()
        answer = client.get(STILL_IN)
        assert answer.status_code == 401
        assert "Lo que escribió sigue en esta página" in answer.content.decode()
        assert DOOR in answer.content.decode()

    def test_it_is_never_kept_by_the_browser(self, client):
        assert "no-store" in client.get(STILL_IN)["Cache-Control"]

    def test_each_page_of_the_back_office_brings_the_script(self, client):
        assert "core/sesion.js" in client.get(PASSWORD).content.decode()


class TestHeaders:
    def test_cookies_are_not_for_scripts_nor_other_sites(self, client):
        session = client.cookies["sessionid"]
        assert (session["httponly"], session["samesite"]) == (True, "Lax")
        client.get(DOOR)
        assert client.cookies["csrftoken"]["samesite"] == "Lax"

    def test_over_https_they_go_by_https_alone(self, ana, settings):
        settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
        settings.LANGUAGE_COOKIE_SECURE = True
        client = signed_in()
        client.post(reverse("set_language"), {"language": "en"})
        assert client.cookies["sessionid"]["secure"]
        assert client.cookies["csrftoken"]["secure"]
        assert client.cookies["django_language"]["secure"]

    def test_pages_are_not_framed_nor_guessed_nor_referred_to_others(self, client):
        headers = client.get(PASSWORD).headers
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"

    def test_pages_with_data_are_not_kept_after_leaving(self, client):
        assert "no-store" in client.get(HOME)["Cache-Control"]

    def test_who_never_came_asks_the_store_for_no_session(self, django_assert_num_queries):
        with django_assert_num_queries(0):
            Client().get(reverse("health-live"))
