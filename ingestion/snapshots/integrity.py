"""Whether what is in the lake is what was written, and holds together."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import pyarrow as pa
import pyarrow.parquet as pq
from duckdb import DuckDBPyConnection

from ingestion.catalog import catalog
from ingestion.lake import Lake
from ingestion.references import counting, one_column, references, repeated, unresolved
from ingestion.snapshots.files import digest, read_columns
from ingestion.snapshots.manifest import File, Manifest, TableEntry, claim_key, current_id

REFERENCES = "referencias"


def count_references(lake: Lake, tables: Mapping[str, TableEntry]) -> dict[str, int]:
    """Count, by relation, the values of the snapshot's tables that point at nothing in it."""
    with counting() as connection:
        return {
            str(reference): unresolved(
                connection,
                _column(lake, tables[reference.table], reference.column),
                _column(lake, tables.get(reference.target), reference.target_column),
            )
            for reference in references(catalog())
            if reference.table in tables and tables[reference.table].has(reference.column)
        }


def _column(lake: Lake, table: TableEntry | None, name: str) -> pa.RecordBatchReader:
    files = table.files if table is not None and table.has(name) else []
    return one_column(read_columns(lake, files, [name]), name)


def verify(lake: Lake, manifest: Manifest) -> Iterator[tuple[str, list[str]]]:
    """Read the whole snapshot again; yield each table, then the references, with what is wrong."""
    all_sound = True
    with counting() as connection:
        for path, table in manifest.tables.items():
            problems = _table(connection, lake, path, table)
            all_sound &= not problems
            yield path, problems + _csv(lake, manifest, table)
    if all_sound:
        yield REFERENCES, [*_claim(lake, manifest), *_references(lake, manifest)]


def _csv(lake: Lake, manifest: Manifest, table: TableEntry) -> list[str]:
    # The old layout follows the published snapshot alone, which may change meanwhile; until its CSV has
    # gone to its flat place, it waits beside the Parquet.
    if current_id(lake) != manifest.id:
        return []
    waiting = replace(table.csv, key=table.waiting_csv)
    places = [waiting, table.csv] if lake.size(waiting.key) is not None else [table.csv]
    problems = [_bytes(lake, place) for place in places]
    return min(problems, key=len) if current_id(lake) == manifest.id else []


def _claim(lake: Lake, manifest: Manifest) -> list[str]:
    key = claim_key(manifest.id)
    if not manifest.claim or lake.read(key) == manifest.claim.encode():
        return []
    return [f"{key}: no es quien tomó el snapshot."]


def _table(connection: DuckDBPyConnection, lake: Lake, path: str, table: TableEntry) -> list[str]:
    problems = [
        problem
        for file in table.files
        for problem in _bytes(lake, file) or _content(lake, file, table)
    ]
    if problems:
        return problems
    if sum(file.rows for file in table.files) != table.rows:
        problems.append(f"{path}: sus archivos no suman las {table.rows} filas del manifiesto.")
    if table.primary_key:
        keys = pa.schema([(name, pa.string()) for name in table.primary_key])
        batches = (b.cast(keys) for b in read_columns(lake, table.files, table.primary_key))
        twins = repeated(connection, pa.RecordBatchReader.from_batches(keys, batches))
        if twins:
            problems.append(f"{path}: {twins} filas con la clave repetida o vacía.")
    return problems


def _bytes(lake: Lake, file: File) -> list[str]:
    size = lake.size(file.key)
    if size is None:
        return [f"{file.key}: no está."]
    if size != file.bytes:
        return [f"{file.key}: mide {size} bytes y el manifiesto dice {file.bytes}."]
    with lake.open(file.key) as source:
        if digest(source) != file.sha256:
            return [f"{file.key}: su contenido no es el que se escribió (SHA-256 distinto)."]
    return []


def _content(lake: Lake, file: File, table: TableEntry) -> list[str]:
    with lake.open(file.key) as source, pq.ParquetFile(source) as parquet:
        found = [(field.name, str(field.type)) for field in parquet.schema_arrow]
        rows = parquet.metadata.num_rows
    problems = []
    if found != [(column["name"], column["type"]) for column in table.schema]:
        problems.append(f"{file.key}: sus columnas no son las del manifiesto.")
    if rows != file.rows:
        problems.append(f"{file.key}: tiene {rows} filas y el manifiesto dice {file.rows}.")
    return problems


def _references(lake: Lake, manifest: Manifest) -> Iterator[str]:
    for relation, count in count_references(lake, manifest.tables).items():
        said = manifest.references.get(relation)
        if said is not None and said != count:
            yield f"{relation}: {count} sin resolver y el manifiesto dice {said}."
