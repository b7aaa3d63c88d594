from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, Group, Permission, User
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError
from django.test import RequestFactory

from agentes.models import Agente
from agentes.tests.factories import AgenteFactory
from bienes.models import Bien
from bienes.tests.factories import BienFactory
from clientes.models import Beneficiario, Cliente, Usuario
from clientes.tests.factories import BeneficiarioFactory, ClienteFactory, UsuarioFactory
from core import lookups, rights
from core.lookups import TooManyKeys
from core.testing import queries
from empleados.tests.factories import EmpleadoFactory
from especialidades.models import Especialidad
from especialidades.tests.factories import EspecialidadFactory
from polizas.models import Poliza
from polizas.tests.factories import PolizaFactory

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture
def agente() -> Agente:
    user = User.objects.create_user("vendedora")
    user.groups.add(Group.objects.get(name="Agente"))
    return AgenteFactory(cuenta=user, oficina="Lima")


@pytest.fixture
def user(agente: Agente) -> User:
    return User.objects.get(pk=agente.cuenta_id)


def empleado(**options: Any) -> User:
    cuenta = User.objects.create_user("empleada")
    EmpleadoFactory(cuenta=cuenta, **options)
    return cuenta


def seen(user: Any, model: Any) -> set[Any]:
    return set(rights.visible(user, model.objects.all()))


def test_an_agente_sees_the_clientes_they_attend_and_those_of_their_polizas(
    user: User, agente: Agente
) -> None:
    attended = ClienteFactory(agente=agente)
    sold = PolizaFactory(agente=agente).cliente
    insured = PolizaFactory(agente=agente, asegurado=ClienteFactory()).asegurado
    paying = PolizaFactory(agente=agente, pagador=ClienteFactory())
    PolizaFactory(agente=AgenteFactory())
    ClienteFactory()
    others = {poliza.cliente for poliza in Poliza.objects.filter(agente=agente)}
    assert seen(user, Cliente) == {attended, sold, insured, paying.pagador} | others


def test_an_agente_sees_their_polizas_and_no_others_of_a_shared_cliente(
    user: User, agente: Agente
) -> None:
    cliente = ClienteFactory(agente=agente)
    mine = PolizaFactory(agente=agente, cliente=cliente)
    PolizaFactory(agente=AgenteFactory(), cliente=cliente)
    PolizaFactory(agente=None, cliente=cliente)
    assert seen(user, Poliza) == {mine}


def test_the_parts_of_a_cliente_are_seen_with_them(user: User, agente: Agente) -> None:
    mine = BeneficiarioFactory(cliente=PolizaFactory(agente=agente).cliente)
    BeneficiarioFactory()
    assert seen(user, Beneficiario) == {mine}


def test_a_bien_is_seen_by_its_poliza_and_by_who_attends_its_cliente(
    user: User, agente: Agente
) -> None:
    poliza = PolizaFactory(agente=agente)
    insured = BienFactory(cliente=poliza.cliente, poliza=poliza)
    attended = BienFactory(cliente=ClienteFactory(agente=agente))
    BienFactory()
    assert seen(user, Bien) == {insured, attended}


def test_an_agente_sees_themselves_and_no_other_agente(user: User, agente: Agente) -> None:
    AgenteFactory(supervisor=agente)
    assert seen(user, Agente) == {agente}


def test_catalogues_are_for_everyone_and_what_says_nothing_for_who_sees_all(user: User) -> None:
    especialidad, usuario = EspecialidadFactory(), UsuarioFactory()
    assert especialidad in seen(user, Especialidad)
    assert seen(user, Usuario) == set()
    assert seen(User(is_superuser=True), Usuario) == {usuario}


def test_an_account_of_the_role_that_is_no_agentes_sees_nothing() -> None:
    user = User.objects.create_user("sin-agente")
    user.groups.add(Group.objects.get(name="Agente"))
    ClienteFactory(agente=None)
    PolizaFactory(agente=None)
    assert not seen(user, Cliente)
    assert not seen(user, Poliza)


def test_who_has_another_role_too_is_still_limited(user: User, agente: Agente) -> None:
    user.groups.add(Group.objects.get(name="Administración"))
    ClienteFactory()
    assert not seen(user, Cliente)


