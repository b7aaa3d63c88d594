"""The pages of registration, open to whoever is in the house."""

import pytest

from config.tests.browser.visit import Visit

pytestmark = pytest.mark.any_engine


@pytest.mark.parametrize("name", ["clientes", "polizas", "agentes", "especialidades"])
def test_a_page_is_for_everyone(visit: Visit, name: str) -> None:
    visit.go(f"/{name}")
    visit.look(f"pagina-{name}")
