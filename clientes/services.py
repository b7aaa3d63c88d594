"""What is done with what a cliente has told the house, and with what the customer service says of them."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from clientes.models import Cliente, Consentimiento, ServicioContratado
from core.stores import atomic


def retirar(consentimiento_id: UUID, *, dia: date) -> Consentimiento:
    """Take note that the cliente takes back what they agreed to, from `dia` on."""
    with atomic(Consentimiento):
        consentimiento = Consentimiento.objects.select_for_update().get(pk=consentimiento_id)
        if not consentimiento.vigente(dia):
            raise ValidationError(
                _("Este consentimiento no está vigente: no hay nada que retirar.")
            )
        consentimiento.retirado = dia
        consentimiento.save()
    return consentimiento


class Servicio(NamedTuple):
    """Something hired, and since when."""

    descripcion: str
    fecha: date


class NombreOcupado(ValidationError):
    """The customer service knows another cliente by that name."""


def registrar(nombre_sky: str, *, contacto: str, servicios: Iterable[Servicio]) -> Cliente:
    """Make the cliente whom the customer service knows by that name, with what they hired.

    Raises NombreOcupado for a name that there is, also when it is made at the same time.
    """
    nombres, apellidos = _partido(nombre_sky)
    cliente = Cliente(nombre_sky=nombre_sky, nombres=nombres, apellidos=apellidos)
    try:
        with atomic(Cliente):
            _escribir(cliente, contacto)
            for servicio in servicios:
                contratar(cliente.pk, servicio)
    except IntegrityError:
        if not Cliente.objects.filter(nombre_sky=nombre_sky).exists():
            raise
        raise NombreOcupado(_("Ya hay un cliente con este nombre en el servicio.")) from None
    return cliente


def cambiar_contacto(cliente_id: UUID, contacto: str) -> Cliente:
    """Write down how the cliente is reached from now on; how they were before stays in their history."""
    with atomic(Cliente):
        cliente: Cliente = Cliente.objects.select_for_update().get(pk=cliente_id)
        if cliente.contacto != contacto:
            _escribir(cliente, contacto)
    return cliente


def contratar(cliente_id: UUID, servicio: Servicio) -> ServicioContratado:
    """Note that the cliente hired something; once more where they have the same already."""
    contratado = ServicioContratado(cliente_id=cliente_id, **servicio._asdict())
    contratado.full_clean()
    contratado.save()
    return contratado


def rehacer(cliente_id: UUID, *, contacto: str, servicios: Iterable[Servicio]) -> Cliente:
    """Leave the cliente with this contacto and these services; a service that they had already stays."""
    with atomic(Cliente):
        cliente = cambiar_contacto(cliente_id, contacto)
        nuevos = list(servicios)
        for contratado in cliente.servicios.order_by("fecha", "id"):
            tenido = Servicio(contratado.descripcion, contratado.fecha)
            if tenido in nuevos:
                nuevos.remove(tenido)
            else:
                contratado.delete()
        for servicio in nuevos:
            contratar(cliente_id, servicio)
    return cliente


def _escribir(cliente: Cliente, contacto: str) -> None:
    """Save the cliente with this one way of being reached: an e-mail, or else a telephone."""
    try:
        validate_email(contacto)
    except ValidationError:
        cliente.email, cliente.telefono = "", contacto
    else:
        cliente.email = contacto
    # Whether the name is free is the store's to say: two may ask for it at once.
    cliente.full_clean(validate_unique=False)
    cliente.save()


def _partido(nombre: str) -> tuple[str, str]:
    """Return a name as nombres and apellidos: the first alone, unless it does not fit there."""
    most = Cliente._meta.get_field("nombres").max_length
    assert most
    if len(nombre) <= most:
        return nombre, ""
    cut = nombre.rfind(" ", 0, most + 1)
    cut = cut if cut > 0 else most
    return nombre[:cut].rstrip(), nombre[cut:].lstrip()
