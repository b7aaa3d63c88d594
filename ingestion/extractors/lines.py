"""Lines of CSV, as a server makes them of its rows: null is nothing at all, the empty text is in quotes, times say their zone."""

from collections.abc import Sequence

import pyarrow as pa
from pyarrow import csv

from ingestion.schema import Column


def parsed(
    lines: bytes | bytearray, names: Sequence[str], wanted: Sequence[Column]
) -> dict[str, pa.Array]:
    """Return the columns that are wanted, by name, of lines whose fields have those names."""
    if not wanted:
        return {}
    found = csv.read_csv(
        pa.BufferReader(lines),
        # One block: other threads have the machine's other core.
        csv.ReadOptions(column_names=names, block_size=len(lines), use_threads=False),
        # A row of one column that is null is an empty line.
        csv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False),
        csv.ConvertOptions(
            column_types={column.name: column.raw for column in wanted},
            include_columns=[column.name for column in wanted],
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
            true_values=["1", "t"],
            false_values=["0", "f"],
        ),
    )
    # One block is one chunk.
    return {column.name: found[column.name].chunk(0) for column in wanted}
