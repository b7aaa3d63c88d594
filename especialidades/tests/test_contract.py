from core.testing import EntityContract
from especialidades.models import Especialidad
from especialidades.tests.factories import EspecialidadFactory


class TestEspecialidad(EntityContract):
    model, factory = Especialidad, EspecialidadFactory
