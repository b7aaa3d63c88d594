"""From what an engine answers to rows of the lake."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import Any, TypeVar

import pyarrow as pa

from ingestion.jobs import JobFailed
from ingestion.schema import Column, LakeTable

T = TypeVar("T")
R = TypeVar("R")

# A twenty-fourth of a row group: what is held in objects of Python, or as lines, at one time.
ROWS = 5_120


def batch_of(table: LakeTable, rows: Sequence[Sequence[Any]]) -> pa.RecordBatch:
    """Return `rows`, of the table's columns in order; text is cast to what the column is read as."""
    arrays = [
        _array(table, position, values) for position, values in enumerate(zip(*rows, strict=True))
    ]
    return table.batch(arrays)


def _array(table: LakeTable, position: int, values: Sequence[Any]) -> pa.Array:
    column = table.columns[position]
    try:
        if not any(isinstance(value, str | bytes) for value in values):
            return pa.array(values, column.raw)
        texts = pa.array(values, pa.string())
        if pa.types.is_timestamp(column.raw):
            # Without a zone, as engines keep them, they are UTC.
            texts = texts.cast(pa.timestamp(column.raw.unit))
        return texts.cast(column.raw)
    except pa.ArrowException:
        raise refused(table, column) from None


def refused(table: LakeTable, column: Column) -> JobFailed:
    """Return what is said of a value that isn't what the lake expects."""
    # Arrow would quote the value, which may be personal.
    return JobFailed(
        f"{table.path}: un valor de {column.name} no es {column.raw}, como el lago espera."
    )


def blamed(table: LakeTable, read: Callable[[Sequence[Column]], Any]) -> JobFailed:
    """Return what is said when `read` failed on all columns at once: it is tried on each alone."""
    for column in table.columns:
        try:
            read([column])
        except (pa.ArrowException, TypeError):
            return refused(table, column)
    return JobFailed(f"{table.path}: no se entiende lo que su almacén responde.")


def ahead(work: Callable[[T], R], items: Iterable[T], threads: int) -> Iterator[R]:
    """Yield what `work` makes of each item, in order, while that many threads are at the next ones."""
    with ThreadPoolExecutor(threads) as pool:
        waiting = iter(items)
        under_way = deque(pool.submit(work, item) for item in islice(waiting, threads))
        try:
            while under_way:
                done = under_way.popleft().result()
                under_way.extend(pool.submit(work, item) for item in islice(waiting, 1))
                yield done
        finally:
            for future in under_way:
                future.cancel()
