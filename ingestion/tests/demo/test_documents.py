from datetime import date
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.documentos import validar_documento
from ingestion.demo.documents import EMPRESAS, PERSONAS, de_empresa, de_persona
from ingestion.demo.people import (
    APELLIDOS,
    GIROS,
    HOMBRES,
    MUJERES,
    PAIS,
    Persona,
    Sexo,
    familiar,
    persona,
    relleno,
)

SEEDS = st.integers(0, 2**32)
PAISES = st.sampled_from(sorted(PAIS))
DIA = date(2026, 3, 1)

personas = st.builds(
    Persona,
    nombres=st.sampled_from(MUJERES + HOMBRES),
    paterno=st.sampled_from(APELLIDOS),
    materno=st.sampled_from(APELLIDOS),
    sexo=st.sampled_from(Sexo),
    nacimiento=st.dates(date(1900, 1, 1), date(2026, 3, 1)),
)


def test_every_country_gives_documents_to_persons_and_companies():
    assert set(PERSONAS) == set(EMPRESAS) == set(PAIS)
    assert {"PE", "ES", "MX", "CO", "CL", "AR", "EC"} <= set(PAIS)


@settings(max_examples=500)
@given(SEEDS, PAISES, personas)
def test_the_document_of_a_person_is_one_that_their_country_takes(seed, pais, quien):
    documento = de_persona(Random(seed), pais, quien)
    assert documento.pais == pais
    assert validar_documento(documento.tipo, pais, documento.numero) == documento.numero


@settings(max_examples=500)
@given(SEEDS, PAISES, st.sampled_from(GIROS), st.sampled_from(APELLIDOS))
def test_the_document_of_a_company_is_one_that_its_country_takes(seed, pais, giro, apellido):
    documento = de_empresa(Random(seed), pais, f"{giro[1]} {apellido}")
    assert validar_documento(documento.tipo, pais, documento.numero) == documento.numero


def test_a_curp_tells_the_name_the_birth_and_the_sex():
    quien = Persona("Lucía", "Núñez", "Ibáñez", Sexo.MUJER, date(1980, 2, 29))
    numero = de_persona(Random(1), "MX", quien).numero
    assert numero.startswith("NUIL800229M")


def test_a_curp_is_never_a_rude_word():
    # C-A, C, A: the four letters that the registry replaces.
    quien = Persona("Ana", "Castro", "Cruz", Sexo.MUJER, date(1980, 2, 1))
    coca = Persona("Olga", "Castro", "Cruz", Sexo.MUJER, date(1980, 2, 1))
    assert de_persona(Random(1), "MX", quien).numero.startswith("CXCA")
    assert de_persona(Random(1), "MX", coca).numero.startswith("CXCO")


@given(SEEDS)
def test_a_person_is_an_adult_whose_family_has_their_name(seed):
    chance = Random(seed)
    quien = persona(chance, DIA)
    pariente, parentesco = familiar(chance, quien, DIA)
    assert 21 <= (DIA - quien.nacimiento).days / 365.25 < 72
    assert pariente.nacimiento <= DIA
    assert parentesco == "conyuge" or pariente.paterno == quien.paterno
    assert (parentesco == "hija") <= (pariente.sexo == Sexo.MUJER)


@given(SEEDS)
def test_a_template_is_filled_with_figures_and_letters(seed):
    filled = relleno(Random(seed), "+51 9## @@")
    assert filled.startswith("+51 9")
    assert filled[5:7].isdigit()
    assert filled[8:].isalpha()


@pytest.mark.parametrize("names", [MUJERES, HOMBRES, APELLIDOS])
def test_no_name_is_listed_twice(names):
    assert len(set(names)) == len(names)
