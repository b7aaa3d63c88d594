import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from especialidades.models import Especialidad, Ramo
from especialidades.tests.factories import EspecialidadFactory

pytestmark = pytest.mark.django_db(databases=["clientes"])


@pytest.mark.parametrize("nombre", ["vida ahorro", "VIDA  AHORRO", "Vida Áhorro"])
def test_a_name_that_people_would_read_as_another_is_refused(nombre: str) -> None:
    EspecialidadFactory(nombre="Vida Ahorro")
    with pytest.raises(ValidationError, match="Ya hay una especialidad llamada «Vida Ahorro»"):
        Especialidad(nombre=nombre, ramo=Ramo.VIDA).full_clean()


def test_the_same_name_is_refused_once() -> None:
    EspecialidadFactory(nombre="Flotas")
    with pytest.raises(ValidationError) as refusal:
        Especialidad(nombre="Flotas", ramo=Ramo.AUTO).full_clean()
    assert refusal.value.messages == ["Ya hay una especialidad con este nombre."]


def test_an_especialidad_may_keep_its_own_name() -> None:
    EspecialidadFactory(nombre="Flotas").full_clean()


def test_the_database_refuses_an_especialidad_without_a_name() -> None:
    with pytest.raises(IntegrityError):
        EspecialidadFactory(nombre="")


def test_every_ramo_is_stored_in_capitals_and_read_in_spanish() -> None:
    assert all(ramo.value == ramo.value.upper() for ramo in Ramo)
    assert Ramo.RESPONSABILIDAD_CIVIL.label == "Responsabilidad civil"
