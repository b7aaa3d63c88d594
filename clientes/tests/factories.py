from datetime import date

import factory
from factory.django import DjangoModelFactory

from clientes.models import (
    Beneficiario,
    Cliente,
    Consentimiento,
    Contacto,
    Direccion,
    Parentesco,
    ServicioContratado,
    Usuario,
)


class UsuarioFactory(DjangoModelFactory):
    class Meta:
        model = Usuario

    username = factory.Sequence(lambda n: f"usuario{n}")
    email = factory.LazyAttribute(lambda usuario: f"{usuario.username}@ejemplo.pe")
    ciudad = "Lima"
    provincia = "Lima"


class ClienteFactory(DjangoModelFactory):
    class Meta:
        model = Cliente

    nombres = "María"
    apellidos = factory.Sequence(lambda n: f"López {n}")
    nacimiento = date(1980, 2, 29)


class EmpresaFactory(ClienteFactory):
    tipo = Cliente.Tipo.EMPRESA
    nombres = factory.Sequence(lambda n: f"Transportes {n} S. A.")
    apellidos = ""
    nacimiento = None


class ContactoFactory(DjangoModelFactory):
    class Meta:
        model = Contacto

    cliente = factory.SubFactory(ClienteFactory)
    valor = factory.Sequence(lambda n: f"+51 900 000 {n:03}")


class DireccionFactory(DjangoModelFactory):
    class Meta:
        model = Direccion

    cliente = factory.SubFactory(ClienteFactory)
    linea = "Av. Arequipa 100"
    ciudad = "Lima"
    pais = "PE"


class ConsentimientoFactory(DjangoModelFactory):
    class Meta:
        model = Consentimiento

    cliente = factory.SubFactory(ClienteFactory)
    finalidad = Consentimiento.Finalidad.COMERCIAL
    fecha = date(2026, 1, 10)
    medio = Consentimiento.Medio.WEB


class BeneficiarioFactory(DjangoModelFactory):
    class Meta:
        model = Beneficiario

    cliente = factory.SubFactory(ClienteFactory)
    nombres = "Íñigo"
    apellidos = factory.Sequence(lambda n: f"López {n}")
    parentesco = Parentesco.HIJO
    nacimiento = date(2015, 6, 1)


class ServicioContratadoFactory(DjangoModelFactory):
    class Meta:
        model = ServicioContratado

    cliente = factory.SubFactory(ClienteFactory)
    descripcion = "Paquete Premium TV"
    fecha = date(2026, 3, 1)
