from core.testing import EntityContract
from pedidos.models import Pedido
from pedidos.tests.factories import TomadoFactory


class TestPedido(EntityContract):
    model, factory = Pedido, TomadoFactory
