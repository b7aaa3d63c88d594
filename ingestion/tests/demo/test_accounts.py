"""Accounts to try each role with."""

import pytest
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.core.exceptions import ValidationError

from agentes.models import Agente
from clientes.models import Cliente
from core import rights
from empleados.models import Empleado
from ingestion.demo.accounts import DE_EMPLEADO, SISTEMAS, open_accounts
from ingestion.demo.plan import Plan
from ingestion.demo.write import write_demo
from ingestion.tests.demo.conftest import HOY
from polizas.models import Poliza

pytestmark = pytest.mark.django_db(databases="__all__")

SEED = 3


@pytest.fixture
def house():
    list(write_demo(Plan(120, SEED, HOY)))


@pytest.fixture
def accounts(house):
    return {account.role: account for account in open_accounts(SEED)}


def user_of(accounts, role):
    return User.objects.get(username=accounts[role].username)


def test_there_is_one_for_each_role_and_in_no_other(accounts):
    assert set(accounts) == set(settings.ROLES)
    for role in accounts:
        assert [group.name for group in user_of(accounts, role).groups.all()] == [role]


def test_their_names_are_typed_on_any_keyboard(accounts):
    assert {"suscripcion", "siniestros", "cobros", "agente", "consulta"} <= {
        account.username for account in accounts.values()
    }
    assert all(a.username.isascii() and a.username.islower() for a in accounts.values())


def test_none_of_them_may_all(accounts):
    assert not User.objects.filter(is_superuser=True).exists()


def test_people_enter_the_back_office_and_systems_do_not(accounts):
    outside = User.objects.filter(is_staff=False).values_list("username", flat=True)
    assert list(outside) == [accounts[SISTEMAS].username]


def test_each_password_is_of_its_own_and_opens_its_account(accounts):
    passwords = [account.password for account in accounts.values()]
    assert len(set(passwords)) == len(passwords)
    for role, account in accounts.items():
        assert len(account.password) >= 12
        assert user_of(accounts, role).check_password(account.password)


def test_passwords_follow_from_no_seed(house, monkeypatch):
    drawn = iter(range(100))
    monkeypatch.setattr("secrets.token_urlsafe", lambda size: f"al azar {next(drawn)} de {size}")
    passwords = [account.password for account in open_accounts(SEED)]
    assert passwords == [f"al azar {number} de 9" for number in range(len(settings.ROLES))]


@pytest.mark.parametrize(("role", "rol"), DE_EMPLEADO.items())
def test_who_works_in_the_house_is_an_empleado_of_that_work(accounts, role, rol):
    empleado = Empleado.objects.get(cuenta=user_of(accounts, role))
    assert empleado.rol == rol
    assert accounts[role].owner == str(empleado)
    assert user_of(accounts, role).get_full_name() == f"{empleado.nombres} {empleado.apellidos}"


def test_the_history_of_who_was_given_an_account_says_so(accounts):
    empleado = Empleado.objects.get(cuenta=user_of(accounts, "Cobros"))
    latest, first = empleado.history.all()
    assert (first.cuenta_id, latest.cuenta_id) == (None, empleado.cuenta_id)
    assert latest.version == empleado.version == 2


def test_the_agente_has_a_portfolio_and_sees_no_other(accounts):
    user = user_of(accounts, "Agente")
    agente = Agente.objects.get(cuenta=user)
    assert agente.activo
    clientes = rights.readable(user, Cliente)
    assert 0 < clientes.count() < Cliente.objects.count()
    assert set(Cliente.objects.filter(agente=agente)) <= set(clientes)
    polizas = rights.readable(user, Poliza)
    assert set(polizas) == set(Poliza.objects.filter(agente=agente)) != set()


def test_who_consults_sees_all_and_changes_nothing(accounts):
    user = user_of(accounts, "Consulta")
    assert rights.readable(user, Cliente).count() == Cliente.objects.count()
    assert not rights.may(user, "change", Cliente)


def test_who_only_looks_and_what_is_no_person_are_nobody(accounts):
    for role in ("Consulta", SISTEMAS):
        assert accounts[role].owner == ""
        user = user_of(accounts, role)
        assert not Agente.objects.filter(cuenta=user).exists()
        assert not Empleado.objects.filter(cuenta=user).exists()


def test_an_account_that_is_there_is_left_as_it_is(house):
    mine = User.objects.create_user("agente", "mia@example.net", "la que elegí")
    found = {account.role: account for account in open_accounts(SEED)}
    assert found["Agente"].password == found["Agente"].owner == ""
    mine.refresh_from_db()
    assert mine.check_password("la que elegí")
    assert not mine.is_staff
    assert not mine.groups.exists()
    assert not Agente.objects.filter(cuenta=mine).exists()


def test_asking_again_changes_nothing(accounts):
    before = list(User.objects.order_by("pk").values())
    again = list(open_accounts(SEED))
    assert {account.password for account in again} == {""}
    assert list(User.objects.order_by("pk").values()) == before


def test_who_has_an_account_already_keeps_it(house):
    ana = User.objects.create_user("ana")
    agente = Agente.objects.get(codigo="AG3-00001")
    agente.cuenta = ana
    agente.save()
    found = {account.role: account for account in open_accounts(SEED)}
    assert found["Agente"].password
    assert found["Agente"].owner == ""
    agente.refresh_from_db()
    assert agente.cuenta == ana


def test_without_its_demo_an_account_is_nobodys():
    found = list(open_accounts(SEED))
    assert {account.owner for account in found} == {""}
    assert all(account.password for account in found)


def test_an_account_that_cannot_be_given_is_not_made(house, monkeypatch):
    def refuse(self, *args, **kwargs):
        raise ValidationError("no")

    monkeypatch.setattr(Empleado, "save", refuse)
    with pytest.raises(ValidationError):
        list(open_accounts(SEED))
    assert not User.objects.exists()


def test_a_role_that_the_house_has_no_group_for_is_told(house):
    Group.objects.filter(name="Cobros").delete()
    with pytest.raises(Group.DoesNotExist):
        list(open_accounts(SEED))
    assert not User.objects.filter(username="cobros").exists()
