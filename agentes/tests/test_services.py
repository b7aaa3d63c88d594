import pytest
from django.core.exceptions import ValidationError

from agentes import services
from agentes.tests.factories import AgenteFactory

pytestmark = pytest.mark.django_db(databases="__all__")


def test_dar_de_baja_takes_the_agente_out_of_sale() -> None:
    agente = AgenteFactory()
    assert not services.dar_de_baja(agente.pk).activo
    agente.refresh_from_db()
    assert not agente.activo and agente.version == 2


def test_dar_de_baja_refuses_who_already_left() -> None:
    with pytest.raises(ValidationError, match="ya está de baja"):
        services.dar_de_baja(AgenteFactory(activo=False).pk)


def test_reactivar_undoes_a_baja() -> None:
    assert services.reactivar(AgenteFactory(activo=False).pk).activo


def test_reactivar_refuses_an_active_agente() -> None:
    with pytest.raises(ValidationError, match="ya está activo"):
        services.reactivar(AgenteFactory().pk)
