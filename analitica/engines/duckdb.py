"""DuckDB, in this process, over the local files of each table."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import structlog
from django.utils.translation import gettext as _
from ibis.backends.sql.compilers.duckdb import compiler
from sqlglot import maybe_parse
from sqlglot.expressions import Query, Select

from analitica.columnar import parquet
from analitica.engines.pool import connection, literal
from analitica.failures import Unanswered, Unreachable, Unreadable
from analitica.sources import Source
from analitica.tables import BOOLEAN, DATE, NUMBER, TEXT, TIMESTAMP, Table

log = structlog.get_logger()

TYPES = {
    TEXT: "VARCHAR",
    NUMBER: "DECIMAL(38, 10)",
    TIMESTAMP: "TIMESTAMP",
    DATE: "DATE",
    BOOLEAN: "BOOLEAN",
}


class DuckDB:
    compiler = compiler

    def columns(self, table: Table, source: Source) -> frozenset[str]:
        return frozenset(_schema(table, parquet(table, source)[0]).names)

    def relation(self, table: Table, source: Source) -> Query:
        files = parquet(table, source)
        schema = _schema(table, files[0])
        columns = ", ".join(_typed(name, kind, schema) for name, kind in table.columns.items())
        names = ", ".join(literal(str(file)) for file in files)
        sql = f"SELECT {columns} FROM read_parquet([{names}])"
        return maybe_parse(sql, into=Select, dialect="duckdb")

    def rows(self, sql: str) -> Sequence[Sequence[Any]]:
        try:
            with connection() as own:
                return own.execute(sql).fetchall()
        except duckdb.OutOfMemoryException as failure:
            raise Unreachable(
                _("No hay memoria para responder: suba ANALYTICS_MEMORY_MB.")
            ) from failure
        except duckdb.Error as failure:
            # It may quote a value, or a path of this machine.
            log.exception("question_failed", error=type(failure).__name__)
            raise Unanswered(_("El lago tiene algo que no se puede leer.")) from failure


def _schema(table: Table, file: Path) -> pa.Schema:
    try:
        return pq.read_schema(file)
    except pa.ArrowException as failure:
        said = _("%(file)s no se puede leer.") % {"file": file.name}
        raise Unreadable(table.name, said) from failure


def _typed(name: str, kind: str, schema: pa.Schema) -> str:
    """Return the expression of a column; a date that was masked on its way to the lake is null."""
    if name not in schema.names:
        return f'CAST(NULL AS {TYPES[kind]}) AS "{name}"'
    if kind == TIMESTAMP and pa.types.is_timestamp(schema.field(name).type):
        # DuckDB takes ten times as long for AT TIME ZONE.
        return f'make_timestamp(epoch_us("{name}")) AS "{name}"'
    if kind in (TIMESTAMP, DATE):
        return f'TRY_CAST("{name}" AS {TYPES[kind]}) AS "{name}"'
    if kind == TEXT:
        # An empty text is null in a CSV, and so it is here.
        return f'NULLIF(CAST("{name}" AS VARCHAR), \'\') AS "{name}"'
    return f'"{name}"'
