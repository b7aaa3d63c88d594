"""The files of a table: Parquet in the lake, and beside it the CSV, from one stream of rows."""

import hashlib
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from typing import IO, Any, BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ingestion.lake import FolderLake
from ingestion.schema import LakeTable
from ingestion.snapshots import csv
from ingestion.snapshots.manifest import FOLDER, File, TableEntry

ROW_GROUP = 122_880
CHUNK = 1 << 20


class Measured:
    """A file to write to, that knows what was written."""

    closed = False

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.bytes = 0
        self._hash = hashlib.sha256()

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()

    def write(self, data: Any) -> int:
        view = memoryview(data)
        self._hash.update(view)
        self.bytes += view.nbytes
        return self.file.write(view)

    def tell(self) -> int:
        return self.bytes

    def flush(self) -> None:
        self.file.flush()

    def close(self) -> None:
        """Leave the file to whoever opened it."""


def write_table(
    lake: FolderLake,
    snapshot_id: str,
    table: LakeTable,
    batches: Iterator[pa.RecordBatch],
    *,
    aside: IO[bytes],
    told: Callable[[int, int], None],
) -> TableEntry:
    """Write the table's Parquet, and its CSV `aside`; `told` hears the rows and bytes so far."""
    key = f"{FOLDER}/{snapshot_id}/{table.path}/part-00000.parquet"
    flat = Measured(aside)
    flat.write(csv.header(table.schema))
    rows, extent = 0, Extent(table.key)
    with lake.write(key) as file:
        parquet = Measured(file)
        with ParquetRows(parquet, table.schema) as target:
            for batch in batches:
                target.write(batch)
                flat.write(csv.lines(batch))
                extent.add(batch)
                rows += batch.num_rows
                told(rows, parquet.bytes)
    written = File(key, rows, parquet.bytes, parquet.sha256, extent.min, extent.max)
    flat_file = File(table.csv_key, rows, flat.bytes, flat.sha256)
    return TableEntry(schema_of(table), table.key, rows, [written], flat_file)


def publish_flat(lake: FolderLake, flat: Mapping[str, IO[bytes]]) -> None:
    """Put each CSV in its place, one whole file at a time."""
    for key, file in flat.items():
        file.seek(0)
        with lake.write(key) as target:
            shutil.copyfileobj(file, target, CHUNK)


class ParquetRows:
    """Parquet in row groups of a fixed size, whatever the size of the batches."""

    def __init__(self, file: Measured, schema: pa.Schema) -> None:
        self._writer = pq.ParquetWriter(file, schema, compression="zstd")
        self._schema = schema
        self._held: list[pa.RecordBatch] = []
        self._stack = ExitStack()

    def __enter__(self) -> "ParquetRows":
        self._stack.enter_context(self._writer)
        return self

    def __exit__(self, kind: Any, *rest: Any) -> None:
        try:
            if kind is None:
                self._flush()
        finally:
            self._stack.close()

    def write(self, batch: pa.RecordBatch) -> None:
        self._held.append(batch)
        if sum(held.num_rows for held in self._held) >= ROW_GROUP:
            self._flush()

    def _flush(self) -> None:
        if self._held:
            held = pa.Table.from_batches(self._held, self._schema)
            self._writer.write_table(held, row_group_size=ROW_GROUP)
            self._held = []


class Extent:
    """The first and last key of what was written, as text."""

    def __init__(self, key: Sequence[str]) -> None:
        self._column = key[0] if len(key) == 1 else None
        self.min: str | None = None
        self.max: str | None = None

    def add(self, batch: pa.RecordBatch) -> None:
        if self._column is None or not batch.num_rows:
            return
        found = pc.min_max(batch.column(self._column).cast(pa.string())).as_py()
        self.min = min(filter(None, (self.min, found["min"])), default=None)
        self.max = max(filter(None, (self.max, found["max"])), default=None)


def schema_of(table: LakeTable) -> list[dict[str, str]]:
    return [
        {"name": column.name, "type": str(column.type), "treatment": column.treatment}
        for column in table.columns
    ]


def digest(file: BinaryIO) -> str:
    """Return the SHA-256 of what is left of `file`."""
    found = hashlib.sha256()
    while chunk := file.read(CHUNK):
        found.update(chunk)
    return found.hexdigest()


def read_columns(
    lake: FolderLake, files: Sequence[File], columns: Sequence[str]
) -> Iterator[pa.RecordBatch]:
    """Yield the columns of Parquet files, in batches."""
    for file in files:
        with lake.open(file.key) as source, pq.ParquetFile(source) as parquet:
            yield from parquet.iter_batches(columns=list(columns))
