"""Tries to sign in, at the door that everybody has."""

from datetime import timedelta
from ipaddress import ip_address

import pytest
from axes.models import AccessAttempt, AccessLog
from django.contrib.auth.models import Group, User
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from core import tasks
from core.models import Intento, Operacion
from core.tries import SHARE, client_address

pytestmark = pytest.mark.django_db

DOOR = reverse("admin:login")
PAGE = reverse("admin:core_intento_changelist")
GOOD = "una-clave-larga"
LIMIT = 5


@pytest.fixture(autouse=True)
def ana():
    return User.objects.create_user("ana", "ana@example.com", GOOD, is_staff=True)


@pytest.fixture
def administradora(client):
    user = User.objects.create_user("rosa", is_staff=True)
    user.groups.add(Group.objects.get(name="Administración"))
    client.force_login(user)
    return user


def attempt(password="mala", username="ana", address="192.0.2.1", **headers):
    return Client().post(
        DOOR, {"username": username, "password": password}, REMOTE_ADDR=address, **headers
    )


def fail(times, **who):
    return [attempt(**who).status_code for _ in range(times)]


def pass_time(minutes):
    earlier = timezone.now() - timedelta(minutes=minutes)
    AccessAttempt.objects.update(attempt_time=earlier)


def audited(operacion):
    return list(Operacion.objects.filter(operacion=operacion).order_by("momento"))


class TestLock:
    def test_the_fifth_failure_locks(self):
        assert fail(LIMIT) == [200, 200, 200, 200, 429]

    def test_then_the_right_password_does_not_open(self):
        fail(LIMIT)
        answer = attempt(GOOD)
        assert answer.status_code == 429
        assert not answer.wsgi_request.user.is_authenticated

    def test_four_failures_and_the_right_password_open(self):
        fail(LIMIT - 1)
        assert attempt(GOOD).status_code == 302

    def test_who_comes_in_begins_again_from_none(self):
        fail(LIMIT - 1)
        attempt(GOOD)
        assert fail(LIMIT) == [200, 200, 200, 200, 429]

    def test_it_opens_again_after_fifteen_minutes(self):
        fail(LIMIT)
        pass_time(16)
        assert attempt(GOOD).status_code == 302

    def test_tries_while_locked_do_not_make_it_longer(self):
        fail(LIMIT)
        before = Intento.objects.get().attempt_time
        fail(3)
        after = Intento.objects.get()
        assert (after.attempt_time, after.failures_since_start) == (before, LIMIT)

    def test_another_person_at_the_same_address_is_not_locked(self):
        User.objects.create_user("luis", password=GOOD, is_staff=True)
        fail(LIMIT)
        assert attempt(GOOD, username="luis").status_code == 302

    def test_the_same_person_from_another_address_is_not_locked(self):
        fail(LIMIT)
        assert attempt(GOOD, address="192.0.2.2").status_code == 302

    def test_another_browser_is_not_another_chance(self):
        for number in range(LIMIT):
            answer = attempt(HTTP_USER_AGENT=f"Navegador {number}")
        assert answer.status_code == 429
        assert Intento.objects.count() == 1

    def test_a_name_that_nobody_has_is_locked_just_the_same(self):
        assert fail(LIMIT, username="nadie") == [200, 200, 200, 200, 429]

    def test_an_account_that_may_not_enter_is_told_the_same_as_one_that_is_not_there(self):
        User.objects.create_user("fuera", password=GOOD, is_active=False)
        refused, unknown = attempt(GOOD, username="fuera"), attempt(GOOD, username="nadie")
        texts = [page.context["form"].non_field_errors() for page in (refused, unknown)]
        assert texts[0] == texts[1]


class TestAddress:
    def test_an_address_that_tries_many_names_is_locked_whole(self, settings):
        AccessAttempt.objects.create(
            username="otra", ip_address="192.0.2.1", failures_since_start=LIMIT * SHARE - 1
        )
        assert attempt(username="una más").status_code == 429
        assert attempt(GOOD).status_code == 429
        assert attempt(GOOD, address="192.0.2.2").status_code == 302

    def test_who_comes_in_does_not_wipe_the_failures_of_others(self):
        fail(3, username="otra")
        attempt(GOOD)
        assert Intento.objects.get().username == "otra"

    def test_a_header_that_anybody_can_write_is_not_believed(self):
        for number in range(LIMIT):
            answer = attempt(HTTP_X_FORWARDED_FOR=f"198.51.100.{number}")
        assert answer.status_code == 429

    @pytest.mark.parametrize(
        "proxies, forwarded, address",
        [
            (0, "198.51.100.7", "192.0.2.1"),
            (1, "198.51.100.7", "198.51.100.7"),
            (1, "9.9.9.9, 198.51.100.7", "198.51.100.7"),
            (2, "9.9.9.9, 198.51.100.7, 192.0.2.9", "198.51.100.7"),
            (2, "198.51.100.7", "192.0.2.1"),
            (1, "", "192.0.2.1"),
            (1, "no es una dirección", "192.0.2.1"),
        ],
    )
    def test_the_proxies_of_the_house_tell_it(self, settings, proxies, forwarded, address):
        settings.PROXY_COUNT = proxies
        request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.1", HTTP_X_FORWARDED_FOR=forwarded)
        assert client_address(request) == address

    @pytest.mark.parametrize(
        "given, kept",
        [
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
            ("2001:db8:1:2:ffff::1", "2001:db8:1:2::"),
            ("::ffff:192.0.2.1", "192.0.2.1"),
            ("", None),
            ("unix:", None),
        ],
    )
    def test_a_subscriber_of_ipv6_is_their_network(self, given, kept):
        assert client_address(RequestFactory().get("/", REMOTE_ADDR=given)) == kept

    @given(st.text(max_size=60), st.integers(0, 3))
    def test_whatever_a_header_says_the_address_is_one_or_none(self, forwarded, proxies):
        request = RequestFactory().get("/", HTTP_X_FORWARDED_FOR=forwarded)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("core.tries.settings.PROXY_COUNT", proxies, raising=False)
            found = client_address(request)
        assert found is None or ip_address(found)


