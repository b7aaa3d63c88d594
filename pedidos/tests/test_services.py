from unittest.mock import patch

import pytest
from django.core.exceptions import ValidationError

from core.entities import VersionConflict
from empleados.tests.factories import EmpleadoFactory
from pedidos import services
from pedidos.models import Pedido
from pedidos.tests.factories import PedidoFactory, TomadoFactory

pytestmark = pytest.mark.django_db(databases=["clientes", "polizas", "bienes"])

E = Pedido.Estado


def leido(pedido: Pedido) -> Pedido:
    return Pedido.objects.get(pk=pedido.pk)


def test_a_pedido_goes_from_pendiente_to_terminado():
    pedido, empleado = PedidoFactory(), EmpleadoFactory()
    services.tomar(pedido.pk, empleado=empleado)
    assert (leido(pedido).estado, leido(pedido).empleado) == (E.EN_PROCESO, empleado)
    services.terminar(pedido.pk, resultado=" Cotización enviada ")
    assert (leido(pedido).estado, leido(pedido).resultado) == (E.TERMINADO, "Cotización enviada")
    assert pedido.history.count() == 3


@pytest.mark.parametrize("fabrica", [PedidoFactory, TomadoFactory])
def test_an_open_pedido_is_cancelado_with_its_motivo(fabrica):
    pedido = fabrica()
    services.cancelar(pedido.pk, motivo="Ya no lo quiere")
    assert (leido(pedido).estado, leido(pedido).resultado) == (E.CANCELADO, "Ya no lo quiere")


def test_cancelar_without_a_motivo_is_refused():
    with pytest.raises(ValidationError, match="motivo"):
        services.cancelar(PedidoFactory().pk, motivo=" ")


def test_who_left_takes_no_pedido():
    pedido = PedidoFactory()
    with pytest.raises(ValidationError, match="no está activo"):
        services.tomar(pedido.pk, empleado=EmpleadoFactory(activo=False))
    assert leido(pedido).estado == E.PENDIENTE


def test_a_pedido_is_taken_once():
    pedido, primero, segundo = PedidoFactory(), EmpleadoFactory(), EmpleadoFactory()
    services.tomar(pedido.pk, empleado=primero)
    with pytest.raises(ValidationError, match="en proceso"):
        services.tomar(pedido.pk, empleado=segundo)
    assert leido(pedido).empleado == primero


def test_of_two_who_read_it_at_once_the_second_is_told():
    pedido, primero, segundo = PedidoFactory(), EmpleadoFactory(), EmpleadoFactory()
    viejo = leido(pedido)
    services.tomar(pedido.pk, empleado=primero)
    # A store without row locks would let the second read what the first read.
    with (
        patch.object(Pedido.objects, "select_for_update") as leer,
        pytest.raises(VersionConflict),
    ):
        leer.return_value.get.return_value = viejo
        services.tomar(pedido.pk, empleado=segundo)
    assert leido(pedido).empleado == primero


@pytest.mark.parametrize("estado", [E.PENDIENTE, E.TERMINADO, E.CANCELADO])
def test_only_what_is_in_hand_is_finished(estado):
    pedido = PedidoFactory(estado=estado)
    with pytest.raises(ValidationError, match="no se termina"):
        services.terminar(pedido.pk)
