"""The CSV of the contract: RFC 4180, one spelling for each value, quotes only where they are needed."""

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

SPECIAL = r'[",\r\n]'
SPECIAL_BYTES = (b'"', b",", b"\r", b"\n")


def header(schema: pa.Schema) -> bytes:
    return line_of(schema.names).encode()


def line_of(names: Sequence[str]) -> str:
    return ",".join(names) + "\n"


def lines(batch: pa.RecordBatch) -> memoryview:
    """Return the rows of `batch`; null is empty, as the empty text is."""
    if not batch.num_rows:
        return memoryview(b"")
    *fields, last = (_field(column) for column in batch.columns)
    ended = pc.binary_join_element_wise(last, "\n", "", null_handling="replace")
    rows = pc.binary_join_element_wise(*fields, ended, ",", null_handling="replace")
    # The texts of an array lie one after the other: with its end each, they are the file.
    return memoryview(rows.buffers()[2]).cast("B")


def _field(values: pa.Array) -> pa.Array:
    if pa.types.is_timestamp(values.type):
        # Cast by way of a time without zone, which needs no database of zones.
        texts = values.cast(pa.timestamp(values.type.unit)).cast(pa.string())
        dated = pc.binary_replace_slice(texts, 10, 11, "T")
        return pc.binary_join_element_wise(dated, "Z", "")
    if not pa.types.is_string(values.type):
        return values.cast(pa.string())
    if not _may_be_special(values):
        return values
    special = pc.match_substring_regex(values, SPECIAL)
    doubled = pc.replace_substring(values, '"', '""')
    return pc.if_else(special, pc.binary_join_element_wise('"', doubled, '"', ""), values)


def _may_be_special(values: pa.Array) -> bool:
    """Whether something in the array's memory is: much quicker to know than of each text."""
    texts = bytes(values.buffers()[2] or b"")
    return any(special in texts for special in SPECIAL_BYTES)
