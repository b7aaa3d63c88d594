"""Which columns of the lake point at which, and how many of their values point at nothing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import duckdb
import pyarrow as pa
from django.conf import settings
from django.db import models

from ingestion.schema import Column, LakeTable

MEMORY = "512MB"  # past which DuckDB goes on in files

# Events name rows of other stores without being fields of a model: the contract says which.
OF_EVENTS: Mapping[tuple[str, str], tuple[str, str]] = {
    ("cassandra/reclamos", "policy_number"): ("postgresql/policies", "policy_number"),
    ("cassandra/pagos", "policy_number"): ("postgresql/policies", "policy_number"),
    ("cassandra/pagos", "customer_id"): ("mysql/clients", "id"),
}


@dataclass(frozen=True)
class Reference:
    """Each value of `column` of `table` that is not null is one of `target_column` of `target`."""

    table: str
    column: str
    target: str
    target_column: str

    def __str__(self) -> str:
        return f"{self.table}.{self.column} -> {self.target}.{self.target_column}"


def references(tables: Sequence[LakeTable]) -> list[Reference]:
    """Return the references between `tables`, as the models and the contract have them."""
    targets = {table.model: table for table in tables if table.model and len(table.key) == 1}
    found = [
        Reference(table.path, column.name, target.path, target.key[0])
        for table in tables
        for column in table.columns
        if (pointed := _points_at(column)) and (target := targets.get(pointed))
    ]
    known = {(table.path, column.name) for table in tables for column in table.columns}
    return found + [
        Reference(*source, *target)
        for source, target in OF_EVENTS.items()
        if source in known and target in known
    ]


def _points_at(column: Column) -> type[models.Model] | None:
    """Return the model that the column's values are keys of, if any."""
    if column.treatment != "plain" or not isinstance(column.field, models.ForeignKey):
        return None
    return column.field.remote_field.model


def counting() -> duckdb.DuckDBPyConnection:
    """Return what counts, in bounded memory; close it, and count many times with one."""
    spill = str(settings.VAR_DIR / "duckdb")
    return duckdb.connect(config={"memory_limit": MEMORY, "temp_directory": spill, "threads": 1})


def unresolved(
    connection: duckdb.DuckDBPyConnection,
    values: pa.RecordBatchReader,
    targets: pa.RecordBatchReader,
) -> int:
    """Count the values, null apart, that are not among `targets`; both have one column, in text."""
    connection.register("source", values)
    connection.register("target", targets)
    left, right = values.schema.names[0], targets.schema.names[0]
    return _count(
        connection,
        f'SELECT count(*) FROM (SELECT "{left}" AS k FROM source WHERE "{left}" IS NOT NULL) '
        f'ANTI JOIN (SELECT "{right}" AS k FROM target) USING (k)',
    )


def repeated(connection: duckdb.DuckDBPyConnection, values: pa.RecordBatchReader) -> int:
    """Count the rows whose key is null, or was in a row before."""
    connection.register("source", values)
    names = ", ".join(f'"{name}"' for name in values.schema.names)
    nulls = " OR ".join(f'"{name}" IS NULL' for name in values.schema.names)
    return _count(
        connection,
        f"SELECT coalesce(sum(CASE WHEN {nulls} THEN n ELSE n - 1 END), 0) "
        f"FROM (SELECT {names}, count(*) AS n FROM source GROUP BY ALL)",
    )


def _count(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    [(count,)] = connection.execute(query).fetchall()
    return int(count)


def one_column(batches: Iterator[pa.RecordBatch], name: str) -> pa.RecordBatchReader:
    """Return the batches' column `name` alone, as text, to be read once."""
    schema = pa.schema([(name, pa.string())])
    texts = (
        pa.RecordBatch.from_arrays([batch.column(name).cast(pa.string())], schema=schema)
        for batch in batches
    )
    return pa.RecordBatchReader.from_batches(schema, texts)
