import pytest
from django.core.exceptions import ValidationError

from bienes.documento import limpiar, titular
from bienes.esquemas import ESQUEMAS, TipoBien
from bienes.tests.factories import DATOS


def test_every_tipo_has_its_schema():
    assert set(ESQUEMAS) == set(TipoBien)


@pytest.mark.parametrize("tipo", TipoBien)
def test_a_schema_titles_its_documents_by_fields_it_has(tipo):
    assert set(ESQUEMAS[tipo].titulo) <= set(ESQUEMAS[tipo].base_fields)


@pytest.mark.parametrize("tipo", TipoBien)
def test_what_is_recorded_of_each_tipo_is_kept_as_it_came(tipo):
    assert limpiar(ESQUEMAS[tipo], DATOS[tipo]) == DATOS[tipo]


@pytest.mark.parametrize("tipo", TipoBien)
def test_every_field_has_a_label_that_starts_a_line(tipo):
    for campo in ESQUEMAS[tipo].base_fields.values():
        assert str(campo.label)[0].isupper()


@pytest.mark.parametrize("placa", ["abc-123", "ABC 123", " a b c.1 2 3 "])
def test_a_placa_is_one_however_it_is_written(placa):
    limpio = limpiar(ESQUEMAS["auto"], {"placa": placa, "marca": "Fiat", "modelo": "Uno"})
    assert limpio["placa"] == "ABC123"


def test_an_auto_without_placa_is_known_by_its_chasis():
    datos = {"marca": "Fiat", "modelo": "Uno"}
    with pytest.raises(ValidationError, match="placa o el número de chasis"):
        limpiar(ESQUEMAS["auto"], datos)
    limpio = limpiar(ESQUEMAS["auto"], {**datos, "chasis": "9bd 1580 0112345678".replace(" ", "")})
    assert limpio["chasis"] == "9BD15800112345678"


@pytest.mark.parametrize("chasis", ["ABCD", "9BDI5800112345678", "9BD-58001"])
def test_a_chasis_that_cannot_be_one_is_refused(chasis):
    with pytest.raises(ValidationError, match="El chasis lleva"):
        limpiar(ESQUEMAS["auto"], {"marca": "Fiat", "modelo": "Uno", "chasis": chasis})


def test_of_a_life_only_the_name_is_needed():
    assert limpiar(ESQUEMAS["vida"], {"asegurado": "Ana"}) == {"asegurado": "Ana"}


def test_all_that_an_import_knows_of_a_life_is_kept():
    datos = {
        "asegurado": "Lance Jones",
        "nacimiento": "1964-05-02",
        "sexo": "hombre",
        "fumador": True,
        "clase_riesgo": 2,
        "estado_civil": "soltero",
    }
    assert limpiar(ESQUEMAS["vida"], datos) == datos


def test_an_auto_is_told_from_others_by_make_model_year_and_placa():
    assert titular(ESQUEMAS["auto"], DATOS["auto"]) == "Toyota Yaris 2021 ABC123"
