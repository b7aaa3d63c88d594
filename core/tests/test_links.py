"""Links to set a password: what is mailed to whom, and what a stranger learns."""

import re
from datetime import timedelta
from smtplib import SMTPException

import pytest
from django.contrib.auth.models import Group, User
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from kombu.exceptions import OperationalError

from core import links, tasks
from core.leases import lease
from core.links import OF_ADDRESS, OF_EMAIL
from core.models import Intento, LinkRequest, Operacion, Preferencias
from core.testing import queries

pytestmark = pytest.mark.django_db(databases="__all__")

ASK = reverse("admin_password_reset")
DONE = reverse("password_reset_done")
DOOR = reverse("admin:login")
ACCOUNTS = reverse("admin:auth_user_changelist")
GOOD, NEW = "una-clave-larga", "otra-clave-mas-larga"


@pytest.fixture(autouse=True)
def ana():
    return User.objects.create_user("ana", "Ana@example.com", GOOD, is_staff=True)


@pytest.fixture(autouse=True)
def woken(monkeypatch):
    """The tasks that a worker was called to."""
    called = []
    monkeypatch.setattr(links.current_app, "send_task", lambda name, *a: called.append(name))
    return called


def ask(email="ana@example.com", client=None, **headers):
    return (client or Client()).post(ASK, {"email": email}, **headers)


def link_in(message):
    found = re.search(r"https?://\S+", message.body.split("\n\n")[1])
    assert found
    return found[0].partition("testserver")[2]


def mailed():
    """Ask for a link and return what it opens: the page, as a browser comes to it."""
    ask()
    tasks.send_links()
    return link_in(mail.outbox[-1])


def open_link(client, link):
    return client.get(link, follow=True)


def set_password(client, link, first=NEW, second=None):
    page = open_link(client, link).redirect_chain[-1][0]
    return client.post(page, {"new_password1": first, "new_password2": second or first})


def enters(password):
    return Client().post(DOOR, {"username": "ana", "password": password}).status_code == 302


class TestAsking:
    def test_who_has_an_account_is_mailed_a_link_that_sets_their_password(self):
        answer = set_password(Client(), mailed())
        assert answer["Location"] == reverse("password_reset_complete")
        assert enters(NEW)
        assert not enters(GOOD)

    def test_the_mail_says_what_it_is_whose_and_for_how_long(self):
        mailed()
        (message,) = mail.outbox
        assert message.to == ["Ana@example.com"]
        assert message.subject == "Nueva contraseña en Cartera"
        assert "«ana»" in message.body
        assert "durante una hora" in message.body
        assert "no haga nada" in message.body

    @pytest.mark.parametrize("chosen, asked_in, written_in", [("en", "es", "en"), ("", "en", "en")])
    def test_it_is_written_in_the_language_of_who_reads_it(
        self, ana, monkeypatch, chosen, asked_in, written_in
    ):
        Preferencias.objects.create(user=ana, idioma=chosen)
        spoken = []

        def render(*args):
            spoken.append(translation.get_language())
            return "texto"

        monkeypatch.setattr(links, "render_to_string", render)
        ask(HTTP_ACCEPT_LANGUAGE=asked_in)
        tasks.send_links()
        assert set(spoken) == {written_in}

    def test_a_stranger_sees_the_same_whether_or_not_there_is_an_account(self):
        answers = [ask("ana@example.com"), ask("nadie@example.com")]
        assert {answer["Location"] for answer in answers} == {DONE}
        assert {answer.status_code for answer in answers} == {302}
        tasks.send_links()
        assert [message.to for message in mail.outbox] == [["Ana@example.com"]]

    def test_and_the_same_work_to_answer(self):
        ask("otra@example.com")
        work = []
        for email in ("ana@example.com", "nadie@example.com"):
            with queries() as asked:
                ask(email)
            work.append(asked.total)
        assert work[0] == work[1]

    def test_an_account_that_is_not_active_is_mailed_nothing(self, ana):
        User.objects.update(is_active=False)
        ask()
        tasks.send_links()
        assert not mail.outbox

    def test_nor_one_that_has_no_password_to_forget(self, ana):
        ana.set_unusable_password()
        ana.save()
        ask()
        tasks.send_links()
        assert not mail.outbox

    def test_each_account_with_that_address_has_its_own_link(self):
        User.objects.create_user("ana2", "ana@EXAMPLE.com", GOOD)
        ask()
        tasks.send_links()
        assert len({link_in(message) for message in mail.outbox}) == 2

    def test_what_is_no_address_is_said_at_its_field(self):
        assert "correo electrónico válid" in ask("ana").content.decode()

    def test_what_was_mailed_is_audited_by_the_name_of_the_account(self):
        mailed()
        row = Operacion.objects.get(operacion="enlace_enviado")
        assert row.detalle == {"cuenta": "ana"}


