"""Reads a mapping from its TOML file, and finds it sound or names the key that is not."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from ingestion.portfolio.errors import MappingError
from ingestion.portfolio.fields import read_fields
from ingestion.portfolio.kinds import KINDS, Kind
from ingestion.portfolio.mapping import FileForm, PortfolioMapping, Section
from ingestion.portfolio.parsing import Numbers, is_date_form
from ingestion.portfolio.tables import Table

SHIPPED = Path(__file__).resolve().parent.parent / "mappings"
FILES = ("polizas", "reclamos")
MAX_NAME = 60


def load(name_or_path: str) -> PortfolioMapping:
    """Return the mapping shipped under a name, or the one in a file."""
    path = _find(name_or_path)
    try:
        return parse(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        reason = str(error.strerror)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        reason = _("no es TOML válido: %s.") % error
    except MappingError as error:
        reason = str(error)
    raise MappingError(_("Mapeo %(path)s: %(reason)s") % {"path": path.name, "reason": reason})


def _find(name_or_path: str) -> Path:
    shipped = SHIPPED / f"{name_or_path}.toml"
    if "/" not in name_or_path and shipped.is_file():
        return shipped
    path = Path(name_or_path)
    if path.is_file():
        return path
    known = ", ".join(sorted(found.stem for found in SHIPPED.glob("*.toml")))
    raise MappingError(
        _(
            "No existe el mapeo «%(name)s»: dé la ruta de un archivo TOML o uno de estos nombres: %(known)s."
        )
        % {"name": name_or_path, "known": known}
    )


def parse(raw: Mapping[str, Any]) -> PortfolioMapping:
    """Return the mapping that a TOML document holds; MappingError names the key that is wrong."""
    root = Table("", raw)
    name = root.text("nombre")
    if not (name.isascii() and name.replace("_", "").isalnum() and len(name) <= MAX_NAME):
        raise root.wrong(
            "nombre", _("caben letras sin acentos, cifras y guiones bajos, hasta %s.") % MAX_NAME
        )
    root.text("descripcion", default="")
    numbers = _numbers(root)
    files = dict(_files(root.table("archivos")))
    sections = tuple(
        chain.from_iterable(
            _sections(root, kind, files) for kind in KINDS.values() if kind.name in root
        )
    )
    root.done(known=", ".join(("nombre", "descripcion", "decimal", "miles", "archivos", *KINDS)))
    _check_references(sections)
    return PortfolioMapping(name, numbers, files, sections)


def _numbers(root: Table) -> Numbers:
    numbers = Numbers(root.text("decimal", "."), root.text("miles", ""))
    if len(numbers.decimal) != 1 or numbers.decimal.isalnum():
        raise root.wrong("decimal", _("se espera un solo signo."))
    if (
        len(numbers.thousands) > 1
        or numbers.thousands.isalnum()
        or numbers.thousands == numbers.decimal
    ):
        raise root.wrong("miles", _("se espera un solo signo, distinto del decimal, o nada."))
    return numbers


def _files(table: Table) -> Iterator[tuple[str, FileForm]]:
    for name in FILES:
        if name in table:
            yield name, _file(table.table(name))
    table.done(known=", ".join(FILES))


def _file(table: Table) -> FileForm:
    separator, encoding = table.text("separador", ","), table.text("codificacion", "utf-8")
    if len(separator) != 1:
        raise table.wrong("separador", _("se espera un solo signo."))
    try:
        "a".encode(encoding)  # codecs knows some that don't give text
    except (LookupError, ValueError):
        raise table.wrong(
            "codificacion", _("«%s» no es ninguna codificación.") % encoding
        ) from None
    dates = table.table("fechas", {})
    forms = {column: dates.text(column) for column in dates.names()}
    for column, form in forms.items():
        if not is_date_form(form):
            raise dates.wrong(column, _("«%s» no da una fecha entera: use %%Y, %%m, %%d…") % form)
    table.done()
    return FileForm(separator, encoding, forms)


def _sections(root: Table, kind: Kind, files: Mapping[str, FileForm]) -> Iterator[Section]:
    for table in root.several(kind.name):
        file = table.text("archivo", next(iter(files), ""))
        if file not in files:
            raise table.wrong("archivo", _("«%s» no está en «archivos».") % file)
        when = table.table("cuando", {})
        section = Section(
            kind=kind,
            file=file,
            key=table.texts("clave"),
            when={column: frozenset(when.texts(column)) for column in when.names()},
            fields=read_fields(table.table("campos"), kind, files[file].dates or {}),
        )
        table.done()
        yield section


def _check_references(sections: Iterable[Section]) -> None:
    """Refuse a reference to a kind that the mapping doesn't bring in, or by half a key."""
    keys = {section.kind.name: section.key for section in sections}
    for section in sections:
        for name, reference in section.references:
            where = f"{section.kind.name}.campos.{name}"
            if reference.kind not in keys:
                raise MappingError(
                    _("en «%(where)s», el mapeo no trae ninguna entidad «%(kind)s».")
                    % {"where": where, "kind": reference.kind}
                )
            if len(reference.key) != len(keys[reference.kind]):
                raise MappingError(
                    _("en «%(where)s», la clave de «%(kind)s» tiene %(size)s columnas.")
                    % {"where": where, "kind": reference.kind, "size": len(keys[reference.kind])}
                )
