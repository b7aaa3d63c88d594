"""What the API answers when things go wrong: a status that is true and a sentence that helps."""

import json

import pytest
from django.db import InterfaceError, OperationalError
from django.test import Client
from rest_framework import serializers
from rest_framework.test import APIClient

from clientes.models import Cliente
from clientes.tests.factories import ClienteFactory
from core.api.errors import by_field, handle
from core.api.negotiation import JSONBody
from core.api.testing import of_role, signed_in
from core.api.viewsets import ReadViewSet
from especialidades.models import Especialidad

pytestmark = pytest.mark.django_db(databases="__all__")

LIST = "/api/v1/clientes/"


@pytest.fixture
def client():
    return signed_in()


def send(client, body, content_type="application/json", **headers):
    return client.generic("POST", LIST, body, content_type=content_type, headers=headers)


class TestBodies:
    @pytest.mark.parametrize(
        "body",
        [
            b"", b"{", b"[]", b"null", b'"x"', b"3", b'{"nombres": }', b"\xff\xfe", b"nombres=Ana",
            b'{"nombres": NaN}', b'{"telefono": 1e999, "nombres": "Ana"}',
            b'{"nombres": "A\\u0000"}', b'{"nombres": "\\ud800"}', b'{"nombres": null}',
            b'{"nombres": ["Ana"]}', b'{"nombres": {"x": 1}}', b'{"nombres": "Ana", "agente": {}}',
            b"[" * 100_000, b'{"a":' * 50_000,
        ],
    )  # fmt: skip
    def test_what_can_t_be_kept_is_a_400_with_sentences(self, client, body):
        answer = send(client, body)
        assert answer.status_code == 400
        assert all(isinstance(said, list) and said for said in answer.data.values())
        assert not Cliente.objects.exists()

    def test_a_literal_backslash_is_no_nul(self, client):
        answer = send(client, json.dumps({"nombres": "A\\u0000"}))
        assert answer.status_code == 201
        assert answer.data["nombres"] == "A\\u0000"

    def test_a_form_is_no_json(self, client):
        assert send(client, "nombres=Ana", "application/x-www-form-urlencoded").status_code == 415

    def test_one_too_large_is_not_even_read(self, client, settings):
        settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
        answer = send(client, json.dumps({"nombres": "A" * 2000}))
        assert answer.status_code == 413

    def test_another_alphabet_is_understood_by_its_name(self, client):
        body = '{"nombres": "Íñigo"}'.encode("latin-1")
        answer = send(client, body, "application/json; charset=latin-1")
        assert (answer.status_code, answer.data["nombres"]) == (201, "Íñigo")

    def test_the_parser_is_of_json(self):
        assert JSONBody.media_type == "application/json"


class TestAddresses:
    @pytest.mark.parametrize(
        "path", ["x/", "clientes/x/", "clientes/1.5/", "x/y/z/", "clientes/a/b/"]
    )
    def test_one_that_is_none_is_a_404_in_json(self, client, path):
        answer = client.get(f"/api/v1/{path}")
        assert answer.status_code == 404
        assert answer.data == {"detail": "No encontrado."}

    def test_nobody_is_told_which_there_are_without_signing_in(self):
        assert APIClient().get("/api/v1/x/").status_code == 401
        assert APIClient().get("/api/v1/").status_code == 401

    def test_one_that_lacks_its_last_slash_is_sent_there_with_its_body(self, client):
        answer = client.post("/api/v1/clientes?expand=agente", {"nombres": "Ana"}, format="json")
        assert answer.status_code == 308
        assert answer["Location"] == "/api/v1/clientes/?expand=agente"
        followed = client.post("/api/v1/clientes", {"nombres": "Ana"}, format="json", follow=True)
        assert followed.status_code == 201

    def test_one_that_is_none_even_with_it_is_not_sent_anywhere(self, client):
        assert client.get("/api/v1/nada").status_code == 404

    def test_its_root_lists_the_collections(self, client):
        listed = client.get("/api/v1/").data
        assert {"clientes", "agentes", "especialidades", "tokens"} <= set(listed)
        assert client.get(listed["clientes"]).status_code == 200

    def test_a_method_that_is_none_is_told_so(self, client):
        assert client.put(LIST, {}, format="json").status_code == 405
        assert client.post("/api/v1/", {}, format="json").status_code == 405

    def test_what_it_takes_can_be_asked(self, client):
        answer = client.options(LIST)
        assert answer.status_code == 200
        assert "nombres" in answer.data["actions"]["POST"]


class TestFormats:
    @pytest.mark.parametrize(
        "accept", ["", "*/*", "application/json", "application/xml", "x", "a/b;q=z"]
    )
    def test_programs_get_json_whatever_they_accept(self, client, accept):
        answer = client.get(LIST, headers={"Accept": accept})
        assert answer.status_code == 200
        assert answer["Content-Type"] == "application/json"

    def test_a_browser_gets_a_page_and_may_ask_for_json(self, client):
        browser = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
        assert client.get(LIST, headers=browser)["Content-Type"].startswith("text/html")
        asked = client.get(f"{LIST}?format=json", headers=browser)
        assert asked["Content-Type"] == "application/json"

    def test_letters_are_themselves(self, client):
        ClienteFactory(nombres="Íñigo")
        assert "Íñigo" in client.get(LIST).content.decode()

    def test_sentences_are_in_the_language_that_is_accepted(self, client):
        english = client.get(LIST, {"zz": "1"}, headers={"Accept-Language": "en"})
        spanish = client.get(LIST, {"zz": "1"})
        assert spanish.data["zz"][0].startswith("No se conoce")
        assert english.status_code == 400


