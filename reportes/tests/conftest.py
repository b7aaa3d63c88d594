"""Who looks."""

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from agentes.models import Agente
from agentes.tests.factories import AgenteFactory


@pytest.fixture
def jefa() -> User:
    """Somebody who sees the whole house."""
    return User.objects.create_superuser("jefa")


def of_role(name: str) -> User:
    user = User.objects.create_user(name.casefold(), is_staff=True)
    user.groups.add(Group.objects.get(name=name))
    return user


@pytest.fixture
def with_role():
    """Make an account of a role."""
    return of_role


@pytest.fixture
def agente() -> Agente:
    return AgenteFactory(cuenta=of_role("Agente"))


@pytest.fixture
def vendedora(agente: Agente) -> User:
    """The account of `agente`: sees their portfolio alone."""
    return User.objects.get(pk=agente.cuenta_id)


@pytest.fixture
def browse():
    """A browser in which somebody has signed in."""

    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return sign_in
