"""Who is insured, or may be: the usuario who registers, the cliente, and what is known of them."""

from clientes.models.cliente import Cliente, ClienteQuerySet, EstadoCivil, Sexo
from clientes.models.partes import (
    Beneficiario,
    Consentimiento,
    ConsentimientoQuerySet,
    Contacto,
    Direccion,
    Parentesco,
    ServicioContratado,
)
from clientes.models.usuario import Usuario, UsuarioQuerySet

__all__ = [
    "Beneficiario",
    "Cliente",
    "ClienteQuerySet",
    "Consentimiento",
    "ConsentimientoQuerySet",
    "Contacto",
    "Direccion",
    "EstadoCivil",
    "Parentesco",
    "ServicioContratado",
    "Sexo",
    "Usuario",
    "UsuarioQuerySet",
]
