"""Spark: local, or the cluster that its own configuration names."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from ibis.backends.sql.compilers.pyspark import compiler
from pyspark.sql import SparkSession
from sqlglot import maybe_parse
from sqlglot.expressions import Query, Select

from analitica.columnar import parquet
from analitica.sources import Source
from analitica.tables import BOOLEAN, DATE, NUMBER, TEXT, TIMESTAMP, Table

TYPES = {
    TEXT: "STRING",
    NUMBER: "DECIMAL(38, 10)",
    TIMESTAMP: "TIMESTAMP",
    DATE: "DATE",
    BOOLEAN: "BOOLEAN",
}


class Spark:
    compiler = compiler

    @cached_property
    def session(self) -> SparkSession:
        made = SparkSession.builder.appName("cartera").getOrCreate()
        made.conf.set("spark.sql.session.timeZone", "UTC")
        return made

    def columns(self, table: Table, source: Source) -> frozenset[str]:
        return frozenset(self._read(table, source).columns)

    def relation(self, table: Table, source: Source) -> Query:
        rows = self._read(table, source)
        name = f"{table.database}_{table.name}_{source.id}".replace("-", "_")
        rows.createOrReplaceTempView(name)
        columns = ", ".join(
            _typed(name, kind, rows.columns) for name, kind in table.columns.items()
        )
        return maybe_parse(f"SELECT {columns} FROM {name}", into=Select, dialect="spark")

    def rows(self, sql: str) -> Sequence[Sequence[Any]]:
        return [tuple(row) for row in self.session.sql(sql).collect()]

    def _read(self, table: Table, source: Source) -> Any:
        return self.session.read.parquet(*(str(file) for file in parquet(table, source)))


def _typed(name: str, kind: str, there: Sequence[str]) -> str:
    """Return the expression of a column; a date that was masked on its way to the lake is null."""
    if name not in there:
        return f"CAST(NULL AS {TYPES[kind]}) AS {name}"
    if kind == TEXT:
        return f"NULLIF(CAST({name} AS STRING), '') AS {name}"
    return f"TRY_CAST({name} AS {TYPES[kind]}) AS {name}"
