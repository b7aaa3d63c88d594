from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group, Permission

from core.entities import Entity
from core.roles import keep_roles, permissions

pytestmark = pytest.mark.django_db


def of(role: str) -> set[str]:
    return set(Group.objects.get(name=role).permissions.values_list("codename", flat=True))


def test_every_role_of_the_table_is_a_group() -> None:
    assert set(settings.ROLES) <= set(Group.objects.values_list("name", flat=True))


def test_keeping_the_roles_again_changes_nothing() -> None:
    before = {role: of(role) for role in settings.ROLES}
    keep_roles(using="default")
    assert {role: of(role) for role in settings.ROLES} == before


def test_a_role_changed_by_hand_comes_back_to_the_table() -> None:
    group = Group.objects.get(name="Consulta")
    group.permissions.add(Permission.objects.get(codename="delete_cliente"))
    group.permissions.remove(Permission.objects.get(codename="view_poliza"))
    keep_roles(using="default")
    assert "delete_cliente" not in of("Consulta")
    assert "view_poliza" in of("Consulta")


def test_a_group_that_is_no_role_is_left_alone() -> None:
    group = Group.objects.create(name="Auditoría externa")
    group.permissions.add(Permission.objects.get(codename="delete_cliente"))
    keep_roles(using="default")
    assert of("Auditoría externa") == {"delete_cliente"}


def test_other_stores_keep_no_roles() -> None:
    Group.objects.all().delete()
    keep_roles(using="clientes")
    assert not Group.objects.exists()


@pytest.mark.parametrize("grants", [{"vuelve": ("clientes.cliente",)}, {"view": ("clientes.x",)}])
def test_a_grant_that_names_nothing_stops_the_migration(grants: Any) -> None:
    with pytest.raises(LookupError, match="names no permission"):
        permissions(grants)


def test_consulta_only_looks() -> None:
    assert all(codename.startswith("view_") for codename in of("Consulta"))


def test_only_administration_manages_accounts_schedules_and_exports() -> None:
    guarded = {"add_user", "change_group", "change_periodictask", "view_job"}
    assert guarded <= of("Administración")
    for role in set(settings.ROLES) - {"Administración"}:
        assert not guarded & of(role), role


def test_money_moves_by_the_roles_that_answer_for_it() -> None:
    may_collect = {role for role in settings.ROLES if "cobrar_recibo" in of(role)}
    may_pay = {role for role in settings.ROLES if "pagar_reclamo" in of(role)}
    assert may_collect == {"Administración", "Cobros", "Integración"}
    assert may_pay == {"Administración", "Siniestros", "Integración"}


def test_an_agente_quotes_and_reports_but_neither_issues_nor_pays() -> None:
    assert {"add_poliza", "add_reclamo", "add_cliente"} <= of("Agente")
    assert not {"emitir_poliza", "cobrar_recibo", "pagar_reclamo", "delete_cliente"} & of("Agente")


def test_every_entity_says_whose_it_is() -> None:
    entities = [model for model in apps.get_models() if issubclass(model, Entity)]
    assert entities
    for model in entities:
        assert isinstance(vars(model).get("portfolio"), tuple), model
