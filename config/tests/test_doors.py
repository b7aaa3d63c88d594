"""No door gives more than its right: generated over every address, model, operation and role."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, Group, User
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from django_celery_beat.models import (
    CrontabSchedule,
    IntervalSchedule,
    PeriodicTask,
)

from clientes.tests.factories import UsuarioFactory
from config.tests.cast import ROLES, Portfolio, person, portfolio
from config.tests.doors import Door, doors
from core import rights
from core.entities import Entity
from empleados.tests.factories import EmpleadoFactory
from especialidades.tests.factories import EspecialidadFactory
from ingestion.models import Job
from polizas.tests.factories import AseguradoraFactory, ProductoFactory, TipoCoberturaFactory

pytestmark = pytest.mark.django_db(databases="__all__")

# On servers, those who enter by most doors and by fewest rows: what the others may is the same on any engine.
EACH = [
    role
    if role in ("Administración", "Agente")
    else pytest.param(role, marks=pytest.mark.any_engine)
    for role in (*ROLES, "anonymous")
]
HIDDEN = "Zulemajena"


@pytest.fixture
def others() -> Portfolio:
    return portfolio(HIDDEN)


@pytest.fixture
def rows(others: Portfolio) -> dict[type[Model], Any]:
    """One row of everything, none of it the agente's."""
    catalogue = [
        factory()
        for factory in (
            EspecialidadFactory,
            EmpleadoFactory,
            UsuarioFactory,
            AseguradoraFactory,
            ProductoFactory,
            TipoCoberturaFactory,
        )
    ]
    return others.rows | {type(row): row for row in catalogue} | machinery()


def machinery() -> dict[type[Model], Any]:
    return {
        User: User.objects.create_user("otra"),
        Group: Group.objects.create(name="Otro"),
        Job: Job.objects.create(kind=Job.Kind.EXPORTACION),
        PeriodicTask: PeriodicTask.objects.first(),
        IntervalSchedule: IntervalSchedule.objects.create(every=7, period="days"),
        CrontabSchedule: CrontabSchedule.objects.create(),
    }


def address(door: Door, rows: dict[type[Model], Any]) -> str | None:
    if not door.of_a_row:
        return reverse(door.name)
    assert door.model
    if (row := rows.get(door.model)) is None:
        return None
    past = [row.history.first().pk] if door.name.endswith("simple_history") else []
    return reverse(door.name, args=[row.pk, *past])


def ask(client: Client, door: Door, url: str) -> Any:
    """Ask at `door` for what changes nothing: of a version long gone, or without what it needs."""
    return client.generic(
        door.method,
        url,
        data="{}" if door.method != "GET" else "",
        content_type="application/json",
        headers={"If-Match": '"0"'} if door.method != "GET" else {},
    )


def holds(user: Any, door: Door) -> bool:
    assert door.model
    seen_by_changing = door.face == "admin" and door.verb == "view"
    return rights.may(user, door.verb, door.model) or (
        seen_by_changing and rights.may(user, "change", door.model)
    )


def test_every_address_is_covered() -> None:
    uncovered = [door.route for door in doors() if not door.verb]
    assert not uncovered, "say in config/tests/doors.py which right each of these takes"


@pytest.mark.parametrize("role", EACH[:-1])
def test_a_role_enters_by_the_doors_of_its_rights_alone(
    role: str, rows: dict[type[Model], Any], client: Client, admin_client: Client
) -> None:
    user = person(role)
    client.force_login(user)
    wrong = []
    for door in doors():
        if not door.model or (url := address(door, rows)) is None:
            continue
        answer = ask(client, door, url)
        # As if it weren't there, for who is limited and whose this row is not.
        elsewhere = role == "Agente" and door.of_a_row and door.model in limited(rows)
        inside = user.is_staff or door.face == "api"
        if inside and holds(user, door):
            expected = {302, 404} if elsewhere else {_everyones(door, url, admin_client)}
        else:
            expected = ({403, 404} if elsewhere else {403}) if inside else {302}
        if answer.status_code not in expected or leaks(answer, role):
            wrong.append(f"{door}: {answer.status_code}, not {expected}")
    assert not wrong, "\n".join(wrong)


_answers: dict[Door, int] = {}


def _everyones(door: Door, url: str, admin_client: Client) -> int:
    """What the door answers to who may everything: the same in each test, so asked in one."""
    if door not in _answers:
        _answers[door] = ask(admin_client, door, url).status_code
    return _answers[door]


def limited(rows: dict[type[Model], Any]) -> set[type[Model]]:
    """The models of whose rows an agente sees some."""
    return {
        model
        for model in rows
        if issubclass(model, Entity) and getattr(model, "portfolio", None) != rights.EVERYONE
    }


def leaks(answer: Any, role: str) -> bool:
    return role in ("Agente", "nobody") and HIDDEN in answer.content.decode()


@pytest.mark.parametrize("role", EACH)
def test_a_door_of_no_model_answers_whom_it_says(role: str, client: Client, settings: Any) -> None:
    settings.OPEN_INTERFACES = []
    user = person(role) if role != "anonymous" else AnonymousUser()
    if role != "anonymous":
        client.force_login(user)
    wrong = []
    for door in doors():
        if door.face != "alone" or "<" in door.route:
            continue
        entered = client.get(reverse(door.name)).status_code not in (302, 401, 403)
        if entered is not enters(user, door.verb):
            wrong.append(f"{door}: {entered}")
    assert not wrong


def enters(user: Any, who: str) -> bool:
    match who:
        case "anyone":
            return True
        case "signed" | "analytics" | "ingestion":
            return bool(user.is_authenticated)
        case "figures":
            return bool(user.has_perm("polizas.view_poliza"))
        case "orders":
            return bool(user.has_perms(("pedidos.view_pedido", "empleados.view_empleado")))
        case "staff":
            return bool(user.is_staff)
    return bool(user.is_staff and user.has_perm(who))
