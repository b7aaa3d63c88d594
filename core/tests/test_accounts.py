"""Accounts and roles: what of them is audited, and who may manage whom."""

import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group, Permission, User
from django.urls import reverse

from core import accounts
from core.models import Operacion
from core.roles import keep_roles

pytestmark = pytest.mark.django_db(databases="__all__")

GOOD = "una-clave-larga"


@pytest.fixture
def ana():
    return User.objects.create_user("ana", "ana@example.com", GOOD)


@pytest.fixture
def audited(ana):
    """What has been audited since the test began, newest last."""
    before = set(Operacion.objects.values_list("pk", flat=True))

    def since():
        rows = Operacion.objects.exclude(pk__in=before).order_by("momento", "pk")
        return [(row.operacion, row.detalle) for row in rows]

    return since


def role(name):
    return Group.objects.get(name=name)


def of_role(username, *names):
    user = User.objects.create_user(username, is_staff=True)
    user.groups.set(Group.objects.filter(name__in=names))
    return user


class TestAudit:
    def test_an_account_that_is_made(self, audited):
        luis = User.objects.create_user("luis", "luis@example.com", GOOD, is_staff=True)
        values = {
            "username": "luis", "email": "luis@example.com", "is_active": True, "is_staff": True,
        }  # fmt: skip
        assert audited() == [
            ("alta_de_cuenta", {"cuenta": "luis", "id": luis.pk, "valores": values})
        ]

    def test_what_changes_of_it_from_what_to_what(self, ana, audited):
        ana.is_superuser, ana.email = True, "otra@example.com"
        ana.save()
        changes = {"email": ["ana@example.com", "otra@example.com"], "is_superuser": [False, True]}
        assert audited() == [
            ("cambio_de_cuenta", {"cuenta": "ana", "id": ana.pk, "cambios": changes})
        ]

    def test_saving_it_as_it_is_says_nothing(self, ana, audited):
        ana.save()
        assert not audited()

    def test_a_sign_in_is_no_change(self, ana, audited, client):
        client.force_login(ana)
        assert [operacion for operacion, _detail in audited()] == ["entrada"]

    def test_of_a_password_only_that_it_is_another(self, ana, audited):
        ana.set_password("otra-clave-mas-larga")
        ana.save()
        ((operacion, detail),) = audited()
        assert (operacion, detail["contrasena"]) == ("cambio_de_cuenta", "cambiada")
        assert ana.password not in str(detail)
        assert "otra-clave" not in str(detail)

    @pytest.mark.parametrize("options", [{}, {"update_fields": ["password"]}])
    def test_however_it_is_set(self, ana, audited, options):
        ana.password = make_password("otra-clave-mas-larga")
        ana.save(**options)
        assert len(audited()) == 1

    def test_a_stronger_hash_of_the_same_password_is_told_as_that(self, ana, audited, settings):
        settings.PASSWORD_HASHERS = [
            "django.contrib.auth.hashers.PBKDF2PasswordHasher",
            *settings.PASSWORD_HASHERS,
        ]
        assert ana.check_password(GOOD)
        ((_operacion, detail),) = audited()
        assert detail["contrasena"] == "cifrada de nuevo"

    def test_no_hash_is_in_any_audit(self, ana):
        ana.set_password("otra-clave-mas-larga")
        ana.save()
        hashes = list(User.objects.values_list("password", flat=True))
        told = str(list(Operacion.objects.values_list("detalle", flat=True)))
        assert not [value for value in hashes if value in told]

    def test_one_that_is_deleted(self, ana, audited):
        key = ana.pk
        ana.delete()
        assert audited() == [("baja_de_cuenta", {"cuenta": "ana", "id": key})]

    def test_many_at_once_too(self, ana, audited):
        User.objects.filter(pk=ana.pk).delete()
        assert [operacion for operacion, _detail in audited()] == ["baja_de_cuenta"]

    def test_a_role_given_and_taken(self, ana, audited):
        ana.groups.add(role("Cobros"))
        ana.groups.add(role("Cobros"))
        ana.groups.remove(role("Cobros"))
        detail = {"cuenta": "ana", "id": ana.pk, "roles": ["Cobros"]}
        assert audited() == [("concesion", detail), ("retirada", detail)]

    def test_the_same_from_the_side_of_the_role(self, ana, audited):
        cobros = role("Cobros")
        cobros.user_set.add(ana)
        assert audited() == [("concesion", {"rol": "Cobros", "id": cobros.pk, "cuentas": ["ana"]})]

    def test_all_the_roles_taken_at_once(self, ana, audited):
        ana.groups.set([role("Cobros"), role("Consulta")])
        ana.groups.clear()
        assert audited()[-1][1]["roles"] == ["Cobros", "Consulta"]
        ana.groups.clear()
        assert len(audited()) == 2

    def test_a_permission_by_itself(self, ana, audited):
        permission = Permission.objects.get(codename="cobrar_recibo")
        ana.user_permissions.add(permission)
        detail = {"cuenta": "ana", "id": ana.pk, "permisos": ["polizas.cobrar_recibo"]}
        assert audited() == [("concesion", detail)]

    def test_a_permission_from_its_own_side(self, ana, audited):
        Permission.objects.get(codename="cobrar_recibo").user_set.add(ana)
        ((operacion, detail),) = audited()
        assert operacion == "concesion"
        assert (detail["permiso"], detail["cuentas"]) == ("polizas.cobrar_recibo", ["ana"])

    def test_a_group_through_its_life(self, audited):
        group = Group.objects.create(name="Peritos")
        group.name = "Peritaje"
        group.save()
        group.permissions.add(Permission.objects.get(codename="pagar_reclamo"))
        group.delete()
        told = audited()
        assert [operacion for operacion, _detail in told] == [
            "alta_de_rol", "cambio_de_rol", "concesion", "baja_de_rol",
        ]  # fmt: skip
        assert told[1][1]["cambios"] == {"name": ["Peritos", "Peritaje"]}
        assert told[2][1]["permisos"] == ["siniestros.pagar_reclamo"]

    def test_roles_kept_as_they_are_say_nothing(self, audited):
        keep_roles("default")
        assert not audited()

    def test_a_role_put_right_is_told(self, audited):
        consulta = role("Consulta")
        consulta.permissions.add(Permission.objects.get(codename="pagar_reclamo"))
        keep_roles("default")
        assert [operacion for operacion, _detail in audited()] == ["concesion", "retirada"]

    def test_it_says_who_did_it(self, client, ana):
        rosa = User.objects.create_superuser("rosa", password=GOOD)
        client.force_login(rosa)
        page = reverse("admin:auth_user_change", args=[ana.pk])
        client.post(page, {"username": "ana", "email": "nueva@example.com", "is_active": "on"})
        row = Operacion.objects.get(operacion="cambio_de_cuenta")
        assert row.user_id == rosa.pk

    def test_what_no_person_does_has_nobody(self, ana):
        assert Operacion.objects.get(operacion="alta_de_cuenta").user_id is None


