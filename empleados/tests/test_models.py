import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import ProtectedError

from core.stores import atomic
from empleados.models import Empleado
from empleados.tests.factories import EmpleadoFactory

pytestmark = pytest.mark.django_db(databases=["default", "clientes", "polizas", "bienes"])


@pytest.fixture
def cuenta():
    return User.objects.create_user("inigo")


def refused(empleado: Empleado) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as refusal:
        empleado.full_clean()
    return refusal.value.message_dict


@pytest.mark.parametrize("rol", Empleado.Rol)
def test_an_empleado_of_each_rol_is_valid(rol):
    EmpleadoFactory.build(rol=rol).full_clean()


def test_an_empleado_is_known_by_code_and_name():
    assert str(EmpleadoFactory.build(codigo="S-01")) == "S-01 · Íñigo Peña"
    assert EmpleadoFactory.build(apellidos="").nombre_completo == "Íñigo"


def test_a_repeated_code_is_told_in_words():
    EmpleadoFactory(codigo="S-01")
    assert refused(EmpleadoFactory.build(codigo="S-01")) == {
        "codigo": ["Ya hay un empleado con este código."]
    }


def test_a_cuenta_is_of_one_empleado(cuenta):
    EmpleadoFactory(cuenta=cuenta)
    otro = EmpleadoFactory.build(cuenta=cuenta)
    assert "Esta cuenta ya es de otro empleado." in refused(otro)["__all__"]
    with pytest.raises(IntegrityError), atomic(Empleado):
        otro.save()


def test_many_have_no_cuenta():
    EmpleadoFactory.create_batch(2, cuenta=None)
    EmpleadoFactory.build(cuenta=None).full_clean()


def test_a_cuenta_that_does_not_exist_is_refused():
    with pytest.raises(ValidationError, match="No existe"):
        EmpleadoFactory(cuenta_id=999)


def test_the_cuenta_of_an_empleado_is_not_deleted(cuenta):
    EmpleadoFactory(cuenta=cuenta, codigo="S-01")
    with pytest.raises(ProtectedError, match="S-01"):
        cuenta.delete()


@pytest.mark.parametrize("campos", [{"codigo": ""}, {"nombres": ""}])
def test_the_database_refuses_one_without_code_or_name(campos):
    with pytest.raises(IntegrityError), atomic(Empleado):
        EmpleadoFactory(**campos)


def test_who_left_is_not_among_the_activos():
    sigue = EmpleadoFactory()
    EmpleadoFactory(activo=False)
    assert list(Empleado.objects.activos()) == [sigue]


def test_an_empleado_is_found_without_accents():
    empleado = EmpleadoFactory()
    assert Empleado.objects.get(busqueda__contains="inigo pena") == empleado


def test_the_page_writes_an_empleado_with_the_cuenta_of_another_store(admin_client, cuenta):
    answer = admin_client.post(
        "/admin/empleados/empleado/add/",
        {
            "codigo": "S-07",
            "nombres": "Inés",
            "rol": "gerente",
            "activo": "on",
            "cuenta": cuenta.pk,
        },
    )
    assert answer.status_code == 302, answer.context["errors"]
    empleado = Empleado.objects.get()
    assert (empleado.rol, empleado.cuenta, empleado.activo) == ("gerente", cuenta, True)


def test_the_list_is_filtered_by_rol_and_oficina(admin_client):
    EmpleadoFactory(codigo="S-GER", rol="gerente", oficina="Quito")
    EmpleadoFactory(codigo="S-OPE")
    for filtro in ({"rol__exact": "gerente"}, {"oficina": "Quito"}):
        html = admin_client.get("/admin/empleados/empleado/", filtro).content.decode()
        assert ("S-GER" in html, "S-OPE" in html) == (True, False), filtro
