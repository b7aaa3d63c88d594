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


class TestBeneficiario(EntityContract):
    model, factory = Beneficiario, factories.BeneficiarioFactory


class TestServicioContratado(EntityContract):
    model, factory = ServicioContratado, factories.ServicioContratadoFactory