class TestFailures:
    @pytest.mark.parametrize("failure", [OperationalError, InterfaceError])
    def test_a_store_that_is_down_is_a_503_that_gives_nothing_away(
        self, client, monkeypatch, failure
    ):
        def down(view):
            raise failure("could not connect to server at 10.0.0.1 password=secreta")

        monkeypatch.setattr(ReadViewSet, "get_queryset", down)
        answer = client.get(LIST)
        assert answer.status_code == 503
        assert "secreta" not in answer.content.decode()
        assert answer.data["detail"]

    def test_a_fault_of_ours_stays_a_500(self, monkeypatch):
        def broken(view):
            raise RuntimeError("nuestra")

        monkeypatch.setattr(ReadViewSet, "get_queryset", broken)
        client = APIClient(raise_request_exception=False)
        client.force_login(of_role("Administración"))
        assert client.get(LIST).status_code == 500

    def test_a_search_that_finds_too_many_elsewhere_says_so(self, client, monkeypatch):
        from core import lookups

        monkeypatch.setattr(lookups, "MAX_KEYS", 1)
        ClienteFactory.create_batch(3)
        answer = client.get("/api/v1/bienes/", {"search": "maria"})
        assert answer.status_code in (200, 400)

    def test_sentences_inside_others_are_told_by_their_path(self, rf):
        refusal = serializers.ValidationError(
            {"partes": [{}, {"monto": ["No."], "otra": {"x": "Tampoco."}}], "detail": "Nada."}
        )
        answer = handle(refusal, {"request": rf.get("/"), "view": None})
        assert answer.data == {
            "partes.1.monto": ["No."],
            "partes.1.otra.x": ["Tampoco."],
            "detail": ["Nada."],
        }

    def test_a_refusal_of_a_field_that_is_not_shown_is_of_the_whole(self):
        from django.core.exceptions import ValidationError

        refusal = ValidationError({"oculto": "No.", "nombre": "Tampoco.", "__all__": ["Nada."]})
        assert by_field(refusal, {"nombre"}) == {
            "detail": ["No.", "Nada."],
            "nombre": ["Tampoco."],
        }


def test_a_refused_write_leaves_nothing_behind(client, monkeypatch):
    """Neither the row nor its history: the portfolio is judged inside the transaction."""
    from django.core.exceptions import ValidationError

    from core import rights

    def refuse(user, row):
        assert Cliente.objects.filter(pk=row.pk).exists()
        raise ValidationError("fuera")

    monkeypatch.setattr(rights, "require_visible", refuse)
    answer = send(client, '{"nombres": "Ana"}')
    assert (answer.status_code, answer.data) == (400, {"detail": ["fuera"]})
    assert not Cliente.objects.exists()
    assert not Cliente.history.exists()


def test_a_page_of_the_sign_in_is_not_what_a_program_gets():
    assert Client().get(LIST).headers["Content-Type"] == "application/json"


class TestWhoWroteFirst:
    """What nobody saw while judging, the database refuses: it is told as if it had been seen."""

    ADDRESS = "/api/v1/especialidades/"
    FLOTAS = {"nombre": "Flotas", "ramo": "AUTO"}

    def blind(self, monkeypatch, times):
        """Make the judge see nothing the first `times` times."""
        judge, asked = Especialidad.full_clean, []

        def full_clean(row, *args, **kwargs):
            asked.append(row)
            if len(asked) > times:
                judge(row, *args, **kwargs)

        monkeypatch.setattr(Especialidad, "full_clean", full_clean)

    def test_it_is_refused_by_its_field(self, client, monkeypatch):
        client.post(self.ADDRESS, self.FLOTAS, format="json")
        self.blind(monkeypatch, times=1)
        answer = client.post(self.ADDRESS, self.FLOTAS, format="json")
        assert (answer.status_code, set(answer.data)) == (400, {"nombre"})

    def test_what_even_the_judge_can_t_name_is_a_conflict(self, client, monkeypatch):
        client.post(self.ADDRESS, self.FLOTAS, format="json")
        self.blind(monkeypatch, times=2)
        answer = client.post(self.ADDRESS, self.FLOTAS, format="json")
        assert answer.status_code == 409
        assert answer.data == {"detail": "Choca con lo que ya hay guardado."}
        assert Especialidad.objects.count() == 1

    def test_who_saves_over_another_without_saying_a_version_is_told_of_the_conflict(
        self, client, monkeypatch
    ):
        pk = client.post(self.ADDRESS, self.FLOTAS, format="json").data["id"]
        judge = Especialidad.full_clean

        def full_clean(row, *args, **kwargs):
            judge(row, *args, **kwargs)
            monkeypatch.setattr(Especialidad, "full_clean", judge)
            Especialidad.objects.get(pk=pk).save()

        monkeypatch.setattr(Especialidad, "full_clean", full_clean)
        answer = client.patch(f"{self.ADDRESS}{pk}/", {"descripcion": "x"}, format="json")
        assert answer.status_code == 409
        assert "Otra persona" in answer.data["detail"]
