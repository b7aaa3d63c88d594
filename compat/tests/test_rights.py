"""What each role may do at each door of these services: what it may do in the house, no more."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from compat import urls
from compat.tests.asking import DOCUMENTO, MARIA, Asking
from config.tests.cast import ROLES, person
from core import rights

pytestmark = pytest.mark.django_db(databases="__all__")

BODY = json.dumps({**MARIA, **DOCUMENTO, "nombre": "Otra"})


def doors() -> Iterator[tuple[str, str, Any]]:
    """Yield (address, method, rights that it takes) of each, for a cliente that there is not."""
    for pattern in urls.urlpatterns:
        view: Any = pattern.callback
        named = {"nombre": "Nadie"} if "nombre" in str(pattern.pattern) else {}
        for method in {"GET", "POST", "PUT", "DELETE"} & {
            name.upper() for name in dir(view.cls) if name in view.cls.http_method_names
        }:
            yield reverse(pattern.name, kwargs=named), method, view.cls.needs.get(method)


def test_each_method_says_which_rights_it_takes() -> None:
    silent = {f"{method} {address}" for address, method, needs in doors() if not needs}
    assert silent == {"GET /sky/saludo"}


@pytest.mark.parametrize("role", ROLES)
def test_a_role_may_there_what_it_may_in_the_house(
    role: str, client: Client, settings: Any
) -> None:
    settings.OPEN_INTERFACES = []
    user = person(role)
    client.force_login(user)
    wrong = []
    for address, method, needs in doors():
        answer = client.generic(method, address, BODY, "application/json")
        may = all(rights.may(user, verb, model) for verb, model in needs or ())
        if (answer.status_code != 403) is not may:
            wrong.append(f"{method} {address}: {answer.status_code}")
    assert not wrong


@pytest.mark.parametrize("credentials", [{}, {"X-API-Key": "x"}, {"Authorization": "Token x"}])
def test_nobody_enters_where_it_is_not_open(
    ask: Asking, settings: Any, credentials: dict[str, str]
) -> None:
    settings.OPEN_INTERFACES = ["pages", "analytics", "reportes", "ingestion"]
    for address, method, _needs in doors():
        status, said = ask(method, address.removeprefix("/sky"), BODY, **credentials)
        assert (status, list(said)) == (401, ["error"])
