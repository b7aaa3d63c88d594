"""The pages of accounts and groups."""

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.urls import reverse

from agentes.tests.factories import AgenteFactory
from empleados.tests.factories import EmpleadoFactory

pytestmark = pytest.mark.django_db(databases="__all__")

LIST = reverse("admin:auth_user_changelist")
ADD = reverse("admin:auth_user_add")
GROUP_ADD = reverse("admin:auth_group_add")
GOOD = "una-clave-larga"


def role(name):
    return Group.objects.get(name=name)


def page(row, view="change"):
    return reverse(f"admin:auth_{row._meta.model_name}_{view}", args=[row.pk])


@pytest.fixture
def rosa():
    user = User.objects.create_user("rosa", is_staff=True)
    user.groups.add(role("Administración"))
    return user


@pytest.fixture
def client(client, rosa):
    client.force_login(rosa)
    return client


@pytest.fixture
def ana():
    user = User.objects.create_user("ana", "ana@example.com", GOOD, is_staff=True)
    user.groups.add(role("Cobros"))
    return user


@pytest.fixture
def root():
    return User.objects.create_superuser("root", password=GOOD)


def sent(row, **changes):
    """What the page of `row` sends when nothing but `changes` is touched."""
    kept = {
        "username": row.username,
        "first_name": row.first_name,
        "last_name": row.last_name,
        "email": row.email,
        "groups": [group.pk for group in row.groups.all()],
    }
    ticked = {name: "on" for name in ("is_active", "is_staff") if getattr(row, name)}
    return {name: value for name, value in (kept | ticked | changes).items() if value is not None}


class TestNew:
    def add(self, client, **data):
        return client.post(ADD, {"username": "nueva", "usable_password": "false"} | data)

    def test_it_begins_without_a_password_and_with_its_role(self, client):
        answer = self.add(client, email="n@example.com", groups=[role("Cobros").pk], is_staff="on")
        nueva = User.objects.get(username="nueva")
        assert answer["Location"] == page(nueva)
        assert not nueva.has_usable_password()
        assert nueva.is_staff
        assert list(nueva.groups.all()) == [role("Cobros")]

    def test_its_page_then_offers_to_send_the_link(self, client):
        content = client.get(self.add(client)["Location"]).content.decode()
        assert "Enviar enlace de acceso" in content
        assert "Todavía no la ha elegido" in content

    def test_a_password_may_be_written_at_once(self, client):
        self.add(client, usable_password="true", password1=GOOD, password2=GOOD)
        assert User.objects.get(username="nueva").check_password(GOOD)

    def test_a_weak_one_is_refused(self, client):
        answer = self.add(client, usable_password="true", password1="1234", password2="1234")
        assert answer.status_code == 200
        assert not User.objects.filter(username="nueva").exists()

    def test_nobody_makes_a_superuser_that_way(self, client):
        self.add(client, is_superuser="on", is_staff="on")
        assert not User.objects.get(username="nueva").is_superuser

    def test_the_form_offers_the_roles_and_comes_in_spanish(self, client):
        content = client.get(ADD).content.decode()
        for words in ("Roles", "Siniestros", "Entra en la oficina", "Quién elige la contraseña"):
            assert words in content


class TestPage:
    def test_it_shows_its_roles_and_what_in_the_house_it_belongs_to(self, client, ana):
        agente = AgenteFactory(cuenta=ana)
        content = client.get(page(ana)).content.decode()
        assert str(agente) in content
        assert reverse("admin:agentes_agente_change", args=[agente.pk]) in content

    def test_an_empleado_too(self, client, ana):
        empleado = EmpleadoFactory(cuenta=ana)
        assert str(empleado) in client.get(page(ana)).content.decode()

    def test_roles_are_changed_by_their_boxes(self, client, ana):
        chosen = [role("Siniestros").pk, role("Consulta").pk]
        assert client.post(page(ana), sent(ana, groups=chosen)).status_code == 302
        assert {group.name for group in ana.groups.all()} == {"Siniestros", "Consulta"}

    def test_saving_keeps_what_is_not_touched(self, client, ana):
        before = User.objects.values().get(pk=ana.pk)
        assert client.post(page(ana), sent(ana)).status_code == 302
        assert User.objects.values().get(pk=ana.pk) == before
        assert list(ana.groups.all()) == [role("Cobros")]

    def test_neither_a_password_nor_its_hash_is_shown(self, client, ana, root):
        for account in (ana, root):
            assert account.password not in client.get(page(account)).content.decode()
            assert "salto" not in client.get(page(account)).content.decode()

    def test_another_password_may_be_written(self, client, ana):
        data = {"password1": "otra-clave-mas-larga", "password2": "otra-clave-mas-larga"}
        client.post(reverse("admin:auth_user_password_change", args=[ana.pk]), data)
        ana.refresh_from_db()
        assert ana.check_password("otra-clave-mas-larga")

    def test_one_may_be_deactivated_but_not_ones_own(self, client, ana, rosa):
        client.post(page(ana), sent(ana, is_active=None))
        ana.refresh_from_db()
        assert not ana.is_active
        answer = client.post(page(rosa), sent(rosa, is_active=None))
        assert "No puede desactivar su propia cuenta" in answer.content.decode()


