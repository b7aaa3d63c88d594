"""A cliente with something of each kind."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from bienes.tests.factories import BienFactory
from clientes.models import Cliente
from clientes.tests.factories import (
    BeneficiarioFactory,
    ClienteFactory,
    ConsentimientoFactory,
    ContactoFactory,
    DireccionFactory,
    ServicioContratadoFactory,
)
from pedidos.tests.factories import PedidoFactory
from polizas.models import Poliza
from polizas.tests.factories import (
    BeneficiarioPolizaFactory,
    CoberturaFactory,
    CobroFactory,
    PolizaFactory,
    ReciboFactory,
)
from siniestros.tests.factories import AprobadoFactory, PagoFactory, ReclamoFactory

UN_DIA = timedelta(1)


def poliza_vigente(**options: Any) -> Poliza:
    hoy = timezone.localdate()
    vigencia = {"inicio": hoy - 30 * UN_DIA, "fin": hoy + 300 * UN_DIA, "estado": "vigente"}
    return PolizaFactory(**vigencia | options)


def de_todo(cliente: Cliente, **poliza: Any) -> Poliza:
    """Give the cliente a póliza and one row of each kind."""
    hoy = timezone.localdate()
    suya = poliza_vigente(cliente=cliente, **poliza)
    CoberturaFactory(poliza=suya)
    BeneficiarioPolizaFactory(poliza=suya)
    vencido = ReciboFactory(poliza=suya, vencimiento=hoy - UN_DIA, importe=Decimal("100.00"))
    ReciboFactory(poliza=suya, vencimiento=hoy + UN_DIA, importe=Decimal("50.00"))
    CobroFactory(recibo=vencido, monto=Decimal("40.00"), fecha=timezone.now())
    ReclamoFactory(poliza=suya, fecha_ocurrencia=None)
    aprobado = AprobadoFactory(poliza=suya, fecha_ocurrencia=None, pagado=Decimal("400.00"))
    PagoFactory(reclamo=aprobado, fecha=timezone.now())
    BienFactory(cliente=cliente, poliza=suya)
    PedidoFactory(cliente=cliente)
    ContactoFactory(cliente=cliente)
    DireccionFactory(cliente=cliente)
    ConsentimientoFactory(cliente=cliente)
    BeneficiarioFactory(cliente=cliente)
    ServicioContratadoFactory(cliente=cliente)
    return suya


def cliente_con_de_todo(times: int = 1, **options: Any) -> Cliente:
    cliente = ClienteFactory(**options)
    for _time in range(times):
        de_todo(cliente)
    return cliente
