import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from core.documentos import (
    EN_STDNUM,
    TipoDocumento,
    formatear_documento,
    normalizar_documento,
    validar_documento,
)
from core.paises import es_pais, nombre_de_pais, paises

PAISES = [codigo for codigo, _nombre in paises()]

VALIDOS = [
    ("DNI", "ES", "54362315-k", "54362315K"),
    ("NIE", "ES", "x-2482300w", "X2482300W"),
    ("NIF", "ES", "ES 54362315K", "54362315K"),
    ("CIF", "ES", "J-99216582", "J99216582"),
    ("DNI", "PE", " 10117410-2 ", "101174102"),
    ("DNI", "PE", "10117410", "10117410"),
    ("RUC", "PE", "20512333797", "20512333797"),
    ("RUT", "CL", "12.531.909-2", "125319092"),
    ("CI", "CL", "12.531.909-2", "125319092"),
    ("CUIT", "AR", "20-05536168-2", "20055361682"),
    ("DNI", "AR", "20.123.456", "20123456"),
    ("CURP", "MX", "BOXW310820HNERXN09", "BOXW310820HNERXN09"),
    ("RFC", "MX", "GODE 561231 GR8", "GODE561231GR8"),
    ("CI", "EC", "171430710-3", "1714307103"),
    ("RUC", "EC", "1792060346-001", "1792060346001"),
    ("RUC", "PY", "80028061-0", "800280610"),
    ("NIT", "CO", "213.123.432-1", "2131234321"),
    ("RUT", "CO", "213.123.432-1", "2131234321"),
    ("NIT", "GT", "576937-K", "576937K"),
    ("NIT", "SV", "0614-050707-104-8", "06140507071048"),
    ("RIF", "VE", "V-11470283-4", "V114702834"),
    ("RNC", "DO", "1-01-85004-3", "101850043"),
    ("CI", "DO", "00113918205", "00113918205"),
    ("CI", "CR", "3-0455-0175", "0304550175"),
    ("CI", "CU", "91021027775", "91021027775"),
    ("RUT", "UY", "21-100342-001-7", "211003420017"),
    ("CPF", "BR", "390.533.447-05", "39053344705"),
    ("CNPJ", "BR", "16.727.230/0001-97", "16727230000197"),
    ("SSN", "US", "536-90-4399", "536904399"),
    ("EIN", "US", "91-1144442", "911144442"),
    ("ITIN", "US", "912-90-3456", "912903456"),
]


@pytest.mark.parametrize(("tipo", "pais", "escrito", "guardado"), VALIDOS)
def test_a_valid_number_loses_its_separators(
    tipo: str, pais: str, escrito: str, guardado: str
) -> None:
    assert validar_documento(tipo, pais, escrito) == guardado


@pytest.mark.parametrize(("tipo", "pais", "escrito", "guardado"), VALIDOS)
def test_a_formatted_number_is_still_the_same_document(
    tipo: str, pais: str, escrito: str, guardado: str
) -> None:
    formatted = formatear_documento(tipo, pais, guardado)
    assert validar_documento(tipo, pais, formatted) == guardado


@pytest.mark.parametrize(
    ("tipo", "pais", "numero", "sentence"),
    [
        (
            "DNI",
            "ES",
            "54362315Z",
            "«54362315Z» no vale como DNI de España: no coincide el dígito o la letra de control.",
        ),
        (
            "RUC",
            "PE",
            "205",
            "«205» no vale como RUC de Perú: le faltan o le sobran caracteres.",
        ),
        (
            "SSN",
            "US",
            "abcdefghi",
            "«abcdefghi» no vale como SSN de Estados Unidos: "
            "tiene caracteres que no le corresponden.",
        ),
        (
            "SSN",
            "US",
            "666-00-0000",
            "«666-00-0000» no vale como SSN de Estados Unidos: una de sus partes no existe.",
        ),
        ("DNI", "XX", "1", "«XX» no es el código de un país."),
        ("DNI", "", "1", "«» no es el código de un país."),
        ("CARNET", "ES", "1", "«CARNET» no es un tipo de documento."),
        ("DNI", "ES", "  ", "Falta el número del documento."),
    ],
)
def test_what_is_wrong_is_told_in_a_sentence(
    tipo: str, pais: str, numero: str, sentence: str
) -> None:
    with pytest.raises(ValidationError) as refusal:
        validar_documento(tipo, pais, numero)
    assert refusal.value.messages == [sentence]


