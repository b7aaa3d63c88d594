import pytest
from django.db.models import ProtectedError

from core.testing import EntityContract
from siniestros.models import Pago, Reclamo
from siniestros.tests.factories import PagoFactory, ReclamoFactory


class TestReclamo(EntityContract):
    model, factory = Reclamo, ReclamoFactory


class TestPago(EntityContract):
    model, factory = Pago, PagoFactory

    def test_each_change_leaves_one_history_row_in_the_same_store(self) -> None:
        """What the contract asks, of a row that is never deleted."""
        pago = PagoFactory()
        pago.save()
        with pytest.raises(ProtectedError):
            pago.delete()
        assert [record.history_type for record in pago.history.all()] == ["~", "+"]
