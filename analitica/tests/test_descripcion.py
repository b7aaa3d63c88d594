"""What the analytics say of themselves: true of what is answered, with real examples, asked of no other host.

The examples are what the small house of lagos.py answers: EXAMPLES=write pytest analitica/tests/test_descripcion.py
writes them anew.
"""

import json
import os
import re
from collections import defaultdict
from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import User
from django.utils import timezone, translation
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from analitica.descripcion.document import document
from analitica.descripcion.openapi import EXAMPLES, analytics
from analitica.descripcion.schemas import service
from analitica.descripcion.texts import SAID
from analitica.descripcion.views import doors
from analitica.metrics import ENDPOINTS
from analitica.tables import TABLES
from analitica.tests import lagos
from ingestion.lake import lake

pytestmark = [pytest.mark.django_db, pytest.mark.any_engine]

LAKES = {
    "small house": lagos.small_house,
    "only the required columns": lagos.only_required,
    "no amounts": lagos.no_amounts,
    "empty": lagos.empty,
    "all null": lagos.all_null,
    "anything": lambda: lagos.any_lake(1, nulls=0.1),
    "hardly anything": lambda: lagos.any_lake(2, nulls=0.7),
}
ASKED = {"as_of": f"{lagos.AS_OF:%Y-%m-%dT%H:%M:%SZ}"}
PATHS = [*service.ANSWERS, *ENDPOINTS]
PAGES = ["/docs", "/redoc"]
urlpatterns = doors(analytics)  # as they are where nobody can sign in


@pytest.fixture(autouse=True)
def open_analytics(settings):
    settings.OPEN_INTERFACES = ["analytics"]
    settings.VERSION = "1.0.0"


def described(*open_interfaces):
    return document([analytics()], version="1.0.0", open_interfaces=open_interfaces)


@pytest.fixture(scope="module")
def schema():
    return described("analytics")


def operations(schema):
    return {path: item["get"] for path, item in schema["paths"].items()}


def resolved(schema, part):
    if "$ref" not in part:
        return part
    found = schema
    for name in part["$ref"].removeprefix("#/").split("/"):
        found = found[name]
    return found


def bodies(schema, path):
    """Yield (status, schema of the body, examples) of all that `path` may answer."""
    for status, answer in operations(schema)[path]["responses"].items():
        if json_body := resolved(schema, answer).get("content", {}).get("application/json"):
            values = [one["value"] for one in json_body["examples"].values()]
            yield status, json_body["schema"], values


def answer_of(schema, path):
    [said] = [said for status, said, _values in bodies(schema, path) if status == "200"]
    return said


def wrong(schema, said, value):
    """What is wrong with `value`, for the schema `said`."""
    registry = Registry().with_resource("", Resource.from_contents(schema, DRAFT202012))
    validator = Draft202012Validator(
        said, format_checker=Draft202012Validator.FORMAT_CHECKER
    ).evolve(_resolver=registry.resolver())
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]


def answers(client):
    """Return what each address answers now, in the order of its text."""
    found = {}
    for path in PATHS:
        answer = client.get(path, ASKED)
        assert answer.status_code == 200, (path, answer.content)
        found[path] = json.loads(answer.content)
    return found


_answers = {}


def answers_over(kind, client, settings):
    """Return what each address answers over a kind of lake: asked once, for the tests that look at it."""
    if kind not in _answers:
        settings.LAKE_URL += f"-{list(LAKES).index(kind)}"
        lagos.write(LAKES[kind]())
        _answers[kind] = answers(client)
    return _answers[kind]


def refusals(client, settings):
    """Return an answer of each kind of refusal, by status and what went wrong."""
    path, broken = "/mysql/analytics/users", TABLES["mysql/users"]
    found = defaultdict(dict)

    def ask(name, path=path, **query):
        answer = client.get(path, query)
        found[str(answer.status_code)][name] = json.loads(answer.content)

    ask("snapshot", snapshot="20200101T000000Z")
    ask("months", "/mysql/analytics/growth-by-state", months="37")
    ask("hours", "/cassandra/analytics/activity-patterns", hours="x", as_of="ayer")
    rows = lagos.small_house()[broken.path]
    lagos.put(broken, [name for name in broken.columns if name != "state"], rows)
    ask("columna")
    lagos.put(broken, broken.columns, [{**row, "created_at": "ayer"} for row in rows])
    ask("archivo")
    lake().remove(broken.key)
    ask("tabla")
    settings.LAKE_URL += "-que-no-hay"
    ask("lago")
    settings.OPEN_INTERFACES = []
    ask("sin entrar")
    client.force_login(User.objects.create_user("nadie"))
    ask("sin permiso")
    return {status: found[status] for status in sorted(found)}