class TestShare:
    def test_an_address_of_mail_has_three_an_hour(self):
        answers = [ask().status_code for _ in range(OF_EMAIL + 1)]
        assert answers == [302, 302, 302, 429]
        tasks.send_links()
        assert len(mail.outbox) == OF_EMAIL

    def test_however_it_is_written(self):
        for email in ("ana@example.com", "ANA@example.com", "Ana@Example.com"):
            ask(email)
        assert ask("aNa@example.com").status_code == 429

    def test_one_that_nobody_has_is_refused_in_the_same_words(self):
        for _ in range(OF_EMAIL):
            ask(), ask("nadie@example.com")
        known, unknown = ask(), ask("nadie@example.com")
        sentence = "Ya se pidieron varios enlaces"
        assert sentence in known.content.decode()
        assert sentence in unknown.content.decode()
        assert known.status_code == unknown.status_code == 429

    def test_a_place_that_asks_for_many_has_its_share_too(self):
        for number in range(OF_ADDRESS):
            ask(f"n{number}@example.com")
        assert ask().status_code == 429
        assert ask(REMOTE_ADDR="192.0.2.9").status_code == 302

    def test_after_an_hour_they_begin_again(self):
        for _ in range(OF_EMAIL):
            ask()
        LinkRequest.objects.update(moment=timezone.now() - timedelta(minutes=61))
        assert ask().status_code == 302
        assert LinkRequest.objects.count() == 1


class TestLink:
    def test_it_serves_once(self):
        link = mailed()
        set_password(Client(), link)
        assert "Este enlace ya no sirve" in open_link(Client(), link).content.decode()

    def test_it_serves_for_an_hour(self, settings):
        assert settings.PASSWORD_RESET_TIMEOUT == 3600
        link = mailed()
        settings.PASSWORD_RESET_TIMEOUT = -1
        assert "Este enlace ya no sirve" in open_link(Client(), link).content.decode()

    def test_another_way_in_meanwhile_undoes_it(self):
        link = mailed()
        enters(GOOD)
        assert "Este enlace ya no sirve" in open_link(Client(), link).content.decode()

    @pytest.mark.parametrize("key", ["MQ", "OTk5", "zz", "....", "AAAAAAAAAAAAAAAAAAAAAAAAAA"])
    def test_one_that_somebody_made_up_is_told_not_thrown(self, key):
        answer = Client().get(f"/admin/reset/{key}/abc123-def/")
        assert answer.status_code == 200
        assert "Este enlace ya no sirve" in answer.content.decode()

    def test_it_is_not_left_in_the_address(self):
        client = Client()
        answer = client.get(mailed())
        assert answer["Location"].endswith("/set-password/")

    def test_a_weak_password_is_refused_with_its_reason(self):
        answer = set_password(Client(), mailed(), "12345678")
        assert answer.status_code == 200
        assert "numérica" in answer.content.decode()
        assert enters(GOOD)

    def test_so_are_two_that_differ(self):
        answer = set_password(Client(), mailed(), NEW, "otra-distinta-larga")
        assert answer.status_code == 200

    def test_the_sessions_of_before_end(self):
        inside = Client()
        inside.post(DOOR, {"username": "ana", "password": GOOD})
        link = mailed()
        set_password(Client(), link)
        assert inside.get(reverse("admin:password_change")).status_code == 302

    def test_who_was_locked_out_may_enter_with_the_new_password(self):
        for _ in range(5):
            enters("mala")
        set_password(Client(), mailed())
        assert not Intento.objects.exists()
        assert enters(NEW)

    def test_it_does_not_lead_to_a_site_that_the_request_named(self, settings):
        settings.ALLOWED_HOSTS = ["cartera.example.com"]
        assert ask(HTTP_HOST="mala.example.com").status_code == 400
        ask(HTTP_HOST="cartera.example.com")
        tasks.send_links()
        assert "http://cartera.example.com/admin/reset/" in mail.outbox[0].body


