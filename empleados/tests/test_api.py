"""The API of the staff: the contract, and what keeps an account to one of them."""

import pytest

from core.api.testing import ApiContract, of_role, signed_in
from empleados.api import EmpleadoViewSet
from empleados.tests.factories import EmpleadoFactory
from pedidos.tests.factories import TomadoFactory

pytestmark = pytest.mark.django_db(databases="__all__")

LIST = "/api/v1/empleados/"


class TestEmpleadoApi(ApiContract):
    collection, viewset, factory = "empleados", EmpleadoViewSet, EmpleadoFactory


def post(**body):
    return signed_in().post(LIST, {"codigo": "S-1", "nombres": "Ana"} | body, format="json")


def test_who_sees_only_their_oficina_has_one():
    answer = post(solo_su_oficina=True)
    assert answer.status_code == 400
    assert answer.data == {"detail": ["Para ver solo su oficina, hay que decir cuál es."]}
    assert post(solo_su_oficina=True, oficina="Lima").status_code == 201


def test_an_account_is_of_one_empleado():
    account = of_role("Cobros")
    EmpleadoFactory(cuenta=account)
    answer = post(cuenta=account.pk)
    assert answer.data == {"detail": ["Esta cuenta ya es de otro empleado."]}


def test_a_codigo_that_is_taken_is_refused_by_its_field():
    EmpleadoFactory(codigo="S-1")
    assert post().data == {"codigo": ["Ya hay un empleado con este código."]}


def test_who_holds_a_pedido_is_not_deleted():
    pedido = TomadoFactory()
    answer = signed_in().delete(f"{LIST}{pedido.empleado_id}/")
    assert answer.status_code == 409
    assert "pedido" in answer.data["detail"]


def test_they_are_asked_for_by_rol_oficina_and_whether_they_are_here():
    cobrador = EmpleadoFactory(rol="cobrador", oficina="Trujillo")
    EmpleadoFactory(activo=False)
    client = signed_in()
    for asked in (
        {"rol": "cobrador"},
        {"rol__in": "cobrador,gerente"},
        {"oficina": "Trujillo"},
        {"activo": "true"},
        {"codigo": cobrador.codigo},
    ):
        rows = client.get(LIST, asked).data["results"]
        assert [row["id"] for row in rows] == [str(cobrador.pk)], asked


def test_the_staff_is_not_for_an_agente_to_read():
    assert signed_in(of_role("Agente")).get(LIST).status_code == 403
