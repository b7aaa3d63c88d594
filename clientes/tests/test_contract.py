import pytest
from django.db.models import ProtectedError

from clientes.models import (
    Beneficiario,
    Cliente,
    Consentimiento,
    Contacto,
    Direccion,
    ServicioContratado,
    Usuario,
)
from clientes.tests import factories
from core.testing import EntityContract


class TestUsuario(EntityContract):
    model, factory = Usuario, factories.UsuarioFactory


class TestCliente(EntityContract):
    model, factory = Cliente, factories.ClienteFactory


class TestContacto(EntityContract):
    model, factory = Contacto, factories.ContactoFactory


class TestDireccion(EntityContract):
    model, factory = Direccion, factories.DireccionFactory


class TestConsentimiento(EntityContract):
    model, factory = Consentimiento, factories.ConsentimientoFactory

    def test_each_change_leaves_one_history_row_in_the_same_store(self) -> None:
        """What the contract asks, of a row that is never deleted."""
        row = self.factory()
        row.save()
        with pytest.raises(ProtectedError):
            row.delete()
        assert [record.history_type for record in row.history.all()] == ["~", "+"]


class TestBeneficiario(EntityContract):
    model, factory = Beneficiario, factories.BeneficiarioFactory


class TestServicioContratado(EntityContract):
    model, factory = ServicioContratado, factories.ServicioContratadoFactory