class TestAbove:
    """A superuser is above who administers."""

    def test_it_is_shown_and_not_changed(self, client, root):
        answer = client.get(page(root))
        assert answer.status_code == 200
        assert not answer.context["has_change_permission"]
        assert client.post(page(root), sent(root, email="m@example.com")).status_code == 403

    def test_nor_is_its_password(self, client, root):
        data = {"password1": "otra-clave-mas-larga", "password2": "otra-clave-mas-larga"}
        url = reverse("admin:auth_user_password_change", args=[root.pk])
        assert client.get(url).status_code == 403
        assert client.post(url, data).status_code == 403

    def test_nor_is_it_deleted(self, client, root):
        assert client.post(page(root, "delete"), {"post": "yes"}).status_code == 403

    def test_nobody_is_made_one(self, client, ana, rosa):
        for account in (ana, rosa):
            client.post(page(account), sent(account, is_superuser="on"))
            account.refresh_from_db()
            assert not account.is_superuser

    def test_nobody_is_given_a_permission_by_itself(self, client, ana):
        permission = Permission.objects.get(codename="delete_session")
        client.post(page(ana), sent(ana, user_permissions=[permission.pk]))
        assert not ana.user_permissions.exists()

    def test_nor_a_group_that_goes_beyond_who_gives_it(self, client, ana):
        beyond = Group.objects.create(name="Más allá")
        beyond.permissions.add(Permission.objects.get(codename="delete_session"))
        answer = client.post(page(ana), sent(ana, groups=[beyond.pk]))
        assert answer.status_code == 200
        assert list(ana.groups.all()) == [role("Cobros")]

    def test_a_superuser_does_all_that(self, admin_client, ana):
        admin_client.post(page(ana), sent(ana, is_superuser="on"))
        ana.refresh_from_db()
        assert ana.is_superuser


class TestList:
    def test_it_says_who_has_which_role(self, client, ana, root):
        content = client.get(LIST).content.decode()
        for words in ("ana@example.com", "Cobros", "Superusuario"):
            assert words in content

    def test_its_queries_do_not_grow(self, client, ana, django_assert_max_num_queries):
        with django_assert_max_num_queries(60) as few:
            client.get(LIST)
        for number in range(10):
            User.objects.create_user(f"n{number}").groups.add(role("Cobros"))
        with django_assert_max_num_queries(len(few)):
            client.get(LIST)

    def test_nobody_is_deleted_from_it(self, client, ana):
        client.post(LIST, {"action": "delete_selected", "_selected_action": ana.pk, "post": "yes"})
        assert User.objects.filter(pk=ana.pk).exists()

    @pytest.mark.parametrize("name", ["Suscripción", "Cobros", "Agente", "Consulta", "Integración"])
    def test_it_is_for_who_administers(self, client, ana, name):
        ana.groups.set([role(name)])
        client.force_login(ana)
        for url in (LIST, ADD, page(ana), reverse("admin:auth_group_changelist")):
            assert client.get(url).status_code == 403


class TestDelete:
    def test_an_account_that_nothing_hangs_from_may_go(self, client, ana):
        client.post(page(ana, "delete"), {"post": "yes"})
        assert not User.objects.filter(pk=ana.pk).exists()

    def test_that_of_an_agente_stays(self, client, ana):
        AgenteFactory(cuenta=ana)
        assert client.post(page(ana, "delete"), {"post": "yes"}).status_code == 403
        assert User.objects.filter(pk=ana.pk).exists()

    def test_so_does_ones_own(self, client, rosa):
        assert client.post(page(rosa, "delete"), {"post": "yes"}).status_code == 403


class TestGroups:
    def test_a_role_is_told_in_words_and_stays_as_it_is(self, client):
        cobros = role("Cobros")
        answer = client.get(page(cobros))
        assert "<strong>Clientes</strong>: ver" in answer.content.decode()
        assert not answer.context["has_change_permission"]
        assert client.post(page(cobros), {"name": "Otra"}).status_code == 403
        assert client.post(page(cobros, "delete"), {"post": "yes"}).status_code == 403

    def test_even_for_a_superuser_for_it_would_be_put_right_again(self, admin_client):
        assert admin_client.post(page(role("Cobros")), {"name": "Otra"}).status_code == 403

    def test_another_group_may_be_made_of_what_one_may_do(self, client):
        pagar = Permission.objects.get(codename="pagar_reclamo")
        client.post(GROUP_ADD, {"name": "Peritos", "permissions": [pagar.pk]})
        assert list(role("Peritos").permissions.all()) == [pagar]

    def test_but_of_nothing_more(self, client):
        beyond = Permission.objects.get(codename="delete_session")
        answer = client.post(GROUP_ADD, {"name": "Peritos", "permissions": [beyond.pk]})
        assert answer.status_code == 200
        assert not Group.objects.filter(name="Peritos").exists()

    def test_one_that_goes_beyond_who_looks_stays_as_it_is(self, client):
        beyond = Group.objects.create(name="Más allá")
        beyond.permissions.add(Permission.objects.get(codename="delete_session"))
        assert client.post(page(beyond), {"name": "Otra"}).status_code == 403

    def test_one_of_the_house_may_go(self, client):
        group = Group.objects.create(name="Peritos")
        client.post(page(group, "delete"), {"post": "yes"})
        assert not Group.objects.filter(name="Peritos").exists()
