import tomllib
from copy import deepcopy
from datetime import time
from math import inf
from typing import Any

import pytest

from ingestion.portfolio.errors import MappingError
from ingestion.portfolio.loading import SHIPPED, load, parse
from ingestion.portfolio.values import Row, Value

MINIMAL = {
    "nombre": "otra",
    "archivos": {"polizas": {"fechas": {"alta": "%d/%m/%Y"}}},
    "usuario": {"clave": ["id"], "campos": {"username": "id", "creado": "alta"}},
}


def changed(path: str, value: Any) -> dict[str, Any]:
    """Return the minimal mapping with one key set."""
    raw = deepcopy(MINIMAL)
    *parents, last = path.split("/")
    table: Any = raw
    for name in parents:
        table = table.setdefault(name, {})
    table[last] = value
    return raw


def row(**cells: str) -> Row:
    return Row(0, "f.csv", 2, cells)


def test_the_shipped_mapping_is_sound():
    mapping = load("insurancelake_vida")
    assert mapping.name == "insurancelake_vida"
    assert "premiumpaidtilldate" not in mapping.columns_of("polizas")
    assert [s.kind.name for s in mapping.sections_of("reclamos")] == ["reclamo", "pago"]


def test_every_key_of_the_format_is_explained_in_the_shipped_file():
    text = (SHIPPED / "insurancelake_vida.toml").read_text(encoding="utf-8")
    comments = "\n".join(line for line in text.splitlines() if line.startswith("#"))
    keys = (
        "nombre descripcion decimal miles separador codificacion fechas archivo clave cuando campos "
        "columna columnas union valor valores repetida entidad"
    )
    assert not [key for key in keys.split() if key not in comments]


def test_a_mapping_may_be_any_file(tmp_path):
    path = tmp_path / "otra.toml"
    path.write_text('nombre = "otra"\n[archivos.polizas]\n', encoding="utf-8")
    assert load(str(path)).name == "otra"


def test_an_unknown_mapping_is_named_with_those_there_are():
    with pytest.raises(MappingError, match=r"«no_hay».*insurancelake_vida"):
        load("no_hay")


def test_a_name_is_no_way_out_of_the_shipped_folder():
    with pytest.raises(MappingError, match="No existe el mapeo"):
        load("../mappings/no_hay")


@pytest.mark.parametrize("content", [b"nombre = ", b"\xff\xfe", b"[a]\n[a]\n"])
def test_what_is_not_toml_is_told_with_the_file(tmp_path, content):
    path = tmp_path / "mala.toml"
    path.write_bytes(content)
    with pytest.raises(MappingError, match=r"Mapeo mala\.toml: no es TOML válido"):
        load(str(path))


def test_a_bad_key_is_told_with_the_file(tmp_path):
    path = tmp_path / "mala.toml"
    path.write_text('nombre = "x"\nnombres = "y"\n[archivos.polizas]\n', encoding="utf-8")
    with pytest.raises(MappingError, match=r"Mapeo mala\.toml: no existe la clave «nombres»"):
        load(str(path))


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        ("nombre", "con espacio", "en «nombre»"),
        ("nombre", "x" * 61, "en «nombre»"),
        ("nombre", 3, "en «nombre», se espera un texto"),
        ("decimal", "..", "en «decimal»"),
        ("miles", ".", "en «miles»"),
        ("polizas", {}, "no existe la clave «polizas»"),
        ("archivos/siniestros", {}, r"«archivos\.siniestros»"),
        ("archivos/polizas/separador", ";;", r"en «archivos\.polizas\.separador»"),
        ("archivos/polizas/codificacion", "utf-99", r"«utf-99» no es ninguna codificación"),
        ("archivos/polizas/codificacion", "hex", "«hex» no es ninguna codificación"),
        ("archivos/polizas/codificacion", "undefined", "«undefined» no es ninguna codificación"),
        ("archivos/polizas/fechas/alta", "%Y-%m-%d %Y", "no da una fecha entera"),
        ("archivos/polizas/fechas/alta", "dd/mm", r"en «archivos\.polizas\.fechas\.alta»"),
        ("archivos/polizas/cabecera", True, r"«archivos\.polizas\.cabecera»"),
        ("usuario/archivo", "otro", r"«otro» no está en «archivos»"),
        ("usuario/clave", "id", r"en «usuario\.clave», se espera una lista"),
        ("usuario/claves", ["id"], r"no existe la clave «usuario\.claves»"),
        ("usuario/cuando", {"x": "A"}, r"en «usuario\.cuando\.x»"),
        ("usuario/campos/nombre", "x", r"en «usuario\.campos\.nombre».*hay .*username"),
        ("usuario/campos/id", "x", r"en «usuario\.campos\.id»"),
        ("usuario/campos/version", "x", r"en «usuario\.campos\.version»"),
        ("usuario/campos/email", 3, r"en «usuario\.campos\.email»"),
        ("usuario/campos/email", {"valor": [1]}, r"en «usuario\.campos\.email\.valor», se espera"),
        ("usuario/campos/email", {"valor": inf}, r"en «usuario\.campos\.email\.valor», se espera"),
        ("usuario/campos/email", {"valor": time(12)}, r"email\.valor», se espera un texto"),
        (
            "usuario/campos/email",
            {"columna": "a", "valores": {"A": [1]}},
            r"valores\.A», se espera",
        ),
        ("usuario/campos/email", {}, "columna, columnas o valor"),
        ("usuario/campos/email", {"columna": "a", "valor": 1}, "columna, columnas o valor"),
        ("usuario/campos/email", {"valor": 1, "valores": {}}, r"«usuario\.campos\.email\.valores»"),
        ("usuario/campos/email", {"columna": "a", "repetida": "mayor"}, "«primera» o «menor»"),
        ("usuario/campos/email", {"columna": "a", "valores": {"A": {}}}, r"email\.valores\.A"),
        (
            "cliente",
            {"clave": ["id"], "campos": {}},
            r"en «cliente\.campos\.nombres», falta el campo",
        ),
        ("usuario", [3], "se espera una tabla"),
    ],
)
def test_the_bad_key_is_named(path, value, sentence):
    with pytest.raises(MappingError, match=sentence):
        parse(changed(path, value))


