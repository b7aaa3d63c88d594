"""What every page promises, as tests that an app inherits: class TestPaginaDeClientes(PageContract)."""

from typing import Any, ClassVar

import pytest
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.http import urlencode

from core import tokens
from core.entities import Entity
from core.testing import queries

PAGE = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
JSON = {"Accept": "application/json"}
ATTACK = "<script>alert('Ñandú')</script>"


def person(role: str) -> User:
    """Make an account of `role` that enters the office."""
    user = User.objects.create_user(f"de-{role}", password="clave", is_staff=True)
    if role:
        user.groups.add(Group.objects.get(name=role))
    return user


def signed_in(role: str, **options: Any) -> Client:
    client = Client(**options)
    client.force_login(person(role))
    return client


@pytest.mark.django_db(databases="__all__")
class PageContract:
    """Inherit, and name the model, its factory, its address, and what a row of it needs."""

    model: ClassVar[type[Entity]]
    factory: ClassVar[Any]
    address: ClassVar[str]
    text: ClassVar[str]  # a field of text that a row must have

    def payload(self) -> dict[str, Any]:
        """Return what registers one more row."""
        raise NotImplementedError

    def form(self, **changed: Any) -> dict[str, Any]:
        return {name: value for name, value in (self.payload() | changed).items() if value}

    def rows(self) -> int:
        return self.model._default_manager.count()

    @pytest.fixture(params=["", "/"])
    def url(self, request: pytest.FixtureRequest) -> str:
        return f"{self.address}{request.param}"

    @pytest.fixture
    def opened(self, settings: Any) -> None:
        settings.OPEN_INTERFACES = ["pages"]

    # Read.

    def test_a_program_gets_the_list_as_json(self, admin_client: Client, url: str) -> None:
        row = self.factory()
        for headers in (JSON, {"Accept": "*/*"}, {}, {"Accept": "image/png"}):
            answer = admin_client.get(url, headers=headers)
            assert answer.status_code == 200
            assert answer.headers["Content-Type"] == "application/json"
            data = answer.json()
            assert list(data) == ["count", "next", "previous", "results"]
            assert data["count"] == self.rows()
            assert str(row.pk) in [one["id"] for one in data["results"]]

    def test_a_browser_gets_a_page_in_spanish(self, admin_client: Client, url: str) -> None:
        row = self.factory()
        answer = admin_client.get(url, headers=PAGE)
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
        html = answer.content.decode()
        assert '<html lang="es"' in html and "Registrar" in html and 'name="search"' in html
        assert str(row.pk) in html  # the address of the row in the office
        assert "no-store" in answer.headers["Cache-Control"]
        assert {"Accept", "Cookie"} <= {*answer.headers["Vary"].replace(" ", "").split(",")}

    def test_who_prefers_json_a_little_more_gets_it(self, admin_client: Client) -> None:
        for accept, expected in (
            ("text/html;q=0.8, application/json", "application/json"),
            ("text/html, application/json;q=0.9", "text/html"),
            ("application/json, text/html", "application/json"),
            ("text/*", "text/html"),
        ):
            answer = admin_client.get(self.address, headers={"Accept": accept})
            assert answer.headers["Content-Type"].startswith(expected), accept

    def test_the_list_goes_on_in_numbered_pages(self, admin_client: Client) -> None:
        self.factory.create_batch(5)
        seen: list[str] = []
        url = f"{self.address}?page_size=2"
        while url:
            data = admin_client.get(url).json()
            assert len(data["results"]) <= 2
            seen += [one["id"] for one in data["results"]]
            url = data["next"]
        assert len(seen) == len({*seen}) == data["count"] == self.rows()
        assert data["previous"]

    @pytest.mark.parametrize(
        "query", ["page=0", "page=x", "page_size=0", "page_size=201", "page=-1", "page=1e3"]
    )
    def test_a_page_that_is_no_number_is_refused(self, admin_client: Client, query: str) -> None:
        answer = admin_client.get(f"{self.address}?{query}")
        assert answer.status_code == 400
        assert [*answer.json()] == [query.partition("=")[0]]
        assert admin_client.get(f"{self.address}?{query}", headers=PAGE).status_code == 400

    def test_there_is_nothing_after_the_last_page(self, admin_client: Client) -> None:
        far = f"{self.address}?page=999999999"
        assert admin_client.get(far).status_code == 404
        assert admin_client.get(far, headers=PAGE).status_code == 200

    def test_what_is_looked_for_is_found_without_accents(self, admin_client: Client) -> None:
        self.factory()
        row = self.factory()
        word = str(getattr(row, self.model.search_terms[0]))
        for term in (word, word.upper()):
            found = admin_client.get(self.address, {"search": term}).json()["results"]
            assert str(row.pk) in [one["id"] for one in found]
        nothing = admin_client.get(self.address, {"search": "zzzz-no-hay"}, headers=PAGE)
        assert "Nada coincide con lo que busca." in nothing.content.decode()

    def test_a_filter_that_nobody_filled_in_filters_nothing(self, admin_client: Client) -> None:
        row = self.factory()
        blank = {"search": "", "page": "", **dict.fromkeys(self.filters(admin_client), "")}
        assert admin_client.get(self.address, blank).json()["count"] == self.rows()
        assert str(row.pk) in admin_client.get(self.address, blank, headers=PAGE).content.decode()

    def filters(self, client: Client) -> list[str]:
        page = client.get(self.address, headers=PAGE).content.decode()
        return [part.partition('"')[0] for part in page.split('id="filtro-')[1:]]

    def test_a_parameter_that_means_nothing_is_refused_to_programs(
        self, admin_client: Client
    ) -> None:
        answer = admin_client.get(self.address, {"serch": "a"})
        assert answer.status_code == 400 and "serch" in answer.json()
        assert admin_client.get(self.address, {"utm": "a"}, headers=PAGE).status_code == 200

    def test_an_empty_list_says_so(self, admin_client: Client) -> None:
        page = admin_client.get(self.address, headers=PAGE).content.decode()
        assert "Todavía no hay" in page and "<table" not in page

    def test_the_list_asks_the_same_whatever_its_length(self, admin_client: Client) -> None:
        for headers in (PAGE, JSON):
            self.factory.create_batch(3)
            admin_client.get(self.address, headers=headers)
            with queries() as few:
                admin_client.get(self.address, headers=headers)
            self.factory.create_batch(27)
            with queries() as many:
                answer = admin_client.get(self.address, {"page_size": 200}, headers=headers)
            assert answer.status_code == 200
            assert few.total == many.total <= 11, many.by_store

    def test_what_was_written_is_shown_as_text(self, admin_client: Client) -> None:
        self.factory(**{self.text: ATTACK[:40]})
        page = admin_client.get(self.address, {"search": ATTACK}, headers=PAGE).content.decode()
        listed = admin_client.get(self.address, headers=PAGE).content.decode()
        sent = admin_client.post(self.address, {self.text: ATTACK * 20}, headers=PAGE)
        for html in (page, listed, sent.content.decode()):
            assert "<script>alert" not in html
            assert "&lt;script&gt;alert" in html

    # Registered.

    def test_json_registers_a_row(self, admin_client: Client, url: str) -> None:
        answer = admin_client.post(url, self.payload(), content_type="application/json")
        assert answer.status_code == 201, answer.content
        made = self.model._default_manager.get(pk=answer.json()["id"])
        assert answer.json()[self.text] == str(getattr(made, self.text))
        assert made.history.count() == 1

    def test_json_is_answered_in_json_whatever_is_accepted(self, admin_client: Client) -> None:
        options: dict[str, Any] = {"content_type": "application/json", "headers": PAGE}
        assert admin_client.post(self.address, self.payload(), **options).status_code == 201
        refused = admin_client.post(self.address, {}, **options)
        assert refused.status_code == 400 and refused.json()

    def test_a_page_leads_to_the_list_with_a_message(self, admin_client: Client, url: str) -> None:
        answer = admin_client.post(url, self.form(), headers=PAGE)
        assert (answer.status_code, answer.headers["Location"]) == (302, url), answer.content
        row = self.model._default_manager.order_by("-creado").first()
        assert any("Se registró" in str(one) for one in get_messages(answer.wsgi_request))
        page = admin_client.get(url, headers=PAGE).content.decode()
        assert "Se registró" in page and str(row.pk if row else "") in page

    def test_a_form_of_a_program_is_answered_in_json(self, admin_client: Client, url: str) -> None:
        answer = admin_client.post(url, self.form(), headers=JSON)
        assert answer.status_code == 201, answer.content
        assert self.model._default_manager.filter(pk=answer.json()["id"]).exists()
        assert admin_client.post(url, {}, headers=JSON).status_code == 400

    def test_a_form_may_come_urlencoded(self, admin_client: Client, url: str) -> None:
        answer = admin_client.post(
            url, urlencode(self.form()), content_type="application/x-www-form-urlencoded"
        )
        assert answer.status_code == 201, answer.content

    def test_what_is_missing_is_said_by_field_in_spanish(self, admin_client: Client) -> None:
        before = self.rows()
        for sent in (
            {"data": {}, "content_type": "application/json"},
            {"data": {}, "headers": JSON},
        ):
            answer = admin_client.post(self.address, **sent)
            assert answer.status_code == 400
            assert self.text in answer.json() or "cliente" in answer.json()
            sentences = [one for said in answer.json().values() for one in said]
            assert all(isinstance(one, str) and one.endswith(".") for one in sentences)
        assert self.rows() == before

    def test_the_form_comes_back_with_what_was_typed_and_why_not(
        self, admin_client: Client
    ) -> None:
        typed = {self.text: "Ñandú " * 200, "notas": "", "email": "esto no es", "telefono": "+51 9"}
        known = admin_client.get(self.address, headers=PAGE).content.decode()
        typed = {name: value for name, value in typed.items() if f'name="{name}"' in known}
        answer = admin_client.post(self.address, typed, headers=PAGE)
        assert answer.status_code == 400
        page = answer.content.decode()
        assert page.count("Ñandú Ñandú") and 'id="registrar" open' in page
        assert f'href="#campo-{self.text}"' in page and f'id="error-{self.text}"' in page
        assert f"error-{self.text}" in page.partition('aria-describedby="')[2]
        assert 'aria-invalid="true"' in page and 'role="alert"' in page
        assert "<title>Error" in page
        for value in typed.values():
            assert value.strip()[:30] in page

    def test_a_field_that_means_nothing_is_refused(self, admin_client: Client) -> None:
        for sent in ({"content_type": "application/json"}, {"headers": JSON}):
            answer = admin_client.post(self.address, self.form(nombrre="x"), **sent)
            assert answer.status_code == 400 and "nombrre" in answer.json()
        page = admin_client.post(self.address, self.form(nombrre="x"), headers=PAGE)
        assert page.status_code == 400 and "nombrre" in page.content.decode()

    def test_sent_twice_by_an_impatient_hand_it_registers_once(self, admin_client: Client) -> None:
        form, before = self.form() | self.mark(admin_client), self.rows()
        again = [admin_client.post(self.address, form, headers=PAGE) for _ in range(2)]
        assert [answer.status_code for answer in again] == [302, 302]
        assert self.rows() == before + 1
        assert self.model._default_manager.latest("creado").pk.version == 7  # sorted by time

    def test_sent_again_with_other_data_it_registers_another(self, admin_client: Client) -> None:
        first, mark, before = self.form(), self.mark(admin_client), self.rows()
        admin_client.post(self.address, first | mark, headers=PAGE)
        answer = admin_client.post(self.address, self.form() | {self.text: "Otra"} | mark)
        assert answer.status_code == 201
        assert self.rows() == before + 2

    def test_nobody_chooses_the_key_of_a_row(self, admin_client: Client) -> None:
        key = "01901b2c-7d3e-7000-8000-0000000000c1"
        for mark in (key, f"{key}:firma", ""):
            form = self.form(_una_vez=mark)
            assert admin_client.post(self.address, form, headers=PAGE).status_code == 302
        assert not self.model._default_manager.filter(pk=key).exists()

    def mark(self, client: Client) -> dict[str, str]:
        """Return the mark that a form just drawn carries."""
        page = client.get(self.address, headers=PAGE).content.decode()
        return {"_una_vez": page.partition('name="_una_vez" value="')[2].partition('"')[0]}

    def test_a_file_is_not_taken(self, admin_client: Client) -> None:
        file = SimpleUploadedFile("a.txt", b"hola")
        answer = admin_client.post(self.address, self.form(**{self.text: file}), headers=JSON)
        assert (answer.status_code, [*answer.json()]) == (400, [self.text])

    def test_a_body_too_large_is_not_read(self, admin_client: Client) -> None:
        size = settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1
        for content_type in ("application/json", "application/x-www-form-urlencoded"):
            for headers in (JSON, PAGE):
                answer = admin_client.generic(
                    "POST", self.address, b"a" * size, content_type=content_type, headers=headers
                )
                assert answer.status_code == 413

    def test_other_kinds_of_body_are_not_taken(self, admin_client: Client, url: str) -> None:
        for content_type in ("text/plain", "text/csv", "application/xml", ""):
            answer = admin_client.generic("POST", url, b"a", content_type=content_type)
            assert answer.status_code == 415, content_type

    def test_methods_that_are_not_there_are_said_so(self, admin_client: Client, url: str) -> None:
        for method in ("put", "patch", "delete"):
            answer = getattr(admin_client, method)(url)
            assert answer.status_code == 405 and "GET" in answer.headers["Allow"]
            assert getattr(admin_client, method)(url, headers=PAGE).status_code == 405
        assert admin_client.head(url).status_code == 200
        assert admin_client.options(url).status_code == 200

    # Who.

    def test_who_has_not_signed_in_is_told_or_taken_to_the_door(self, url: str) -> None:
        client = Client()
        assert client.get(url).status_code == 401
        assert client.post(url, {}, content_type="application/json").status_code == 401
        assert client.post(url, {}).status_code == 401
        for answer in (client.get(url, headers=PAGE), client.post(url, {}, headers=PAGE)):
            assert answer.status_code == 302
            assert answer.headers["Location"] == f"/admin/login/?next={url}"

    def test_where_the_interface_is_open_anyone_lists_and_registers(
        self, opened: None, url: str
    ) -> None:
        client = Client(enforce_csrf_checks=True)
        assert client.get(url).status_code == 200
        page = client.get(url, headers=PAGE).content.decode()
        assert "Entrar" in page and 'href="/admin/"' not in page
        options = {"content_type": "application/json"}
        assert client.post(url, self.payload(), **options).status_code == 201
        assert client.post(url, self.form()).status_code == 201

    def test_another_open_interface_opens_nothing_here(self, settings: Any) -> None:
        settings.OPEN_INTERFACES = ["analytics", "sky", "archivos", "reportes", "ingestion"]
        assert Client().get(self.address).status_code == 401

    def test_who_may_only_look_is_shown_no_form_and_registers_nothing(self) -> None:
        self.factory()
        sent, before = self.form(), self.rows()
        for role in ("Consulta", "Cobros"):
            client = signed_in(role)
            page = client.get(self.address, headers=PAGE).content.decode()
            assert "<table" in page and "Registrar" not in page
            answer = client.post(self.address, sent, content_type="application/json")
            assert answer.status_code == 403 and "permiso" in answer.json()["detail"]
            told = client.post(self.address, sent, headers=PAGE)
            assert told.status_code == 403 and "No tiene permiso" in told.content.decode()
        assert self.rows() == before

    def test_who_has_no_role_sees_nothing(self) -> None:
        client = signed_in("")
        assert client.get(self.address).status_code == 403
        page = client.get(self.address, headers=PAGE)
        assert page.status_code == 403 and "<table" not in page.content.decode()

    def test_a_token_is_as_good_as_a_session(self) -> None:
        reads, writes = (
            tokens.issue(user, nombre="x", alcance=alcance, vence=None, by=user)[1]
            for user, alcance in (
                (person("Consulta"), "lectura"),
                (person("Administración"), "escritura"),
            )
        )
        client = Client(enforce_csrf_checks=True)
        assert client.get(self.address, headers={"X-API-Key": reads}).status_code == 200
        for secret, code in ((reads, 403), (writes, 201), ("nadie", 401)):
            answer = client.post(
                self.address,
                self.payload(),
                content_type="application/json",
                headers={"Authorization": f"Token {secret}"},
            )
            assert answer.status_code == code

    # Whence.

    def test_a_form_without_the_token_of_the_session_is_refused(self) -> None:
        client = signed_in("Administración", enforce_csrf_checks=True)
        assert client.post(self.address, self.form(), headers=PAGE).status_code == 403
        page = client.get(self.address, headers=PAGE).content.decode()
        token = page.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
        form = self.form(csrfmiddlewaretoken=token)
        assert client.post(self.address, form, headers=PAGE).status_code == 302

    def test_an_open_door_takes_no_form_that_another_site_sends(self, opened: None) -> None:
        client = Client(enforce_csrf_checks=True)
        for headers, code in (
            ({"Origin": "http://testserver"}, 302),
            ({"Referer": "http://testserver/otra"}, 302),
            ({"Origin": "https://otro.sitio"}, 403),
            ({"Origin": "null"}, 403),
            ({"Referer": "https://otro.sitio/clientes"}, 403),
            ({"Referer": "http://[mal"}, 403),
            ({"Origin": "https://otro.sitio", "Referer": "http://testserver/"}, 403),
        ):
            answer = client.post(self.address, self.form(), headers=PAGE | headers)
            assert answer.status_code == code, headers

    def test_the_token_of_the_page_does_for_who_hides_where_they_come_from(
        self, opened: None
    ) -> None:
        client = Client(enforce_csrf_checks=True)
        page = client.get(self.address, headers=PAGE).content.decode()
        token = page.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
        form = self.form(csrfmiddlewaretoken=token)
        headers = PAGE | {"Referer": "https://puerta.de.enfrente/"}
        assert client.post(self.address, form, headers=headers).status_code == 302

    # Around it.

    def test_the_page_leads_to_those_that_the_person_may_see(self, admin_client: Client) -> None:
        page = " ".join(admin_client.get(self.address, headers=PAGE).content.decode().split())
        for address in ("/clientes", "/polizas", "/agentes", "/especialidades"):
            assert f'href="{address}"' in page
        assert f'href="{self.address}" aria-current="page"' in page
        assert "/admin/logout/" in page and 'href="/admin/"' in page
        assert "http://" not in page.replace("http://testserver", "").replace(
            "http://www.w3.org", ""
        )

    def test_it_speaks_the_language_of_who_reads(self, admin_client: Client) -> None:
        headers = PAGE | {"Accept-Language": "en"}
        assert '<html lang="en"' in admin_client.get(self.address, headers=headers).content.decode()
        admin_client.post("/i18n/setlang/", {"language": "en", "next": self.address})
        assert '<html lang="en"' in admin_client.get(self.address, headers=PAGE).content.decode()