@pytest.fixture
def written(client, settings, monkeypatch):
    """What the file of examples should hold."""
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 3, 15, 12, 0, 5, tzinfo=UTC))
    lagos.write(lagos.small_house())
    examples = {"answers": answers(client)}
    here = settings.LAKE_URL
    settings.LAKE_URL += "-que-no-hay"
    down = json.loads(client.get("/health").content)
    settings.LAKE_URL = here
    examples |= {"refusals": refusals(client, settings), "down": {"lago": down}}
    return json.dumps(examples, ensure_ascii=False, indent=1) + "\n"


def test_the_examples_are_what_the_small_house_answers(written):
    if os.environ.get("EXAMPLES") == "write":
        EXAMPLES.write_text(written)
    assert EXAMPLES.read_text() == written, "EXAMPLES=write with this test writes them anew"


class TestWhatItSays:
    def test_it_is_of_the_version_that_it_says(self, schema):
        assert schema["openapi"] == "3.1.0"
        assert schema["info"]["version"] == "1.0.0"

    def test_every_address_is_described_and_nothing_else_is(self, schema):
        assert list(schema["paths"]) == PATHS
        assert SAID.keys() == {*PATHS}

    def test_an_operation_has_a_name_of_its_own_and_says_what_it_does(self, schema):
        names = [one["operationId"] for one in operations(schema).values()]
        assert len(names) == len(set(names))
        tags = {tag["name"] for tag in schema["tags"]}
        for one in operations(schema).values():
            assert one["summary"].strip()
            assert one["description"].strip()
            assert set(one["tags"]) <= tags

    @pytest.mark.parametrize("path", ENDPOINTS)
    def test_a_question_tells_its_parameters_and_what_it_may_answer(self, schema, path):
        operation = operations(schema)[path]
        parameters = [resolved(schema, one) for one in operation["parameters"]]
        asks = ENDPOINTS[path].asks
        assert {one["name"] for one in parameters if one["in"] == "query"} == {
            "as_of",
            "snapshot",
            *asks,
        }
        assert [one["name"] for one in parameters if one["in"] == "header"] == ["If-None-Match"]
        assert set(operation["responses"]) == {
            "200", "304", "401", "403", "404", "422", "500", "503",
        }  # fmt: skip
        for status in ("200", "304"):
            assert set(operation["responses"][status]["headers"]) == {"ETag", "X-Snapshot"}

    def test_the_numbers_that_may_be_asked_are_those_of_the_contract(self, schema):
        told = {name: one["schema"] for name, one in schema["components"]["parameters"].items()}
        assert told["months"] == {"type": "integer", "minimum": 1, "maximum": 36, "default": 12}
        assert told["hours"] == {"type": "integer", "minimum": 24, "maximum": 720, "default": 168}

    @pytest.mark.parametrize("is_open", [True, False])
    def test_credentials_are_asked_for_unless_it_is_open(self, is_open):
        schema = described("analytics" if is_open else "reportes")
        [security] = {json.dumps(one["security"]) for one in operations(schema).values()}
        assert ({} in json.loads(security)) == is_open
        schemes = schema["components"]["securitySchemes"]
        assert {(one["in"], one["name"]) for one in schemes.values()} == {
            ("header", "Authorization"),
            ("header", "X-API-Key"),
            ("cookie", "sessionid"),
        }
        assert [*schemes] == [next(iter(way)) for way in json.loads(security) if way]

    def test_it_leads_nowhere_that_is_not_there(self, schema):
        for found in re.findall(r'"\$ref": "([^"]+)"', json.dumps(schema)):
            assert resolved(schema, {"$ref": found})

    def test_it_speaks_the_language_of_who_asks(self):
        with translation.override("en"):
            english = described()
        assert english["paths"]["/mysql/analytics/users"]["get"]["summary"] == "Users"


class TestExamples:
    @pytest.mark.parametrize("path", PATHS)
    def test_each_is_as_its_schema_says(self, schema, path):
        for status, said, values in bodies(schema, path):
            assert values, status
            for value in values:
                assert not wrong(schema, said, value), (status, value)