def test_a_missing_key_is_named():
    raw = deepcopy(MINIMAL)
    del raw["usuario"]["clave"]
    with pytest.raises(MappingError, match=r"falta la clave «usuario\.clave»"):
        parse(raw)


def test_the_second_table_of_an_entity_is_told_by_its_place():
    raw = deepcopy(MINIMAL)
    raw["usuario"] = [raw["usuario"], {"clave": ["id"], "campos": {"x": "y"}}]
    with pytest.raises(MappingError, match=r"usuario\[2\]\.campos\.x"):
        parse(raw)


@pytest.mark.parametrize(
    ("reference", "sentence"),
    [
        ({"entidad": "cliente", "clave": ["id"]}, "no es lo que este campo señala"),
        ({"entidad": "usuarios", "clave": ["id"]}, "no es lo que este campo señala"),
        ({"entidad": "usuario", "clave": ["id", "b"]}, "tiene 1 columnas"),
        ({"entidad": "usuario", "clave": ["id"], "columna": "b"}, "no existe la clave"),
        ("id", "se espera una tabla"),
    ],
)
def test_a_reference_points_at_what_its_field_takes(reference, sentence):
    raw = deepcopy(MINIMAL)
    raw["cliente"] = {"clave": ["id"], "campos": {"nombres": "n", "usuario": reference}}
    with pytest.raises(MappingError, match=sentence):
        parse(raw)


def test_a_reference_to_what_is_not_brought_in_is_refused():
    raw = deepcopy(MINIMAL)
    raw["cliente"] = {
        "clave": ["id"],
        "campos": {"nombres": "n", "usuario": {"entidad": "usuario", "clave": ["id"]}},
    }
    del raw["usuario"]
    with pytest.raises(MappingError, match=r"cliente\.campos\.usuario.*ninguna entidad «usuario»"):
        parse(raw)


def test_the_same_origin_gives_the_same_keys_and_another_gives_others():
    one, same, other = parse(MINIMAL), parse(MINIMAL), parse(changed("nombre", "otra_mas"))
    assert one.key("usuario", ("1",)) == same.key("usuario", ("1",))
    keys = {one.key("usuario", ("1",)), one.key("cliente", ("1",)), other.key("usuario", ("1",))}
    assert len(keys | {one.key("usuario", ("1", "")), one.key("usuario", ("11",))}) == 5


def value(text: str, dates: dict[str, str] | None = None) -> Value:
    """Return the value that a TOML line describes."""
    raw = deepcopy(MINIMAL)
    raw["archivos"]["polizas"]["fechas"] |= dates or {}
    raw["usuario"]["campos"] = {"username": "id", **tomllib.loads(text)}
    section = parse(raw).sections[0]
    return section.fields["email"]


def test_a_column_gives_its_text():
    assert value('email = "a"').of(row(a="x")) == "x"


def test_several_columns_are_joined_without_the_blank_ones():
    joined = value('email = { columnas = ["a", "b", "c"], union = "-" }')
    assert joined.of(row(a="1", b="", c="3")) == "1-3"


def test_a_constant_asks_no_column():
    constant = value('email = { valor = "x" }')
    assert (constant.of(row()), list(constant.used())) == ("x", [])


def test_a_translation_may_depend_on_another_column():
    text = 'email = { columna = "a", valores = { A = "uno", T = { columna = "b", valores = { x = "dos", "*" = "tres" } } } }'
    estado = value(text)
    assert estado.of(row(a="A", b="")) == "uno"
    assert estado.of(row(a="T", b="x")) == "dos"
    assert estado.of(row(a="T", b="")) == "tres"
    assert list(estado.used()) == ["a", "b"]


def test_a_value_without_translation_is_told_with_those_there_are():
    with pytest.raises(ValueError, match="«Z» no tiene traducción: hay A, vacío"):
        value('email = { columna = "a", valores = { A = "uno", "" = "dos" } }').of(row(a="Z"))


def test_a_blank_may_be_translated():
    assert value('email = { columna = "a", valores = { "" = "dos" } }').of(row(a="")) == "dos"


def test_a_section_applies_where_its_columns_say_so():
    section = parse(changed("usuario/cuando", {"e": ["A", "P"], "f": ["*"]})).sections[0]
    assert section.applies(row(e="A", f="x"))
    assert not section.applies(row(e="A", f=""))
    assert not section.applies(row(e="B", f="x"))
