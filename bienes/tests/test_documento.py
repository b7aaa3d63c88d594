import json
from datetime import date
from decimal import Decimal

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from hypothesis import assume, given
from hypothesis import strategies as st

from bienes.documento import (
    DocumentoField,
    Esquema,
    SiNoField,
    decimal,
    entero,
    fecha,
    leer,
    limpiar,
    opcion,
    parrafo,
    presentar,
    texto,
    titular,
)


class Color(models.TextChoices):
    ROJO = "rojo", _("Rojo")
    VERDE = "verde", _("Verde agua")


class EsquemaPrueba(Esquema):
    titulo = ("nombre", "color")

    nombre = texto("nombre", 20)
    color = opcion("color", Color, required=False)
    metros = decimal("metros", required=False)
    pisos = entero("pisos", 0, 90, required=False)
    desde = fecha("desde", required=False)
    alarma = SiNoField(label="alarma", required=False)
    nota = parrafo("nota", required=False)


# A form trims text and keeps no control characters that the stores refuse.
PALABRAS = st.text(st.characters(categories=["L", "N", "P", "Zs"]), max_size=20)
DOCUMENTOS = st.fixed_dictionaries(
    {"nombre": PALABRAS},
    optional={
        "color": st.sampled_from(Color.values),
        "metros": st.decimals(0, 10**11, places=2) | st.floats(0, 10**6).map(lambda n: round(n, 2)),
        "pisos": st.integers(0, 90),
        "desde": st.dates() | st.dates(date(1900, 1, 1)).map(lambda d: f"{d:%d/%m/%Y}"),
        "alarma": st.booleans() | st.sampled_from(["si", "no", ""]),
        "nota": PALABRAS | st.none(),
    },
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | PALABRAS,
    lambda hijos: st.lists(hijos) | st.dictionaries(PALABRAS, hijos),
    max_leaves=5,
)


def faltas(datos: object) -> list[str]:
    with pytest.raises(ValidationError) as refusal:
        limpiar(EsquemaPrueba, datos)
    return refusal.value.messages


@given(DOCUMENTOS)
def test_cleaning_twice_changes_nothing_more(datos):
    assume(datos["nombre"].strip())
    limpio = limpiar(EsquemaPrueba, datos)
    assert limpiar(EsquemaPrueba, limpio) == limpio
    assert json.loads(json.dumps(limpio)) == limpio


@given(st.dictionaries(st.sampled_from([*EsquemaPrueba.base_fields]), JSON))
def test_whatever_json_comes_is_kept_by_the_schema_or_refused_in_words(datos):
    try:
        limpio = limpiar(EsquemaPrueba, datos)
    except ValidationError as refusal:
        assert all(refusal.messages)
    else:
        assert limpio.keys() <= EsquemaPrueba.base_fields.keys()
        assert all(isinstance(valor, str | int) for valor in limpio.values())


def test_decimals_and_dates_are_kept_exactly_as_text():
    datos = {"nombre": "x", "metros": Decimal("100.10"), "desde": date(2024, 2, 29)}
    assert limpiar(EsquemaPrueba, datos) == {
        "nombre": "x",
        "metros": "100.10",
        "desde": "2024-02-29",
    }
    assert limpiar(EsquemaPrueba, {"nombre": "x", "metros": "1E+2"})["metros"] == "100"


@pytest.mark.parametrize("language", ["es", "en", "de"])
def test_a_date_means_the_same_in_every_language(language):
    with translation.override(language):
        assert (
            limpiar(EsquemaPrueba, {"nombre": "x", "desde": "02/03/2026"})["desde"] == "2026-03-02"
        )


def test_what_is_blank_is_not_kept_and_a_no_is():
    datos = {"nombre": "x", "nota": "  ", "color": "", "pisos": 0, "alarma": False}
    assert limpiar(EsquemaPrueba, datos) == {"nombre": "x", "pisos": 0, "alarma": False}


def test_judging_copies_no_field_and_leaves_the_schema_to_the_forms(monkeypatch):
    from bienes.esquemas import EsquemaVida

    copied = []
    monkeypatch.setattr(forms.Field, "__deepcopy__", lambda field, memo: copied.append(field))
    limpiar(EsquemaVida, {"asegurado": "Ana"})
    assert not copied
    monkeypatch.undo()
    formulario = EsquemaVida()
    assert formulario.fields["asegurado"] is not EsquemaVida.base_fields["asegurado"]


def test_an_unknown_key_is_refused_by_its_name():
    (falta,) = faltas({"nombre": "x", "placa": "ABC"})
    assert "«placa»" in falta
    assert "metros" in falta


@pytest.mark.parametrize("datos", [None, [], "texto", 5])
def test_what_is_no_object_is_refused(datos):
    assert "por su nombre" in faltas(datos)[0]


@pytest.mark.parametrize(
    ("datos", "campo"),
    [
        ({}, "nombre"),
        ({"nombre": ["a"]}, "nombre"),
        ({"nombre": True}, "nombre"),
        ({"nombre": "x" * 21}, "nombre"),
        ({"nombre": "x", "color": "azul"}, "color"),
        ({"nombre": "x", "metros": "-1"}, "metros"),
        ({"nombre": "x", "metros": "NaN"}, "metros"),
        ({"nombre": "x", "metros": "1.001"}, "metros"),
        ({"nombre": "x", "pisos": 91}, "pisos"),
        ({"nombre": "x", "desde": "2025-02-29"}, "desde"),
        ({"nombre": "x", "alarma": "quizá"}, "alarma"),
    ],
)
def test_each_fault_names_its_field(datos, campo):
    assert faltas(datos)[0].startswith(f"{campo}: ")


def test_every_fault_is_told_at_once():
    assert len(faltas({"color": "azul", "pisos": 91})) == 3


def test_a_document_is_read_back_as_it_was_meant():
    datos = {"nombre": "x", "metros": "85.50", "desde": "2024-02-29", "alarma": True, "pisos": 2}
    assert leer(EsquemaPrueba, datos) == {
        "nombre": "x",
        "metros": Decimal("85.50"),
        "desde": date(2024, 2, 29),
        "alarma": True,
        "pisos": 2,
    }


def test_people_read_labels_in_the_order_of_the_schema():
    datos = {"alarma": False, "color": "verde", "nombre": "Faro", "metros": "1085.50"}
    with translation.override("es"):
        assert presentar(EsquemaPrueba, datos) == [
            ("nombre", "Faro"),
            ("color", "Verde agua"),
            ("metros", "1\xa0085,50"),
            ("alarma", "No"),
        ]


def test_what_the_schema_no_longer_takes_is_still_shown():
    datos = {"nombre": "Faro", "desde": "ayer", "viejo": "dato"}
    assert presentar(EsquemaPrueba, datos) == [
        ("nombre", "Faro"),
        ("desde", "ayer"),
        ("viejo", "dato"),
    ]


def test_the_title_is_made_of_what_there_is():
    assert titular(EsquemaPrueba, {"nombre": "Faro", "color": "verde"}) == "Faro Verde agua"
    assert titular(EsquemaPrueba, {"color": "rojo"}) == "Rojo"
    assert titular(EsquemaPrueba, {}) == ""
    assert len(titular(EsquemaPrueba, {"nombre": "x" * 500})) == 80


def test_the_migrations_know_the_field_as_plain_json():
    field = DocumentoField(esquemas={"a": EsquemaPrueba})
    _name, path, _args, kwargs = field.deconstruct()
    assert path == "django.db.models.JSONField"
    assert kwargs == {"default": dict}
    assert isinstance(field.clone(), models.JSONField)
