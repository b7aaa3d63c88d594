"""The language of a person, and the numbers and dates that go with it."""

from datetime import date
from decimal import Decimal

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import formats, translation

from core import languages
from core.models import Preferencias

pytestmark = pytest.mark.django_db(databases="__all__")

DOOR = reverse("admin:login")
CHOOSE = reverse("set_language")
PAGE = reverse("admin:password_change")
GOOD = "una-clave-larga"


@pytest.fixture(autouse=True)
def ana():
    return User.objects.create_user("ana", password=GOOD, is_staff=True)


def signed_in(client=None, username="ana"):
    client = client or Client()
    client.post(DOOR, {"username": username, "password": GOOD})
    return client


def choose(client, language, **data):
    return client.post(CHOOSE, {"language": language} | data)


def speaks(client, page=PAGE, **headers):
    return client.get(page, **headers)["Content-Language"]


class TestWhoChose:
    def test_the_choice_is_kept_with_the_account(self, ana):
        client = signed_in()
        choose(client, "en")
        assert speaks(client) == "en"
        assert ana.preferencias.idioma == "en"

    def test_it_follows_them_to_another_machine(self):
        choose(signed_in(), "en")
        assert speaks(signed_in(), HTTP_ACCEPT_LANGUAGE="es") == "en"

    def test_it_may_change_again(self, ana):
        client = signed_in()
        choose(client, "en")
        choose(client, "es")
        assert speaks(client) == "es"
        assert Preferencias.objects.get().idioma == "es"

    def test_what_is_chosen_at_the_door_is_theirs_once_they_come_in(self, ana):
        client = Client()
        choose(client, "en")
        assert speaks(client, DOOR) == "en"
        assert speaks(signed_in(client)) == "en"
        assert languages.language_of(ana) == "en"

    def test_it_wins_over_what_they_had_chosen_before(self, ana):
        choose(signed_in(), "en")
        client = Client()
        choose(client, "es")
        assert speaks(signed_in(client)) == "es"
        assert languages.language_of(ana) == "es"

    def test_who_comes_in_next_at_the_same_machine_has_their_own(self):
        User.objects.create_user("luis", password=GOOD, is_staff=True)
        choose(signed_in(username="luis"), "es")
        client = signed_in()
        choose(client, "en")
        client.post(reverse("admin:logout"))
        assert speaks(signed_in(client, "luis")) == "es"
        assert Preferencias.objects.get(user__username="luis").idioma == "es"

    def test_a_language_that_there_is_not_changes_nothing(self, ana):
        client = signed_in()
        assert choose(client, "xx").status_code == 302
        assert speaks(client) == "es"
        assert not Preferencias.objects.exists()

    def test_one_kept_from_before_that_there_is_no_more_is_forgotten(self, ana):
        Preferencias.objects.create(user=ana, idioma="fr")
        assert speaks(signed_in()) == "es"

    def test_an_address_that_is_visited_chooses_nothing(self, ana):
        client = signed_in()
        client.get(CHOOSE, {"language": "en"})
        assert speaks(client) == "es"

    def test_it_costs_no_query_on_each_page(self, django_assert_max_num_queries):
        plain, chosen = signed_in(), signed_in()
        choose(chosen, "en")
        with django_assert_max_num_queries(50) as asked:
            plain.get(PAGE)
        with django_assert_max_num_queries(len(asked)):
            chosen.get(PAGE)

    def test_it_leaves_with_the_account(self, ana):
        choose(signed_in(), "en")
        ana.delete()
        assert not Preferencias.objects.exists()


class TestWhoDidNotChoose:
    @pytest.mark.parametrize(
        "header, language",
        [("es-PE,es;q=0.9", "es"), ("en-GB,en;q=0.9,es;q=0.5", "en"), ("fr", "es"), ("", "es")],
    )
    def test_the_browser_chooses(self, header, language):
        assert speaks(Client(), DOOR, HTTP_ACCEPT_LANGUAGE=header) == language

    def test_so_does_a_program_that_asks_the_api(self):
        answers = {
            language: Client().get(
                reverse("health"), HTTP_ACCEPT="application/json", HTTP_ACCEPT_LANGUAGE=language
            )
            for language in ("es", "en")
        }
        assert {name: answer["Content-Language"] for name, answer in answers.items()} == {
            "es": "es",
            "en": "en",
        }
        assert answers["es"].json() != answers["en"].json()


class TestDoor:
    def test_it_offers_the_languages_and_comes_back_to_the_same_page(self):
        content = Client().get(DOOR, {"next": "/admin/auth/user/"}).content.decode()
        assert 'name="language" value="en"' in content
        assert 'name="next" value="/admin/login/?next=%2Fadmin%2Fauth%2Fuser%2F"' in content

    def test_the_choice_leads_back_but_never_to_another_site(self):
        client = Client()
        back = "/admin/login/?next=/admin/auth/user/"
        assert choose(client, "en", next=back)["Location"] == back
        assert "example.com" not in choose(client, "en", next="https://example.com/")["Location"]


class TestFormats:
    """Numbers and dates as who reads them writes them."""

    @pytest.mark.parametrize(
        "language, number, day",
        [("es", "1\xa0234\xa0567,50", "05/03/2026"), ("en", "1,234,567.50", "5 Mar 2026")],
    )
    def test_each_language_has_its_own(self, language, number, day):
        with translation.override(language):
            assert formats.localize(Decimal("1234567.50")) == number
            assert formats.localize(date(2026, 3, 5)) == day

    def test_an_administrator_sees_dates_in_theirs(self, ana):
        ana.is_superuser = True
        ana.save()
        User.objects.filter(pk=ana.pk).update(date_joined="2026-03-05T15:00:00Z")
        client = signed_in()
        page = reverse("admin:auth_user_change", args=[ana.pk])
        assert "05/03/2026" in client.get(page).content.decode()
        choose(client, "en")
        assert "5 Mar 2026" in client.get(page).content.decode()