@pytest.mark.parametrize(("tipo", "pais"), [("PASAPORTE", "ES"), ("OTRO", "US"), ("CC", "CO")])
def test_a_kind_without_a_published_rule_is_only_trimmed(tipo: str, pais: str) -> None:
    assert validar_documento(tipo, pais, "  ab-1.2 3 ") == "ab-1.2 3"


NUMEROS = st.text(max_size=20) | st.from_regex(
    r"[A-Z]{0,2}[0-9. \-/]{0,14}[0-9A-Z]", fullmatch=True
)
DE_VERDAD = st.sampled_from([(tipo, pais, numero) for tipo, pais, numero, _ in VALIDOS])


@given(st.sampled_from(TipoDocumento.values), st.sampled_from(PAISES), NUMEROS)
def test_any_number_is_either_kept_or_refused_with_a_sentence(
    tipo: str, pais: str, numero: str
) -> None:
    try:
        kept = validar_documento(tipo, pais, numero)
    except ValidationError as refusal:
        assert all(message.endswith(".") for message in refusal.messages)
    else:
        assert validar_documento(tipo, pais, kept) == kept == kept.strip() != ""


@given(st.sampled_from(TipoDocumento.values), st.sampled_from(PAISES), NUMEROS)
def test_normalizing_twice_is_normalizing_once(tipo: str, pais: str, numero: str) -> None:
    once = normalizar_documento(tipo, pais, numero)
    assert normalizar_documento(tipo, pais, once) == once


@given(DE_VERDAD, st.text(" -", max_size=2), st.booleans())
def test_the_same_document_written_otherwise_is_kept_alike(
    document: tuple[str, str, str], blanks: str, lower: bool
) -> None:
    tipo, pais, numero = document
    plain = validar_documento(tipo, pais, numero)
    written = blanks.replace("-", " ") + (plain.lower() if lower else plain) + " "
    assert validar_documento(tipo, pais, written) == plain


def test_a_refused_number_is_kept_as_written_for_somebody_to_correct() -> None:
    assert normalizar_documento("DNI", "ES", " 54362315-Z ") == "54362315-Z"
    assert normalizar_documento("", "", " 12 ") == "12"


def test_a_number_is_shown_with_the_separators_of_its_country() -> None:
    assert formatear_documento("SSN", "US", "536904399") == "536-90-4399"
    assert formatear_documento("RUT", "CL", "125319092") == "12.531.909-2"


def test_a_number_that_is_not_valid_is_shown_as_it_is() -> None:
    assert formatear_documento("SSN", "US", "1") == "1"
    assert formatear_documento("OTRO", "US", "a-1") == "a-1"
    assert formatear_documento("", "", "7") == "7"


def test_other_names_are_of_kinds_and_countries_that_exist() -> None:
    assert all(es_pais(pais) and tipo in TipoDocumento for pais, tipo in EN_STDNUM)


# Countries.


def test_countries_are_told_in_the_language_of_the_reader_and_in_its_order() -> None:
    assert nombre_de_pais("ES") == "España"
    names = [nombre for _codigo, nombre in paises()]
    assert names.index("España") < names.index("Estados Unidos") < names.index("Perú")
    with translation.override("en"):
        assert nombre_de_pais("ES") == "Spain"


def test_what_is_no_country_is_left_out() -> None:
    assert len(PAISES) == len(set(PAISES)) > 240
    assert not {"EU", "UN", "ZZ", "XA"} & set(PAISES)
    assert es_pais("PE") and not es_pais("pe") and not es_pais("")
    assert nombre_de_pais("ZZ") == "ZZ"
