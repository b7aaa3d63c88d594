"""The description of the API: true of what is answered, with examples that are good, asked of no other host."""

import json
import re

import pytest
from django.test import Client
from django.urls import get_resolver
from drf_spectacular.generators import SchemaGenerator
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012
from rest_framework.test import APIClient

from clientes.tests.factories import ClienteFactory, ContactoFactory
from core.api.docs import described
from core.api.router import Nowhere
from core.api.testing import of_role, signed_in
from core.api.viewsets import Creating, ReadViewSet

pytestmark = [pytest.mark.django_db(databases="__all__"), pytest.mark.any_engine]

SCHEMA = "/api/v1/schema/"


@pytest.fixture(scope="module")
def schema():
    return json.loads(json.dumps(SchemaGenerator().get_schema(public=True), default=str))


@pytest.fixture(scope="module")
def registry(schema):
    return Registry().with_resource("", Resource.from_contents(schema, DRAFT202012))


@pytest.fixture(scope="module")
def operations(schema):
    return {
        (method, path): operation
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
    }


def wrong(registry, schema, value):
    """What is wrong with `value`, for `schema`."""
    validator = Draft202012Validator(
        schema, registry=registry, format_checker=Draft202012Validator.FORMAT_CHECKER
    )
    resolver = registry.resolver()
    validator = validator.evolve(_resolver=resolver)
    return [error.message for error in validator.iter_errors(value)]


def json_of(part):
    return part["content"]["application/json"]


def viewsets():
    """Yield (collection, viewset) of all that the router has."""
    from config.api import router

    for prefix, viewset, _name in router.registry:
        if issubclass(viewset, ReadViewSet):
            yield prefix, viewset


class TestWhatItSays:
    def test_it_is_of_the_version_that_it_says(self, schema):
        assert schema["openapi"] == "3.1.0"
        assert re.fullmatch(r"\d+\.\d+\.\d+.*", schema["info"]["version"])

    def test_it_speaks_of_the_api_and_of_nothing_else(self, schema):
        assert all(path.startswith("/api/v1/") for path in schema["paths"])
        for prefix, _viewset in viewsets():
            assert f"/api/v1/{prefix}/" in schema["paths"]

    def test_an_operation_has_a_name_of_its_own_and_says_what_it_does(self, operations):
        names = [operation["operationId"] for operation in operations.values()]
        assert len(names) == len(set(names))
        for where, operation in operations.items():
            assert operation["summary"].strip(), where
            assert operation["tags"], where

    def test_nothing_of_those_who_write_it_is_in_it(self, schema):
        text = json.dumps(schema, ensure_ascii=False)
        for said in ("serializer", "viewset", "portfolio of", "Docstring"):
            assert said not in text

    def test_each_way_of_signing_in_is_told(self, schema, operations):
        schemes = schema["components"]["securitySchemes"]
        assert {(one["in"], one["name"]) for one in schemes.values()} == {
            ("header", "Authorization"),
            ("header", "X-API-Key"),
            ("cookie", "sessionid"),
        }
        for where, operation in operations.items():
            assert {next(iter(way)) for way in operation["security"]} == set(schemes), where

    def test_every_operation_tells_each_status_that_it_may_answer(self, operations):
        for (method, path), operation in operations.items():
            told = set(operation["responses"])
            expected = {"400", "401", "403", "503"}
            if "{id}" in path:
                expected |= {"404"}
            if method in ("post", "put", "patch"):
                expected |= {"413", "415"}
            if method in ("put", "patch") or ("{id}" in path and method == "post"):
                expected |= {"409", "412"}
            assert expected <= told, (method, path, expected - told)

    def test_what_makes_a_row_takes_a_key_and_says_what_may_come_of_it(self, operations):
        for where, operation in operations.items():
            headers = {p["name"] for p in operation.get("parameters", ()) if p["in"] == "header"}
            makes = "201" in operation["responses"] and "/tokens/" not in where[1]
            assert ("Idempotency-Key" in headers) == makes, where
            assert ({"410", "422"} <= set(operation["responses"])) == makes, where

    def test_what_changes_a_row_takes_its_version(self, operations):
        for (method, path), operation in operations.items():
            headers = {p["name"] for p in operation.get("parameters", ()) if p["in"] == "header"}
            if "{id}" in path and "/tokens/" not in path:
                assert ("If-Match" in headers) == (method != "get"), (method, path)
                assert ("If-None-Match" in headers) == (method == "get"), (method, path)

    def test_a_list_tells_its_parameters_and_each_is_known(self, operations):
        client = signed_in()
        for (method, path), operation in operations.items():
            if method != "get" or "{id}" in path or "/tokens/" in path:
                continue
            names = {p["name"] for p in operation["parameters"]}
            assert {"limit", "cursor"} <= names
            for name in names:
                answer = client.get(path, {name: "zzz"})
                told = " ".join(answer.data.get(name, ())) if answer.status_code == 400 else ""
                assert "No se conoce este parámetro" not in told, (path, name)

    def test_it_makes_no_warnings(self, capsys):
        SchemaGenerator().get_schema(public=True)
        assert capsys.readouterr().err == ""


