from datetime import UTC, date, datetime
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from agentes.tests.factories import AgenteFactory
from clientes.tests.factories import ClienteFactory
from especialidades.models import Ramo
from polizas import services
from polizas.models import (
    Aseguradora,
    BeneficiarioPoliza,
    Cobertura,
    Cobro,
    Poliza,
    Producto,
    Recibo,
    TipoCobertura,
)

HOY = date(2026, 3, 1)
AHORA = datetime(2026, 3, 1, 15, tzinfo=UTC)


class AseguradoraFactory(DjangoModelFactory):
    class Meta:
        model = Aseguradora

    nombre = factory.Sequence(lambda n: f"Aseguradora Río {n}")


class ProductoFactory(DjangoModelFactory):
    class Meta:
        model = Producto

    codigo = factory.Sequence(lambda n: f"AUTO-{n}")
    nombre = "Auto todo riesgo"
    aseguradora = factory.SubFactory(AseguradoraFactory)
    ramo = Ramo.AUTO
    prima_base = Decimal("1000.00")


class TipoCoberturaFactory(DjangoModelFactory):
    class Meta:
        model = TipoCobertura

    producto = factory.SubFactory(ProductoFactory)
    nombre = factory.Sequence(lambda n: f"Daños propios {n}")
    limite = Decimal("50000.00")
    deducible = Decimal("500.00")


class PolizaFactory(DjangoModelFactory):
    """A cotizada póliza of a year, from HOY on."""

    class Meta:
        model = Poliza

    cliente = factory.SubFactory(ClienteFactory)
    agente = factory.SubFactory(AgenteFactory)
    producto = factory.SubFactory(ProductoFactory)
    inicio = HOY
    fin = date(2027, 2, 28)
    prima_neta = Decimal("1000.00")
    impuestos = Decimal("180.00")
    recargos = Decimal("20.00")
    suma_asegurada = Decimal("50000.00")


class EmitidaFactory(PolizaFactory):
    """A póliza issued on HOY, so vigente, with its recibos."""

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        cotizada = super()._create(model_class, *args, **kwargs)
        return services.emitir(cotizada.pk, dia=HOY)


class CoberturaFactory(DjangoModelFactory):
    class Meta:
        model = Cobertura

    poliza = factory.SubFactory(PolizaFactory)
    nombre = factory.Sequence(lambda n: f"Robo {n}")
    limite = Decimal("20000.00")


class BeneficiarioPolizaFactory(DjangoModelFactory):
    class Meta:
        model = BeneficiarioPoliza

    poliza = factory.SubFactory(PolizaFactory)
    nombre_completo = "Lucía Ibáñez"
    parentesco = "hija"
    porcentaje = Decimal("100.00")


class ReciboFactory(DjangoModelFactory):
    """The next recibo of a vigente póliza that has none yet."""

    class Meta:
        model = Recibo

    poliza = factory.SubFactory(PolizaFactory, estado="vigente")
    numero = factory.Sequence(lambda n: n + 1)
    vencimiento = HOY
    importe = Decimal("100.00")


class CobroFactory(DjangoModelFactory):
    class Meta:
        model = Cobro

    recibo = factory.SubFactory(ReciboFactory)
    monto = Decimal("40.00")
    metodo = "transferencia"
    fecha = AHORA
    referencia = factory.Sequence(lambda n: f"Operación {n}")
