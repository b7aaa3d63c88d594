from agentes.models import Agente, Comision
from agentes.tests.factories import AgenteFactory, ComisionFactory
from core.testing import EntityContract


class TestAgente(EntityContract):
    model, factory = Agente, AgenteFactory


class TestComision(EntityContract):
    model, factory = Comision, ComisionFactory
