from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError

from empleados.tests.factories import EmpleadoFactory
from pedidos.models import Pedido
from pedidos.tests.factories import PedidoFactory, TomadoFactory
from polizas.tests.factories import PolizaFactory

pytestmark = pytest.mark.django_db(databases=["clientes", "polizas", "bienes"])

E = Pedido.Estado
FIN = datetime.max.replace(tzinfo=UTC)


def refused(pedido: Pedido) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as refusal:
        pedido.full_clean()
    return refusal.value.message_dict


@pytest.mark.parametrize("tipo", Pedido.Tipo)
def test_a_pedido_of_each_tipo_is_valid(tipo):
    PedidoFactory(tipo=tipo).full_clean()


@pytest.mark.parametrize("tipo", [Pedido.Tipo.ENDOSO, Pedido.Tipo.CERTIFICADO])
def test_an_endoso_and_a_certificado_are_about_a_poliza(tipo):
    assert refused(PedidoFactory(tipo=tipo, poliza=None)) == {
        "poliza": ["Indique sobre qué póliza."]
    }


def test_nobody_asks_about_the_poliza_of_a_stranger():
    assert set(refused(PedidoFactory(poliza=PolizaFactory()))) == {"poliza"}


def test_its_datos_are_judged_by_its_tipo():
    assert set(refused(PedidoFactory(datos={"detalle": "x", "placa": "A"}))) == {"datos"}


def test_its_estado_changes_by_its_verbs_alone():
    pedido = PedidoFactory()
    pedido.estado = E.TERMINADO
    assert set(refused(pedido)) == {"estado"}


@pytest.mark.parametrize("estado", [E.TERMINADO, E.CANCELADO])
def test_a_closed_pedido_does_not_change(estado):
    pedido = TomadoFactory(estado=estado)
    pedido.full_clean()
    pedido.datos = {**pedido.datos, "objeto": "Otra cosa"}
    pedido.empleado = EmpleadoFactory()
    assert set(refused(pedido)) == {"datos", "empleado"}


def test_it_is_called_by_what_it_asks_or_by_its_day():
    assert str(PedidoFactory.build()) == "Cotización: Auto Un Yaris de 2021"
    assert str(PedidoFactory.build(tipo="otro")) == "Otro: Que lo llamen por la tarde"
    assert str(PedidoFactory.build(tipo="cambio_datos", datos={})) == "Cambio de datos 01/04/2026"


def test_it_is_found_by_what_it_says():
    pedido = PedidoFactory(tipo="certificado")
    assert Pedido.objects.get(busqueda__contains="banco del rio") == pedido


def test_the_empleado_of_a_pedido_is_not_deleted():
    pedido = TomadoFactory()
    with pytest.raises(ProtectedError, match="Cotización"):
        pedido.empleado.delete()


def test_what_waits_and_what_is_in_hand_are_told_apart():
    espera, en_mano = PedidoFactory(), TomadoFactory()
    TomadoFactory(estado=E.TERMINADO)
    PedidoFactory(estado=E.CANCELADO)
    assert list(Pedido.objects.sin_tomar()) == [espera]
    assert set(Pedido.objects.abiertos()) == {espera, en_mano}


def test_who_left_is_given_no_pedido_and_keeps_those_in_hand():
    inactivo = EmpleadoFactory(activo=False)
    suyo, ajeno = TomadoFactory(empleado=inactivo), TomadoFactory()
    suyo.full_clean()
    ajeno.empleado = inactivo
    assert refused(ajeno) == {"empleado": [f"{inactivo} no está activo: no puede tomar pedidos."]}
    assert set(refused(PedidoFactory.build(cliente=suyo.cliente, empleado=inactivo))) == {
        "empleado"
    }


def test_a_terminado_pedido_is_kept():
    terminado, cancelado = (TomadoFactory(estado=uno) for uno in (E.TERMINADO, E.CANCELADO))
    with pytest.raises(ProtectedError, match="ya está terminado"):
        terminado.delete()
    cancelado.delete()
    assert Pedido.objects.get() == terminado


def test_a_fecha_off_the_calendar_is_told():
    assert refused(PedidoFactory.build(cliente=TomadoFactory().cliente, fecha=FIN)) == {
        "fecha": ["Esta fecha no cabe en el calendario."]
    }
