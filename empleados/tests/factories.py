import factory
from factory.django import DjangoModelFactory

from empleados.models import Empleado


class EmpleadoFactory(DjangoModelFactory):
    class Meta:
        model = Empleado

    codigo = factory.Sequence(lambda n: f"S-{n:02}")
    nombres = "Íñigo"
    apellidos = "Peña"
    oficina = "Lima"