class TestWhatIsTold:
    def test_the_page_says_until_when_in_spanish(self):
        fail(LIMIT - 1)
        answer = attempt()
        until = timezone.localtime(Intento.objects.get().attempt_time + timedelta(minutes=15))
        assert f"a las {until:%H:%M}" in answer.content.decode()
        assert "Demasiados intentos" in answer.content.decode()
        assert 880 < int(answer["Retry-After"]) <= 900

    def test_and_in_english_to_who_reads_english(self):
        fail(LIMIT - 1)
        answer = attempt(HTTP_ACCEPT_LANGUAGE="en")
        assert answer["Content-Language"] == "en"

    def test_a_program_is_told_in_json(self):
        fail(LIMIT - 1)
        answer = attempt(HTTP_ACCEPT="application/json")
        assert (answer.status_code, answer["Content-Type"]) == (429, "application/json")
        assert "Demasiados intentos" in answer.json()["detail"]

    def test_a_wrong_password_has_its_sentence(self):
        assert "no son correctos" in attempt().content.decode()

    def test_the_page_does_not_say_whether_the_name_exists(self):
        fail(LIMIT - 1), fail(LIMIT - 1, username="nadie")
        known, unknown = attempt().content.decode(), attempt(username="nadie").content.decode()
        assert known.count("Demasiados") == unknown.count("Demasiados") == 1


class TestWhatIsKept:
    def test_no_password_is_kept_anywhere(self):
        attempt("secreto-de-ana")
        attempt("otro-secreto-de-ana")
        rows = [*AccessAttempt.objects.values(), *Operacion.objects.values("detalle")]
        assert "secreto" not in str(rows)

    def test_nor_the_token_of_the_form(self, client):
        client.post(DOOR, {"username": "ana", "password": "x", "csrfmiddlewaretoken": "delatado"})
        assert "delatado" not in str(list(AccessAttempt.objects.values()))

    def test_each_failure_is_audited_with_its_address_and_the_lock_once(self):
        fail(LIMIT + 2)
        assert len(audited("entrada_fallida")) == LIMIT + 2
        (lock,) = audited("bloqueo")
        assert lock.detalle == {"username": "ana", "direccion": "192.0.2.1"}

    def test_who_comes_in_is_audited_once(self, ana):
        attempt(GOOD)
        assert [(row.user_id, row.detalle) for row in audited("entrada")] == [
            (ana.pk, {"direccion": "192.0.2.1"})
        ]
        assert not AccessLog.objects.exists()

    def test_what_no_longer_counts_is_forgotten(self):
        fail(1)
        fail(1, username="otra")
        AccessAttempt.objects.filter(username="ana").update(
            attempt_time=timezone.now() - timedelta(minutes=16)
        )
        tasks.forget_sessions()
        assert [row.username for row in Intento.objects.all()] == ["otra"]


class TestPage:
    def test_it_shows_who_is_locked_and_until_when(self, client, administradora):
        fail(LIMIT)
        fail(1, username="luis")
        rows = client.get(PAGE).context["cl"].result_list
        shown = {row.username: client_page().bloqueo(row) for row in rows}
        assert shown["ana"].startswith("Hasta las ")
        assert shown["luis"] == ""

    def test_it_says_when_the_whole_address_is_locked(self, client, administradora):
        for number in range(SHARE):
            AccessAttempt.objects.create(
                username=f"n{number}", ip_address="192.0.2.1", failures_since_start=LIMIT
            )
        AccessAttempt.objects.create(
            username="luis", ip_address="192.0.2.1", failures_since_start=1
        )
        assert "Toda la dirección" in client.get(PAGE).content.decode()

    def test_unlocking_lets_them_try_at_once_and_is_audited(self, client, administradora):
        fail(LIMIT)
        key = Intento.objects.get().pk
        client.post(PAGE, {"action": "desbloquear", "_selected_action": key})
        assert attempt(GOOD).status_code == 302
        (row,) = audited("desbloqueo")
        assert row.user_id == administradora.pk
        assert row.detalle == {"username": "ana", "direccion": "192.0.2.1"}

    def test_nothing_is_added_changed_or_deleted_there(self, client, administradora):
        fail(1)
        row = Intento.objects.get()
        assert client.get(reverse("admin:core_intento_add")).status_code == 403
        change = client.get(reverse("admin:core_intento_change", args=[row.pk]))
        assert not change.context["has_change_permission"]
        delete = reverse("admin:core_intento_delete", args=[row.pk])
        assert client.post(delete, {"post": "yes"}).status_code == 403

    def test_it_is_for_who_administers(self, client, ana):
        ana.groups.add(Group.objects.get(name="Cobros"))
        client.force_login(ana)
        assert client.get(PAGE).status_code == 403

    def test_its_queries_do_not_grow(self, client, administradora, django_assert_max_num_queries):
        for number in range(20):
            AccessAttempt.objects.create(
                username=f"n{number}", ip_address="192.0.2.1", failures_since_start=1
            )
        client.get(PAGE)
        with django_assert_max_num_queries(8):
            client.get(PAGE)


def client_page():
    from django.contrib import admin

    return admin.site._registry[Intento]
