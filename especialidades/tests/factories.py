import factory
from factory.django import DjangoModelFactory

from especialidades.models import Especialidad, Ramo


class EspecialidadFactory(DjangoModelFactory):
    class Meta:
        model = Especialidad

    nombre = factory.Sequence(lambda n: f"Especialidad {n}")
    ramo = Ramo.VIDA
    descripcion = "Lo que cubre la vida."
