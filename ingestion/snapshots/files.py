"""The files of a table: Parquet in the lake, and beside it the CSV, from one stream of rows."""

import hashlib
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import IO, Any, BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ingestion.lake import Lake
from ingestion.schema import LakeTable
from ingestion.snapshots import csv
from ingestion.snapshots.manifest import File, TableEntry, part_key

ROW_GROUP = 122_880
SAMPLE = 10_240
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
    lake: Lake,
    folder: str,
    table: LakeTable,
    batches: Iterator[pa.RecordBatch],
    *,
    part: int,
    flat: IO[bytes],
    told: Callable[[int, int], None],
) -> TableEntry:
    """Write the table's Parquet into `folder`, from file number `part` on, and its CSV into `flat`.

    No file that is there is written over; `told` hears the rows and bytes so far.
    """
    key = part_key(folder, part)
    lines = Measured(flat)
    lines.write(csv.header(table.schema))
    rows, extent = 0, Extent(table.key)
    with lake.write_once(key) as file:
        parquet = Measured(file)
        with ParquetRows(parquet, table.schema) as target:

            def write_lines(batch: pa.RecordBatch) -> None:
                lines.write(csv.lines(batch))
                extent.add(batch)

            with Behind(target.write) as columns, Behind(write_lines) as texts:
                for batch in batches:
                    columns.take(batch)
                    texts.take(batch)
                    rows += batch.num_rows
                    told(rows, parquet.bytes)
    written = File(key, rows, parquet.bytes, parquet.sha256, extent.min, extent.max)
    flat_file = File(table.csv_key, rows, lines.bytes, lines.sha256)
    return TableEntry(schema_of(table), table.key, rows, [written], flat_file)


class Behind:
    """Work done in another thread, in order and a few steps behind: the store is read meanwhile."""

    STEPS = 4

    def __init__(self, work: Callable[[pa.RecordBatch], None]) -> None:
        self._work = work
        self._thread = ThreadPoolExecutor(1)
        self._under_way: deque[Future[None]] = deque()

    def __enter__(self) -> "Behind":
        return self

    def take(self, batch: pa.RecordBatch) -> None:
        """Leave the batch to be done; raise what went wrong with one before it."""
        self._under_way.append(self._thread.submit(self._work, batch))
        if len(self._under_way) > self.STEPS:
            self._under_way.popleft().result()

    def __exit__(self, kind: Any, *rest: Any) -> None:
        self._thread.shutdown(cancel_futures=kind is not None)
        if kind is None:
            for done in self._under_way:
                done.result()


class ParquetRows:
    """Parquet in row groups of a fixed size, whatever the size of the batches."""

    def __init__(self, file: Measured, schema: pa.Schema) -> None:
        self._file = file
        self._schema = schema
        self._writer: pq.ParquetWriter | None = None
        self._held: list[pa.RecordBatch] = []

    def __enter__(self) -> "ParquetRows":
        return self

    def __exit__(self, kind: Any, *rest: Any) -> None:
        try:
            if kind is None:
                self._flush()
        finally:
            if self._writer is not None:
                self._writer.close()

    def write(self, batch: pa.RecordBatch) -> None:
        self._held.append(batch)
        if sum(held.num_rows for held in self._held) >= ROW_GROUP:
            self._flush()

    def _flush(self) -> None:
        held = pa.Table.from_batches(self._held, self._schema)
        if self._writer is None:
            self._writer = pq.ParquetWriter(
                self._file, self._schema, compression="zstd", use_dictionary=repeating(held)
            )
        if held.num_rows:
            self._writer.write_table(held, row_group_size=ROW_GROUP)
        self._held = []


def repeating(table: pa.Table) -> list[str]:
    """Return the columns whose texts repeat: a dictionary of those that don't takes most of the time."""
    first = table.slice(0, SAMPLE)
    return [
        field.name
        for field in table.schema
        if pa.types.is_string(field.type)
        and pc.count_distinct(first[field.name]).as_py() * 10 < first.num_rows
    ]


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
    lake: Lake, files: Sequence[File], columns: Sequence[str]
) -> Iterator[pa.RecordBatch]:
    """Yield the columns of Parquet files, in batches."""
    for file in files:
        with lake.open(file.key) as source, pq.ParquetFile(source) as parquet:
            yield from parquet.iter_batches(columns=list(columns))
