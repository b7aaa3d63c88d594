"""No door shows an agente what is not theirs, nor lets them touch it."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.auth.models import User
from django.db.models import ForeignKey, ManyToManyField, Model
from django.test import Client, RequestFactory
from django.urls import reverse

from analitica.paginas.temas import TEMAS
from config.tests.cast import Portfolio, person, portfolio
from config.tests.doors import Door, doors
from core import lookups, rights
from core.entities import Entity
from ingestion import jobs, work
from ingestion.models import Job
from ingestion.snapshots import parts

pytestmark = pytest.mark.django_db(databases="__all__")

HIDDEN, OWN = "Zulemajena", "Amparomia"


@pytest.fixture
def user() -> User:
    return person("Agente")


@pytest.fixture
def others() -> Portfolio:
    return portfolio(HIDDEN)


@pytest.fixture
def own(user: User, others: Portfolio, client: Client) -> Portfolio:
    """The portfolio of the agente whom `client` is signed in as."""
    client.force_login(user)
    return portfolio(OWN, cuenta=user)


@pytest.fixture
def lake_of_both(own: Portfolio, monkeypatch: pytest.MonkeyPatch) -> None:
    """A snapshot of both portfolios, of which figures are made."""
    monkeypatch.setattr(parts, "MOMENT", 0.0)  # no worker comes
    work.run(jobs.pedir(Job.Kind.EXPORTACION).pk)


def addresses(own: Portfolio) -> Iterator[str]:
    """Every address that is read, of every list and of the agente's own rows."""
    for door in doors():
        if door.method != "GET" or door.face == "own" or door.name == "health":
            continue
        if not door.of_a_row and "<" not in door.route:
            yield reverse(door.name)
            yield reverse(door.name) + ("?search=" if door.face == "api" else "?q=") + HIDDEN
        elif door.of_a_row and door.model in own.rows:
            yield _own_row(door, own)
    for tema in TEMAS:
        yield reverse("analitica:tema", args=[tema])


def _own_row(door: Door, own: Portfolio) -> str:
    assert door.model
    row = own.rows[door.model]
    past = [row.history.first().pk] if door.name.endswith("simple_history") else []
    return reverse(door.name, args=[row.pk, *past])


def told(answer: Any, ask: str) -> str:
    """What the answer says besides what it was asked."""
    text: str = answer.getvalue().decode(errors="replace")
    return text.replace(ask.partition("?")[2], "") if HIDDEN not in ask else _without_echo(text)


def _without_echo(text: str) -> str:
    # A page may repeat what was looked for; the surname of who must not be found is not asked.
    return text.replace(HIDDEN, "", text.count(HIDDEN) - text.count(f"Y {HIDDEN}"))


def shown(answer: Any, others: Portfolio, ask: str) -> list[str]:
    text = told(answer, ask)
    marks = [f"Y {HIDDEN}", f"Del {HIDDEN}", f"P-{HIDDEN}", f"V-{HIDDEN}", f"R-{HIDDEN}"]
    marks += [str(row.pk) for row in others.rows.values()]
    if HIDDEN not in ask:
        marks.append(HIDDEN)
    return [mark for mark in marks if mark in text]


@pytest.mark.usefixtures("lake_of_both")
def test_no_page_shows_what_is_not_theirs(
    own: Portfolio, others: Portfolio, client: Client
) -> None:
    leaks = {}
    for url in addresses(own):
        answer = client.get(url)
        assert answer.status_code < 500, url
        if found := shown(answer, others, url):
            leaks[url] = found
    assert not leaks


def test_what_is_theirs_is_shown(own: Portfolio, client: Client) -> None:
    """The other half: a test over pages that show nothing would find no leak either."""
    lists = [
        door
        for door in doors()
        if door.method == "GET"
        and not door.of_a_row
        and door.model in own.rows
        and door.verb == "view"
        and rights.may(User.objects.get(pk=own.agente.cuenta_id), "view", door.model)
    ]
    assert len(lists) > 12
    for door in lists:
        assert door.model
        answer = client.get(reverse(door.name))
        assert str(own.rows[door.model].pk) in answer.getvalue().decode(), str(door)


