from datetime import date

import pytest
from django.core.exceptions import ValidationError

from clientes import services
from clientes.tests.factories import ConsentimientoFactory

pytestmark = pytest.mark.django_db(databases=["clientes"])

HOY = date(2026, 11, 22)


def test_retirar_takes_effect_that_day() -> None:
    row = services.retirar(ConsentimientoFactory().pk, dia=HOY)
    assert row.retirado == HOY and not row.vigente(HOY)


@pytest.mark.parametrize("fields", [{"otorgado": False}, {"retirado": date(2026, 6, 1)}])
def test_retirar_refuses_what_is_not_in_force(fields: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match="no está vigente"):
        services.retirar(ConsentimientoFactory(**fields).pk, dia=HOY)
