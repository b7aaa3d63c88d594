import pytest
from django.db.models import ProtectedError

from core.stores import atomic
from core.testing import EntityContract
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
from polizas.tests.factories import (
    AseguradoraFactory,
    BeneficiarioPolizaFactory,
    CoberturaFactory,
    CobroFactory,
    PolizaFactory,
    ProductoFactory,
    ReciboFactory,
    TipoCoberturaFactory,
)


class Conservado(EntityContract):
    """What is kept for good: its history never ends."""

    def test_each_change_leaves_one_history_row_in_the_same_store(self) -> None:
        row = self.factory()
        row.save()
        with pytest.raises(ProtectedError), atomic(self.model):
            row.delete()
        assert [record.history_type for record in row.history.order_by("history_id")] == ["+", "~"]


class TestAseguradora(EntityContract):
    model, factory = Aseguradora, AseguradoraFactory


class TestProducto(EntityContract):
    model, factory = Producto, ProductoFactory


class TestTipoCobertura(EntityContract):
    model, factory = TipoCobertura, TipoCoberturaFactory


class TestPoliza(EntityContract):
    model, factory = Poliza, PolizaFactory


class TestCobertura(EntityContract):
    model, factory = Cobertura, CoberturaFactory


class TestBeneficiarioPoliza(EntityContract):
    model, factory = BeneficiarioPoliza, BeneficiarioPolizaFactory


class TestRecibo(Conservado):
    model, factory = Recibo, ReciboFactory


class TestCobro(Conservado):
    model, factory = Cobro, CobroFactory
