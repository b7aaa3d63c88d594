import pytest
from django.core.exceptions import ValidationError

from bienes.documento import limpiar, titular
from pedidos.esquemas import DE_UNA_POLIZA, ESQUEMAS, TipoPedido
from pedidos.tests.factories import DATOS


def test_every_tipo_has_its_schema():
    assert set(ESQUEMAS) == set(TipoPedido)
    assert set(TipoPedido) > DE_UNA_POLIZA


@pytest.mark.parametrize("tipo", TipoPedido)
def test_what_is_asked_is_kept_as_it_came(tipo):
    assert limpiar(ESQUEMAS[tipo], DATOS[tipo]) == DATOS[tipo]
    assert set(ESQUEMAS[tipo].titulo) <= set(ESQUEMAS[tipo].base_fields)


def test_a_change_of_data_says_what_changes():
    with pytest.raises(ValidationError, match="al menos un dato"):
        limpiar(ESQUEMAS["cambio_datos"], {})


@pytest.mark.parametrize(
    ("tipo", "datos", "campo"),
    [
        ("cotizacion", {"ramo": "NAVES", "objeto": "x"}, "Ramo"),
        ("cotizacion", {"ramo": "AUTO"}, "Qué quiere asegurar"),
        ("endoso", {"cambio": "otro"}, "Detalle"),
        ("certificado", {}, "Certificado"),
        ("cambio_datos", {"email": "ana en casa"}, "Correo nuevo"),
        ("otro", {"detalle": " "}, "Detalle"),
    ],
)
def test_what_makes_no_sense_is_refused_at_its_field(tipo, datos, campo):
    with pytest.raises(ValidationError) as refusal:
        limpiar(ESQUEMAS[tipo], datos)
    assert [falta.split(":")[0] for falta in refusal.value.messages] == [campo]


def test_a_pedido_is_titled_by_what_it_asks():
    assert titular(ESQUEMAS["cotizacion"], DATOS["cotizacion"]) == "Auto Un Yaris de 2021"
    assert titular(ESQUEMAS["endoso"], DATOS["endoso"]) == "Incluir un bien"
