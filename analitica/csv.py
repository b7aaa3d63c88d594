"""A CSV of the lake, whoever wrote it, as typed Parquet; or why it is none."""

import csv
import re
from pathlib import Path

import duckdb
from django.utils.translation import gettext as _

from analitica.engines import pool
from analitica.failures import ColumnNotFound, Unreadable
from analitica.tables import BOOLEAN, DATE, NUMBER, TIMESTAMP, Table

# What DuckDB reads a column as. A wrong time it would take for null: those are read as text, and cast.
READ_AS = {DATE: "DATE", BOOLEAN: "BOOLEAN"}
# Wide numbers take it a hundred times as long: they are for files that have one.
NUMBERS = ("DECIMAL(18, 6)", "DECIMAL(38, 10)")
AS_TIME = 'CAST("{0}" AS TIMESTAMPTZ)'

LINE = re.compile(r"CSV Error on Line: (\d+)")
FIELDS = re.compile(r"Expected Number of Columns: (\d+) Found: (\d+)")
COLUMN = re.compile(r'Error when converting column "(.+?)"\. ', re.DOTALL)


def to_parquet(table: Table, file: Path, target: Path) -> None:
    """Write to `target` those of the table's columns that `file` has, or raise Unreadable."""
    header = _header(table, file)
    columns = ", ".join(_typed(name, table) for name in table.columns if name in header)
    wanted = columns or "NULL AS nothing"
    with pool.connection() as own:
        for number in NUMBERS:
            rows = _scan(table, file, header, number)
            copy = f"COPY (SELECT {wanted} FROM {rows}) TO {pool.literal(str(target))}"
            try:
                own.execute(f"{copy} (FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false)")
                return
            except duckdb.Error as refusal:
                why = str(refusal)
        raise Unreadable(table.name, _why(own, table, rows, header, why))


def _header(table: Table, file: Path) -> list[str]:
    try:
        # What is wrong further on is for who reads all of it to tell.
        with file.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as lines:
            header = next(csv.reader(lines, strict=True), [])
        "".join(header).encode()
    except (UnicodeEncodeError, csv.Error):
        raise Unreadable(table.name, _said(table, 1, _("no es CSV en UTF-8."))) from None
    if not header:
        raise ColumnNotFound(table.name, next(iter(table.required)))
    for name in header:
        if header.count(name) > 1:
            said = _("la columna «%(column)s» está dos veces.") % {"column": name}
            raise Unreadable(table.name, _said(table, 1, said))
    return header


def _scan(table: Table, file: Path, header: list[str], number: str) -> str:
    read_as = READ_AS | {NUMBER: number}
    columns = ", ".join(
        f"{pool.literal(name)}: {pool.literal(read_as.get(table.columns.get(name, ''), 'VARCHAR'))}"
        for name in header
    )
    return (
        f"read_csv({pool.literal(str(file))}, auto_detect = false, header = true,"
        f" columns = {{{columns}}}, delim = ',', quote = '\"', escape = '\"', nullstr = '',"
        " strict_mode = true, null_padding = false)"
    )


def _typed(name: str, table: Table) -> str:
    if table.columns[name] != TIMESTAMP:
        return f'"{name}"'
    return f'make_timestamp(epoch_us({AS_TIME.format(name)})) AS "{name}"'


def _why(
    own: duckdb.DuckDBPyConnection, table: Table, rows: str, header: list[str], refusal: str
) -> str:
    """Return what is wrong with the file; a value is not quoted, since it may be anybody's."""
    line = LINE.search(refusal)
    if line is None:
        for name in header:
            if table.columns.get(name) == TIMESTAMP and _is_wrong(own, rows, name):
                said = _("la columna «%(column)s» tiene algo que no es una fecha.")
                return _said(table, None, said % {"column": name})
        return _said(table, None, _("no se puede leer."))
    if fields := FIELDS.search(refusal):
        said = _("tiene %(found)s campos, y la cabecera %(expected)s.")
        return _said(table, line[1], said % {"expected": fields[1], "found": fields[2]})
    if column := COLUMN.search(refusal):
        said = _("la columna «%(column)s» no es %(kind)s.")
        kinds = {NUMBER: _("un número"), DATE: _("una fecha"), BOOLEAN: _("true ni false")}
        kind = kinds.get(table.columns.get(column[1], ""), "")
        return _said(table, line[1], said % {"column": column[1], "kind": kind})
    if "unterminated quote" in refusal:
        return _said(table, line[1], _("hay unas comillas que no se cierran bien."))
    if "utf-8" in refusal:
        return _said(table, line[1], _("no está en UTF-8."))
    return _said(table, line[1], _("no se puede leer."))


def _is_wrong(own: duckdb.DuckDBPyConnection, rows: str, name: str) -> bool:
    time = AS_TIME.format(name).replace("CAST", "TRY_CAST")
    where = f'"{name}" IS NOT NULL AND {time} IS NULL'
    return bool(own.execute(f"SELECT 1 FROM {rows} WHERE {where} LIMIT 1").fetchall())


def _said(table: Table, line: str | int | None, said: str) -> str:
    names = {"key": table.key, "line": line, "said": said}
    if line is None:
        return _("%(key)s: %(said)s") % names
    return _("%(key)s, línea %(line)s: %(said)s") % names