class TestExamples:
    @pytest.mark.parametrize(("prefix", "viewset"), list(viewsets()))
    def test_each_collection_has_one(self, prefix, viewset):
        example = viewset.serializer_class.Meta.example
        fields = viewset.serializer_class(context={"user": None}).fields
        assert example.keys() <= fields.keys()
        if issubclass(viewset, Creating):
            assert not [name for name in example if fields[name].read_only]

    def test_each_is_as_its_schema_says(self, operations, registry):
        seen = 0
        for where, operation in operations.items():
            parts = [operation["requestBody"]] if "requestBody" in operation else []
            parts += [one for one in operation["responses"].values() if "content" in one]
            for part in map(json_of, parts):
                for example in part.get("examples", {}).values():
                    assert not wrong(registry, part["schema"], example["value"]), where
                    seen += 1
        assert seen > 50


class TestWhatIsAnswered:
    """Real answers, held against what the description says of them."""

    def check(self, operations, registry, where, answer):
        said = operations[where]["responses"][str(answer.status_code)]
        body = json.loads(answer.content)
        assert not wrong(registry, json_of(said)["schema"], body), body

    def test_rows_with_and_without_what_they_refer_to(self, operations, registry):
        contacto = ContactoFactory(cliente=ClienteFactory())
        client, path = signed_in(), "/api/v1/clientes/"
        for query in ("", "?expand=contactos,agente,usuario"):
            listed = client.get(f"{path}{query}")
            self.check(operations, registry, ("get", path), listed)
            one = client.get(f"{path}{contacto.cliente_id}/{query}")
            self.check(operations, registry, ("get", f"{path}{{id}}/"), one)

    def test_refusals(self, operations, registry):
        client, path = signed_in(), "/api/v1/clientes/"
        of_one = f"{path}{{id}}/"
        row = ClienteFactory()
        url = f"{path}{row.pk}/"
        stale = {"If-Match": '"9"'}
        for where, answer in {
            ("post", path): client.post(path, {}, format="json"),
            ("get", path): APIClient().get(path),
            ("get", of_one): client.get(f"{path}x/"),
            ("patch", of_one): client.patch(url, {}, format="json", headers=stale),
            ("put", of_one): signed_in(of_role("Consulta")).put(url, {}, format="json"),
        }.items():
            assert answer.status_code >= 400
            self.check(operations, registry, where, answer)


class TestItsPages:
    def test_it_is_for_who_signed_in(self):
        assert APIClient().get(SCHEMA).status_code == 401
        assert signed_in(of_role()).get(SCHEMA).status_code == 200
        for page in ("docs", "redoc"):
            answer = Client().get(f"/api/v1/{page}/")
            assert answer.status_code == 302
            assert answer["Location"] == f"/admin/login/?next=/api/v1/{page}/"

    @pytest.mark.parametrize(
        ("accept", "kind"),
        [
            ("application/json", "application/json"),
            ("application/vnd.oai.openapi+json", "application/vnd.oai.openapi+json"),
            ("application/yaml", "application/yaml"),
            ("*/*", "application/vnd.oai.openapi"),
        ],
    )
    def test_it_comes_as_it_is_asked_for(self, accept, kind):
        answer = signed_in().get(SCHEMA, headers={"Accept": accept})
        assert answer.status_code == 200
        assert answer["Content-Type"].startswith(kind)

    @pytest.mark.parametrize("page", ["docs", "redoc"])
    def test_they_ask_nothing_of_another_host(self, admin_client, page):
        answer = admin_client.get(f"/api/v1/{page}/")
        assert answer.status_code == 200
        text = answer.content.decode()
        assert "Content-Security-Policy" in text
        assert "default-src &#x27;self&#x27;" in text or "default-src 'self'" in text
        assert not re.findall(r"(?:src|href)=[\"']?(?:https?:)?//", text)

    def test_the_catch_all_is_last(self):
        patterns = get_resolver("config.api").url_patterns
        assert patterns[-1].callback.cls is Nowhere

    def test_each_language_has_its_own(self):
        told = {
            language: signed_in().get(f"{SCHEMA}?format=json&lang={language}").json()
            for language in ("es", "en", "es")
        }
        assert told["es"]["info"]["description"] != told["en"]["info"]["description"]
        assert told["es"]["paths"].keys() == told["en"]["paths"].keys()

    def test_it_is_made_once_in_each_language(self, monkeypatch):
        for language in ("es", "en"):
            described(language)
        monkeypatch.setattr(SchemaGenerator, "get_schema", None)
        for language in ("es", "en"):
            assert signed_in().get(SCHEMA, {"lang": language}).status_code == 200

    @pytest.mark.parametrize("lang", ["zz", "x0", "\0", "../../es", "e" * 5000])
    def test_a_language_that_is_not_there_is_refused_by_name(self, lang):
        answer = signed_in().get(SCHEMA, {"format": "json", "lang": lang})
        assert answer.status_code == 400
        assert answer.json() == {"lang": ["No se conoce este idioma; sí: es, en."]}
