from core.testing import EntityContract
from empleados.models import Empleado
from empleados.tests.factories import EmpleadoFactory


class TestEmpleado(EntityContract):
    model, factory = Empleado, EmpleadoFactory
