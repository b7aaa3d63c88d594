from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from agentes.models import Agente, Comision
from especialidades.models import Ramo
from especialidades.tests.factories import EspecialidadFactory


class AgenteFactory(DjangoModelFactory):
    class Meta:
        model = Agente

    codigo = factory.Sequence(lambda n: f"AG-{n:04}")
    nombres = "Lucía"
    apellidos = factory.Sequence(lambda n: f"Núñez {n}")
    oficina = "Lima Centro"
    especialidad = factory.SubFactory(EspecialidadFactory)


class ComisionFactory(DjangoModelFactory):
    class Meta:
        model = Comision

    agente = factory.SubFactory(AgenteFactory)
    ramo = Ramo.AUTO
    porcentaje = Decimal("12.50")