def test_an_agente_who_has_another_role_alone_sees_the_house() -> None:
    user = User.objects.create_user("gerenta")
    AgenteFactory(cuenta=user)
    cliente = ClienteFactory()
    assert seen(user, Cliente) == {cliente}


def test_staff_set_so_see_the_portfolio_of_their_oficina() -> None:
    user = empleado(oficina="Lima", solo_su_oficina=True)
    near, far = AgenteFactory(oficina="Lima"), AgenteFactory(oficina="Cusco")
    poliza = PolizaFactory(agente=near)
    PolizaFactory(agente=far)
    assert seen(user, Agente) == {near}
    assert seen(user, Poliza) == {poliza}
    assert seen(user, Cliente) == {poliza.cliente}


def test_staff_of_an_oficina_who_are_not_limited_see_the_house() -> None:
    poliza = PolizaFactory(agente=AgenteFactory(oficina="Cusco"))
    assert seen(empleado(oficina="Lima"), Poliza) == {poliza}


def test_who_is_limited_to_an_oficina_must_have_one() -> None:
    with pytest.raises(ValidationError, match="cuál es"):
        EmpleadoFactory.build(oficina="", solo_su_oficina=True).full_clean()


def test_who_is_both_sees_what_both_limits_leave(user: User, agente: Agente) -> None:
    EmpleadoFactory(cuenta=user, oficina="Cusco", solo_su_oficina=True)
    PolizaFactory(agente=agente)
    assert not seen(user, Poliza)


def test_the_limits_of_a_user_are_asked_once(user: User, agente: Agente) -> None:
    rights.limits_of(user)
    with queries() as again:
        rights.limits_of(user)
    assert again.total == 0


def test_a_portfolio_over_the_bound_is_refused_with_a_sentence(
    user: User, agente: Agente, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lookups, "MAX_KEYS", 1)
    PolizaFactory.create_batch(2, agente=agente)
    with pytest.raises(TooManyKeys, match="más de 1 filas"):
        seen(user, Cliente)


def test_readable_asks_for_the_permission_too(user: User, agente: Agente) -> None:
    cliente = ClienteFactory(agente=agente)
    plain = User.objects.create_user("sin-permisos")
    assert not rights.readable(plain, Cliente).exists()
    assert set(rights.readable(user, Cliente)) == {cliente}


def test_may_asks_for_the_models_own_verbs() -> None:
    user = User.objects.create_user("cobrador")
    assert not rights.may(user, "emitir", Poliza)
    user.user_permissions.add(Permission.objects.get(codename="emitir_poliza"))
    assert rights.may(User.objects.get(pk=user.pk), "emitir", Poliza)


def test_an_inactive_account_may_nothing(user: User) -> None:
    user.is_active = False
    assert not rights.may(user, "view", Cliente)


def test_what_is_written_outside_the_portfolio_is_refused(user: User, agente: Agente) -> None:
    rights.require_visible(user, ClienteFactory(agente=agente))
    with pytest.raises(ValidationError, match="fuera de su cartera"):
        rights.require_visible(user, ClienteFactory(nombres="Eva", agente=AgenteFactory()))


def test_a_refusal_to_delete_does_not_name_what_is_not_theirs(user: User, agente: Agente) -> None:
    mine, other = PolizaFactory(agente=agente), PolizaFactory(agente=AgenteFactory())
    assert rights.refusal_for(user, ProtectedError("la usa X", {mine})) == "la usa X"
    assert "X" not in rights.refusal_for(user, ProtectedError("la usa X", {other}))


def test_the_house_stands_behind_an_open_interface_alone(
    settings: Any, rf: RequestFactory, user: User
) -> None:
    request = rf.get("/")
    request.user = AnonymousUser()
    assert rights.who(request, "pages") is request.user
    settings.OPEN_INTERFACES = ["pages"]
    assert rights.who(request, "pages") is rights.HOUSE
    assert rights.who(request, "analytics") is request.user
    request.user = user
    assert rights.who(request, "pages") is user


def test_the_house_sees_everything(agente: Agente) -> None:
    cliente = ClienteFactory()
    assert cliente in rights.readable(rights.HOUSE, Cliente)
    assert not rights.limits_of(rights.HOUSE)