def test_no_autocomplete_finds_what_is_not_theirs(
    own: Portfolio, others: Portfolio, client: Client
) -> None:
    asked = 0
    for model, page in admin.site._registry.items():
        for name in page.autocomplete_fields:
            ask = {
                "app_label": model._meta.app_label,
                "model_name": model._meta.model_name,
                "field_name": name,
            }
            for term in ("", HIDDEN):
                answer = client.get(reverse("admin:autocomplete"), ask | {"term": term})
                assert not shown(answer, others, ""), (model, name, term)
                asked += 1
    assert asked > 10


def test_no_form_offers_or_takes_what_is_not_theirs(
    user: User, own: Portfolio, others: Portfolio, rf: RequestFactory
) -> None:
    request = rf.get("/")
    request.user = user
    for page, field in _references():
        offered = page.formfield_for_dbfield(field, request)
        target = field.remote_field.model
        if offered is None or target not in others.rows:
            continue
        keys = {str(row.pk) for row in offered.queryset}
        assert str(others.rows[target].pk) not in keys, field
        assert target not in own.rows or str(own.rows[target].pk) in keys, field


def _references() -> Iterator[tuple[Any, Any]]:
    """The references of each page of an entity and of each part that is edited inside it."""
    for model, page in admin.site._registry.items():
        if not issubclass(model, Entity):
            continue
        inside = [inline(model, admin.site) for inline in page.inlines]
        for each in (page, *inside):
            for field in (*each.model._meta.fields, *each.model._meta.many_to_many):
                if isinstance(field, ForeignKey | ManyToManyField) and field.editable:
                    yield each, field


def test_no_action_reaches_what_is_not_theirs(
    own: Portfolio, others: Portfolio, client: Client
) -> None:
    before = {model: _state(row) for model, row in others.rows.items()}
    for model in others.rows.keys() & admin.site._registry.keys():
        page, row = admin.site._registry[model], others.rows[model]
        url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        for action in ("delete_selected", *(page.actions or ())):
            told = client.post(
                url,
                {"action": action, ACTION_CHECKBOX_NAME: [str(row.pk)], "post": "1"},
                follow=True,
            )
            assert not shown(told, others, ""), (model, action)
    assert {model: _state(row) for model, row in others.rows.items()} == before


def _state(row: Entity) -> Any:
    return type(row)._base_manager.filter(pk=row.pk).values("version").first()


def test_no_row_is_given_away(own: Portfolio, others: Portfolio, client: Client) -> None:
    """A póliza of theirs can't be handed to another agente, by whatever is sent."""
    poliza = own.rows[_model(own, "Poliza")]
    url = reverse("admin:polizas_poliza_change", args=[poliza.pk])
    page = client.get(url)
    form = page.context["adminform"].form
    sent = {name: form[name].value() or "" for name in form.fields}
    answer = client.post(url, sent | {"agente": str(others.agente.pk)})
    assert answer.status_code == 200  # the form again, with its refusal
    poliza.refresh_from_db()
    assert poliza.agente == own.agente  # type: ignore[attr-defined]


def _model(own: Portfolio, name: str) -> type[Model]:
    return next(model for model in own.rows if model.__name__ == name)


@pytest.mark.usefixtures("lake_of_both")
def test_a_portfolio_over_the_bound_is_told_and_never_thrown(
    own: Portfolio, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each page answers, or sends to one that does; none sends to itself."""
    monkeypatch.setattr(lookups, "MAX_KEYS", 0)
    wrong = {}
    for url in addresses(own):
        answer = client.get(url)
        if answer.status_code >= 500 or answer.headers.get("Location") == url:
            wrong[url] = answer.status_code
    assert not wrong