class TestSending:
    def test_a_worker_is_called_once_the_request_is_kept(
        self, woken, django_capture_on_commit_callbacks
    ):
        with django_capture_on_commit_callbacks(execute=True):
            ask()
            assert woken == []
        assert woken == ["core.tasks.send_links"]

    def test_without_a_broker_the_beat_sends_it(
        self, monkeypatch, django_capture_on_commit_callbacks
    ):
        def fails(*args):
            raise OperationalError("no hay nadie")

        monkeypatch.setattr(links.current_app, "send_task", fails)
        with django_capture_on_commit_callbacks(execute=True):
            assert ask().status_code == 302
        tasks.send_links()
        assert len(mail.outbox) == 1

    def test_twice_is_once(self):
        ask()
        tasks.send_links()
        tasks.send_links()
        assert len(mail.outbox) == 1

    def test_two_workers_do_not_send_it_twice(self):
        ask()
        with lease("enlaces"):
            tasks.send_links()
        assert not mail.outbox
        tasks.send_links()
        assert len(mail.outbox) == 1

    @pytest.mark.parametrize("failure", [SMTPException("no"), OSError("no")])
    def test_a_server_that_fails_is_asked_again_and_then_left(self, monkeypatch, failure):
        def fails(*args, **kwargs):
            raise failure

        ask()
        with monkeypatch.context() as patch:
            patch.setattr(links, "send_mail", fails)
            tasks.send_links()
        assert LinkRequest.objects.get().sent is None
        LinkRequest.objects.update(moment=timezone.now() - timedelta(minutes=11))
        tasks.send_links()
        assert not mail.outbox
        LinkRequest.objects.update(moment=timezone.now() - timedelta(minutes=9))
        tasks.send_links()
        assert len(mail.outbox) == 1

    def test_old_requests_are_forgotten(self):
        ask()
        LinkRequest.objects.update(moment=timezone.now() - timedelta(minutes=61))
        tasks.forget_sessions()
        assert not LinkRequest.objects.exists()


class TestInvitation:
    @pytest.fixture
    def client(self, client):
        rosa = User.objects.create_user("rosa", is_staff=True)
        rosa.groups.add(Group.objects.get(name="Administración"))
        client.force_login(rosa)
        return client

    @pytest.fixture
    def nueva(self):
        return User.objects.create_user("nueva", "nueva@example.com", is_staff=True)

    def invite(self, client, *accounts, **data):
        keys = [account.pk for account in accounts]
        return client.post(
            ACCOUNTS, {"action": "enviar_enlace", "_selected_action": keys} | data, follow=True
        )

    def test_a_new_account_chooses_its_first_password(self, client, nueva):
        assert "Se envía 1 enlace" in self.invite(client, nueva).content.decode()
        tasks.send_links()
        (message,) = mail.outbox
        assert message.subject == "Su cuenta en Cartera"
        assert message.to == ["nueva@example.com"]
        set_password(Client(), link_in(message))
        nueva.refresh_from_db()
        assert nueva.check_password(NEW)

    def test_it_leads_back_to_the_page_it_was_asked_from(self, client, nueva):
        page = reverse("admin:auth_user_change", args=[nueva.pk])
        answer = self.invite(client, nueva, _back=page)
        assert answer.redirect_chain[-1][0] == page
        assert "Enviar enlace de acceso" in answer.content.decode()

    def test_one_without_mail_is_told(self, client):
        lost = User.objects.create_user("perdida")
        assert "no tiene correo" in self.invite(client, lost).content.decode()
        assert not LinkRequest.objects.exists()

    def test_so_is_one_that_is_not_active(self, client, nueva):
        User.objects.filter(pk=nueva.pk).update(is_active=False)
        assert "está desactivada" in self.invite(client, nueva).content.decode()

    def test_one_deactivated_meanwhile_is_mailed_nothing(self, client, nueva):
        self.invite(client, nueva)
        User.objects.filter(pk=nueva.pk).update(is_active=False)
        tasks.send_links()
        assert not mail.outbox

    def test_who_administers_does_not_reach_those_above(self, client, ana):
        ana.is_superuser = True
        ana.save()
        assert "Puede más que usted" in self.invite(client, ana).content.decode()
        assert not LinkRequest.objects.exists()

    def test_those_invited_do_not_use_up_the_share_of_a_place(self, client):
        for number in range(OF_ADDRESS):
            self.invite(client, User.objects.create_user(f"n{number}", f"n{number}@example.com"))
        assert ask().status_code == 302
