"""An agente gets the figures of their own portfolio, and no others."""

from pathlib import Path
from urllib.parse import unquote, urlsplit
from uuid import UUID

import pytest
from django.contrib.auth.models import Group, User

from agentes.tests.factories import AgenteFactory
from analitica.tests import lakes, oracle
from analitica.tests.oracle.comparison import differences
from core import tokens
from core.models import Token
from empleados.tests.factories import EmpleadoFactory

pytestmark = [pytest.mark.django_db(databases="__all__"), pytest.mark.any_engine]

WHEN = {"as_of": "2026-02-28T15:30:00Z"}


@pytest.fixture(scope="module")
def tables():
    return lakes.whole(seed=11, rows=120)


@pytest.fixture(autouse=True)
def lake_of_all(tables, settings):
    lakes.write(Path(unquote(urlsplit(settings.LAKE_URL).path)), tables)


@pytest.fixture
def sellers(tables):
    """The agents of the lake that have policies, as agentes of the house, the busiest first."""
    counts = tables["postgresql/policies"]["agent_id"].value_counts()
    known = set(tables["mysql/agents"]["id"])
    return [AgenteFactory(pk=UUID(pk)) for pk in counts.index if pk in known][:3]


def of(tables, agents, account):
    """Return the part of the lake that hangs from the policies of `agents`."""

    def part(path, column, values):
        frame = tables[path]
        return frame[frame[column].isin([value for value in values if value is not None])]

    policies = part("postgresql/policies", "agent_id", agents)
    clients = part("mysql/clients", "id", policies["customer_id"])
    return tables | {
        "postgresql/policies": policies,
        "mysql/clients": clients,
        "mysql/agents": part("mysql/agents", "id", agents),
        "mysql/users": part("mysql/users", "id", clients["user_id"]),
        "mysql/beneficiaries": part("mysql/beneficiaries", "client_id", clients["id"]),
        "postgresql/policy_coverage": part(
            "postgresql/policy_coverage", "policy_id", policies["id"]
        ),
        "postgresql/beneficiaries": part("postgresql/beneficiaries", "policy_id", policies["id"]),
        "cassandra/reclamos": part(
            "cassandra/reclamos", "policy_number", policies["policy_number"]
        ),
        "cassandra/pagos": part("cassandra/pagos", "policy_number", policies["policy_number"]),
        "cassandra/transaction_audit": part("cassandra/transaction_audit", "user_id", [account]),
    }


def agente_of(seller, name="luz"):
    user = User.objects.create_user(name)
    user.groups.add(Group.objects.get(name="Agente"))
    if seller:
        seller.cuenta = user
        seller.save()
    return user


def assert_figures(client, expected):
    for path in oracle.ENDPOINTS:
        answer = client.get(path, WHEN)
        found = differences(oracle.answer(path, expected, as_of=lakes.AS_OF), answer.json())
        assert not found, f"{path}: {found[:5]}"


def test_the_figures_are_those_of_their_policies(client, tables, sellers):
    user = agente_of(sellers[0])
    client.force_login(user)
    assert_figures(client, of(tables, [str(sellers[0].pk)], str(user.pk)))


def test_an_account_of_no_agente_has_none(client, tables):
    user = agente_of(None)
    client.force_login(user)
    assert_figures(client, of(tables, [], str(user.pk)))


def test_an_empleado_of_an_oficina_sees_that_of_its_agentes(client, tables, sellers):
    for seller in sellers[:2]:
        seller.oficina = "Cusco"
        seller.save()
    user = User.objects.create_user("rosa")
    user.groups.add(Group.objects.get(name="Consulta"))
    EmpleadoFactory(cuenta=user, oficina="Cusco", solo_su_oficina=True)
    client.force_login(user)
    agents = [str(seller.pk) for seller in sellers[:2]]
    assert_figures(client, of(tables, agents, str(user.pk)))


def test_who_sees_the_house_gets_all_of_it(client, tables, sellers):
    client.force_login(User.objects.create_superuser("jefa"))
    assert_figures(client, tables)


def test_one_is_not_told_what_another_was(client, sellers):
    etags = set()
    for number, seller in enumerate(sellers):
        client.force_login(agente_of(seller, f"persona{number}"))
        for path in ("/claims/stats", "/mysql/analytics/users"):
            etags.add(client.get(path, WHEN)["ETag"])
    assert len(etags) == 2 * len(sellers)


def test_a_token_gets_what_its_person_would(client, tables, sellers):
    user = agente_of(sellers[0])
    _token, secret = tokens.issue(
        user, nombre="panel", alcance=Token.Alcance.LECTURA, vence=None, by=user
    )
    answer = client.get("/claims/stats", WHEN, headers={"X-API-Key": secret})
    expected = of(tables, [str(sellers[0].pk)], str(user.pk))
    assert answer.json() == oracle.answer("/claims/stats", expected, as_of=lakes.AS_OF)


@pytest.mark.parametrize("path", oracle.ENDPOINTS)
def test_nobody_is_told_a_figure_without_credentials(client, path):
    assert client.get(path).status_code == 401


def test_who_may_not_see_polizas_sees_no_figures(client):
    client.force_login(User.objects.create_user("ana"))
    assert {client.get(path).status_code for path in oracle.ENDPOINTS} == {403}


def test_where_it_is_open_who_signed_in_still_has_their_own_rights(client, settings):
    settings.OPEN_INTERFACES = ["analytics"]
    assert client.get("/claims/stats").status_code == 200
    client.force_login(User.objects.create_user("ana"))
    assert client.get("/claims/stats").status_code == 403
