from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from bienes.esquemas import TipoBien
from bienes.models import Bien
from clientes.tests.factories import ClienteFactory

DATOS = {
    TipoBien.AUTO: {"placa": "ABC123", "marca": "Toyota", "modelo": "Yaris", "ejercicio": 2021},
    TipoBien.HOGAR: {"direccion": "Calle Mayor 5", "ciudad": "Ávila", "metros": "85.50"},
    TipoBien.VIDA: {"asegurado": "Lucía Ibáñez", "nacimiento": "1980-02-29", "fumador": False},
    TipoBien.COMERCIO: {"actividad": "Ferretería", "direccion": "Plaza Vieja 2"},
    TipoBien.OTRO: {"detalle": "Un velero de ocho metros"},
}


class BienFactory(DjangoModelFactory):
    """Something of a tipo that no póliza insures yet."""

    class Meta:
        model = Bien

    cliente = factory.SubFactory(ClienteFactory)
    tipo = TipoBien.AUTO
    datos = factory.LazyAttribute(lambda bien: dict(DATOS[bien.tipo]))
    valor = Decimal("15000.00")