class TestWhoManagesWhom:
    def test_an_administrator_manages_those_of_every_role(self):
        rosa = of_role("rosa", "Administración")
        for name in Group.objects.values_list("name", flat=True):
            assert accounts.may_manage(rosa, of_role(f"de {name}", name)), name

    def test_but_no_superuser(self):
        rosa, root = of_role("rosa", "Administración"), User.objects.create_superuser("root")
        assert not accounts.may_manage(rosa, root)
        assert accounts.may_manage(root, rosa)
        assert accounts.may_manage(root, root)

    def test_who_can_do_less_does_not_manage_who_can_do_more(self):
        jefe = of_role("jefe", "Cobros")
        jefe.user_permissions.add(Permission.objects.get(codename="change_user"))
        assert accounts.may_manage(jefe, of_role("cobradora", "Cobros"))
        assert not accounts.may_manage(jefe, of_role("rosa", "Administración"))
        assert not accounts.may_manage(jefe, of_role("liquidador", "Siniestros"))

    def test_one_that_is_not_active_still_counts_for_what_it_could_do(self):
        jefe, rosa = of_role("jefe", "Cobros"), of_role("rosa", "Administración")
        User.objects.filter(pk=rosa.pk).update(is_active=False)
        rosa.refresh_from_db()
        assert not accounts.may_manage(jefe, rosa)

    def test_a_permission_by_itself_counts_too(self):
        jefe, ana = of_role("jefe", "Cobros"), of_role("ana", "Cobros")
        ana.user_permissions.add(Permission.objects.get(codename="pagar_reclamo"))
        assert not accounts.may_manage(jefe, ana)

    def test_nobody_grants_what_they_do_not_have(self):
        jefe = of_role("jefe", "Cobros")
        assert set(accounts.grantable_groups(jefe)) == {role("Cobros"), role("Consulta")}

    def test_an_administrator_grants_every_role(self):
        rosa = of_role("rosa", "Administración")
        assert set(accounts.grantable_groups(rosa)) == set(Group.objects.all())

    def test_but_not_a_group_that_goes_beyond_them(self):
        beyond = Group.objects.create(name="Más allá")
        beyond.permissions.add(Permission.objects.get(codename="delete_session"))
        rosa = of_role("rosa", "Administración")
        assert beyond not in accounts.grantable_groups(rosa)
        assert beyond in accounts.grantable_groups(User.objects.create_superuser("root"))