class TestWhatIsAnswered:
    """Real answers over lakes of every kind, held against what the description says of them."""

    @pytest.mark.parametrize("kind", LAKES)
    def test_it_is_as_its_schema_says(self, client, settings, schema, kind):
        for path, answer in answers_over(kind, client, settings).items():
            assert not wrong(schema, answer_of(schema, path), answer), path

    def test_what_may_be_null_is_null_in_some_lake_and_all_else_is_seen(
        self, client, settings, schema
    ):
        seen = defaultdict(set)
        for kind in LAKES:
            for path, answer in answers_over(kind, client, settings).items():
                for where, there in walked(schema, answer_of(schema, path), answer, path):
                    seen[where].add(there)
        for path in PATHS:
            for where, possible in told(schema, answer_of(schema, path), path):
                assert seen[where] == possible, where

    def test_an_etag_is_answered_as_it_says(self, client):
        lagos.write(lagos.empty())
        path = "/claims/stats"
        first = client.get(path)
        again = client.get(path, headers={"If-None-Match": first["ETag"]})
        assert again.status_code == 304
        assert again["X-Snapshot"] == first["X-Snapshot"]
        assert again["ETag"] == first["ETag"]


def inside(schema, said):
    """Return `said` without what only says that it may be null, and whether it may."""
    said = resolved(schema, said)
    may_be_null = "null" in said.get("type", ())
    if "anyOf" in said:
        [said] = [resolved(schema, one) for one in said["anyOf"] if one != {"type": "null"}]
        may_be_null = True
    return said, may_be_null


def parts(said):
    yield from said.get("properties", {}).items()
    for every in ("additionalProperties", "items"):
        if isinstance(said.get(every), dict):
            yield "*", said[every]


def told(schema, said, where):
    """Yield each place of an answer, and what may be there: "null", "value"."""
    said, may_be_null = inside(schema, said)
    yield where, {"value", "null"} if may_be_null else {"value"}
    for name, part in parts(said):
        yield from told(schema, part, f"{where} {name}")


def walked(schema, said, value, where):
    """Yield each place of an answer, and what is there."""
    said, _may_be_null = inside(schema, said)
    yield where, "null" if value is None else "value"
    if value is None:
        return
    held = {name: [value[name]] for name in said.get("properties", {})}
    if "*" in dict(parts(said)):
        held["*"] = value.values() if isinstance(value, dict) else value
    for name, part in parts(said):
        for one in held[name]:
            yield from walked(schema, part, one, f"{where} {name}")


class TestItsDoors:
    def test_the_description_is_json(self, client):
        answer = client.get("/openapi.json")
        assert answer["Content-Type"] == "application/json"
        assert list(answer.json()["paths"]) == [*PATHS, "/reportes/dashboard"]

    @pytest.mark.parametrize("path", [*PAGES, "/openapi.json"])
    def test_they_are_for_who_may_ask(self, client, settings, path):
        settings.OPEN_INTERFACES = []
        refused = client.get(path)
        assert (refused.status_code, set(refused.json())) == (401, {"detail"})
        client.force_login(User.objects.create_user("ana"))
        assert client.get(path).status_code == 200

    @pytest.mark.parametrize("page", PAGES)
    def test_a_browser_is_led_to_the_sign_in_and_back(self, client, settings, page):
        settings.OPEN_INTERFACES = []
        answer = client.get(page, headers={"accept": "text/html,*/*;q=0.8"})
        assert answer.status_code == 302
        assert answer["Location"] == f"/admin/login/?next={page}"

    @pytest.mark.parametrize("page", PAGES)
    @pytest.mark.urls(__name__)
    def test_where_nobody_can_sign_in_a_browser_is_told_so(self, client, settings, page):
        settings.OPEN_INTERFACES = []
        answer = client.get(page, headers={"accept": "text/html"})
        assert (answer.status_code, set(answer.json())) == (401, {"detail"})

    @pytest.mark.parametrize("accept", ["text/html", "*/*", "application/json", "x"])
    @pytest.mark.parametrize("page", PAGES)
    def test_a_page_is_a_page_whatever_is_accepted(self, client, page, accept):
        answer = client.get(page, headers={"accept": accept})
        assert answer.status_code == 200
        assert answer["Content-Type"].startswith("text/html")
        assert "/openapi.json" in answer.content.decode()

    @pytest.mark.parametrize("page", PAGES)
    def test_they_ask_nothing_of_another_host(self, client, page):
        text = client.get(page).content.decode()
        assert "default-src 'self'" in text
        assert not re.findall(r"(?:src|href)=[\"']?(?:https?:)?//", text)
