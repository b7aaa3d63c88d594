import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from pedidos.reglas import ABIERTOS, REFUSALS, TRANSICIONES, paso
from pedidos.reglas import EstadoPedido as E


@pytest.mark.parametrize(
    ("verbo", "desde", "hasta"),
    [
        ("tomar", {E.PENDIENTE}, E.EN_PROCESO),
        ("terminar", {E.EN_PROCESO}, E.TERMINADO),
        ("cancelar", {E.PENDIENTE, E.EN_PROCESO}, E.CANCELADO),
    ],
)
def test_each_verb_leads_from_its_estados_and_from_no_other(verbo, desde, hasta):
    for estado in E:
        if estado in desde:
            assert paso(verbo, estado) == hasta
        else:
            with pytest.raises(ValidationError, match=estado.label.lower()):
                paso(verbo, estado)


def test_every_verb_says_why_it_is_refused():
    assert REFUSALS.keys() == TRANSICIONES.keys()


@given(st.lists(st.sampled_from([*TRANSICIONES])))
def test_a_closed_pedido_stays_as_it_ended(verbos):
    estado, cerrado = E.PENDIENTE, None
    for verbo in verbos:
        try:
            estado = paso(verbo, estado)
        except ValidationError:
            continue
        assert cerrado is None
        cerrado = estado if estado not in ABIERTOS else None
