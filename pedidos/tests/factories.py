from datetime import UTC, datetime

import factory
from factory.django import DjangoModelFactory

from clientes.tests.factories import ClienteFactory
from empleados.tests.factories import EmpleadoFactory
from pedidos.esquemas import DE_UNA_POLIZA, TipoPedido
from pedidos.models import Pedido
from polizas.tests.factories import PolizaFactory

DATOS = {
    TipoPedido.COTIZACION: {"ramo": "AUTO", "objeto": "Un Yaris de 2021", "presupuesto": "900.00"},
    TipoPedido.ENDOSO: {"cambio": "alta_bien", "detalle": "El remolque", "efecto": "2026-05-01"},
    TipoPedido.CERTIFICADO: {"certificado": "vigencia", "destinatario": "Banco del Río"},
    TipoPedido.CAMBIO_DATOS: {"email": "ana@correo.test"},
    TipoPedido.OTRO: {"detalle": "Que lo llamen por la tarde"},
}


class PedidoFactory(DjangoModelFactory):
    """One that nobody has taken yet; an endoso or a certificado is about a póliza of its cliente."""

    class Meta:
        model = Pedido

    cliente = factory.SubFactory(ClienteFactory)
    tipo = TipoPedido.COTIZACION
    poliza = factory.Maybe(
        factory.LazyAttribute(lambda pedido: pedido.tipo in DE_UNA_POLIZA),
        factory.SubFactory(PolizaFactory, cliente=factory.SelfAttribute("..cliente")),
    )
    datos = factory.LazyAttribute(lambda pedido: dict(DATOS[pedido.tipo]))
    fecha = datetime(2026, 4, 1, 15, tzinfo=UTC)


class TomadoFactory(PedidoFactory):
    empleado = factory.SubFactory(EmpleadoFactory)
    estado = Pedido.Estado.EN_PROCESO
