"""Reads from the mapping where each field of a kind gets its value."""

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from ingestion.portfolio.kinds import KINDS, Kind
from ingestion.portfolio.tables import Table
from ingestion.portfolio.values import Document, Reference, Source, Value


def read_fields(table: Table, kind: Kind, dates: Mapping[str, str]) -> dict[str, Source]:
    """Return the source of each field that the table `campos` of `kind` describes."""
    known = kind.fields
    made: dict[str, Source] = {}
    for name in table.names():
        if name not in known:
            raise table.wrong(
                name,
                _("%(kind)s no tiene ese campo: hay %(known)s.")
                % {"kind": kind.name, "known": ", ".join(known)},
            )
        made[name] = _source(table, name, known[name], dates)
    for name, field in known.items():
        if name not in made and not (field.null or field.blank or field.has_default()):
            raise table.wrong(name, _("falta el campo: %s no se guarda sin él.") % kind.name)
    return made


def _source(
    table: Table, name: str, field: "models.Field[Any, Any]", dates: Mapping[str, str]
) -> Source:
    if field.is_relation:
        return _reference(table.table(name), field)
    if isinstance(field, models.JSONField):
        parts = table.table(name)
        return Document({part: read_value(parts, part, dates) for part in parts.names()})
    return read_value(table, name, dates)


def _reference(table: Table, field: "models.Field[Any, Any]") -> Reference:
    kind = table.text("entidad")
    if kind not in KINDS or KINDS[kind].model is not field.related_model:
        raise table.wrong("entidad", _("«%s» no es lo que este campo señala.") % kind)
    made = Reference(kind, table.texts("clave"))
    table.done()
    return made


def read_value(table: Table, name: str, dates: Mapping[str, str]) -> Value:
    """Return the value under `name`: a column's name, or a table that says more."""
    raw = table.get(name)
    if isinstance(raw, str) and raw:
        return Value(columns=(raw,), form=dates.get(raw, ""))
    if not isinstance(raw, Mapping):
        raise table.wrong(name, _("se espera el nombre de una columna, o una tabla."))
    return _described(table.as_table(name, raw), dates)


def _described(table: Table, dates: Mapping[str, str]) -> Value:
    given = [name for name in ("columna", "columnas", "valor") if name in table]
    if len(given) != 1:
        raise table.wrong("columna", _("se espera una de estas: columna, columnas o valor."))
    if "valor" in table:
        made = Value(constant=table.scalar("valor"))
    elif "columna" in table:
        column = table.text("columna")
        made = Value(
            columns=(column,),
            form=dates.get(column, ""),
            translations=_translations(table, dates),
            smallest=_smallest(table),
        )
    else:
        made = Value(
            columns=table.texts("columnas"),
            separator=table.text("union", " "),
            translations=_translations(table, dates),
        )
    table.done()
    return made


def _translations(table: Table, dates: Mapping[str, str]) -> dict[str, Any]:
    given = table.table("valores", {})
    return {
        text: read_value(given, text, dates)
        if isinstance(given.raw[text], Mapping)
        else given.scalar(text)
        for text in given.names()
    }


def _smallest(table: Table) -> bool:
    rule = table.text("repetida", "primera")
    if rule not in ("primera", "menor"):
        raise table.wrong("repetida", _("se espera «primera» o «menor»."))
    return rule == "menor"
