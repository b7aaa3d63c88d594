from datetime import UTC, date, datetime
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from polizas.tests.factories import PolizaFactory
from siniestros.models import Pago, Reclamo

DIA = date(2026, 4, 1)
AVISO = datetime(2026, 4, 2, 15, tzinfo=UTC)


class ReclamoFactory(DjangoModelFactory):
    """A reclamo that nobody has looked at, of something that its póliza covered."""

    class Meta:
        model = Reclamo

    poliza = factory.SubFactory(PolizaFactory, estado="vigente")
    fecha_ocurrencia = DIA
    fecha_reclamo = AVISO
    causa = Reclamo.Causa.ACCIDENTE
    descripcion = "Choque en un cruce"
    monto = Decimal("1000.00")


class AprobadoFactory(ReclamoFactory):
    """One whose monto is set aside to be paid."""

    estado = Reclamo.Estado.APROBADO
    reserva = factory.SelfAttribute("monto")


class PagoFactory(DjangoModelFactory):
    class Meta:
        model = Pago

    reclamo = factory.SubFactory(AprobadoFactory, pagado=Decimal("400.00"))
    monto = Decimal("400.00")
    metodo = "transferencia"
    fecha = AVISO
    beneficiario = "Taller Núñez"
    referencia = "OP-17"
