import csv as standard
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import example, given
from hypothesis import strategies as st

from ingestion.schema import MONEY, TIMESTAMP
from ingestion.snapshots import csv
from ingestion.snapshots.files import Measured, ParquetRows

SCHEMA = pa.schema(
    [
        ("id", pa.string()),
        ("texto", pa.string()),
        ("monto", MONEY),
        ("momento", TIMESTAMP),
        ("dia", pa.date32()),
        ("activo", pa.bool_()),
        ("n", pa.int64()),
    ]
)
rows = st.lists(
    st.tuples(
        st.uuids().map(str),
        st.none() | st.text() | st.text('",\n\r;á🙂 ', max_size=8),
        st.none() | st.decimals("-999999999999.99", "999999999999.99", places=2),
        st.none() | st.datetimes(timezones=st.just(UTC)),
        st.none() | st.dates(),
        st.none() | st.booleans(),
        st.none() | st.integers(-(2**63), 2**63 - 1),
    ),
    max_size=20,
)


def batch(values):
    columns = zip(*values, strict=True) if values else [[]] * len(SCHEMA)
    arrays = [pa.array(column, field.type) for column, field in zip(columns, SCHEMA, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=SCHEMA)


def spelled(value):
    """The contract's spelling of a value: null and the empty text are empty."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case datetime():
            return value.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
        case Decimal():
            return f"{value:.2f}"
    return str(value)


def written(values):
    return (csv.header(SCHEMA) + csv.lines(batch(values))).decode()


@given(values=rows)
@example(values=[("1", 'dice "hola", y\r\nse va', Decimal("-0.10"), None, None, False, 0)])
@example(values=[])
def test_any_reader_of_rfc_4180_reads_what_was_written(values):
    found = list(standard.reader(io.StringIO(written(values), newline="")))
    expected = [[spelled(value) for value in row] for row in values]
    assert found == [SCHEMA.names, *expected]


@given(values=rows)
def test_parquet_holds_the_same_rows_exactly(values):
    target = io.BytesIO()
    with ParquetRows(Measured(target), SCHEMA) as file:
        file.write(batch(values))
    found = pq.read_table(io.BytesIO(target.getvalue()))
    assert found.schema == SCHEMA
    assert found.to_pylist() == [dict(zip(SCHEMA.names, row, strict=True)) for row in values]


@given(values=rows)
def test_the_csv_of_what_parquet_holds_is_the_same_bytes(values):
    target = io.BytesIO()
    with ParquetRows(Measured(target), SCHEMA) as file:
        file.write(batch(values))
    back = pq.read_table(io.BytesIO(target.getvalue())).to_batches()
    assert csv.lines(batch(values)) == b"".join(map(csv.lines, back))


def test_a_row_is_spelled_as_the_contract_says():
    moment = datetime(2026, 11, 22, 3, 15, tzinfo=UTC)
    row = ("a", "Peña, Íñigo", Decimal("1200.5"), moment, date(2026, 1, 2), True, -7)
    assert written([row]) == (
        "id,texto,monto,momento,dia,activo,n\n"
        'a,"Peña, Íñigo",1200.50,2026-11-22T03:15:00.000000Z,2026-01-02,true,-7\n'
    )


def test_only_what_needs_quotes_has_them():
    assert written([("a", "sin más; 'nada'", *[None] * 5)]).endswith("\na,sin más; 'nada',,,,,\n")


def test_parquet_goes_in_groups_of_a_fixed_size(monkeypatch):
    monkeypatch.setattr("ingestion.snapshots.files.ROW_GROUP", 100)
    target = io.BytesIO()
    with ParquetRows(Measured(target), SCHEMA) as file:
        for _ in range(25):
            file.write(batch([("a", None, None, None, None, None, n) for n in range(10)]))
    found = pq.ParquetFile(io.BytesIO(target.getvalue())).metadata
    assert [found.row_group(n).num_rows for n in range(found.num_row_groups)] == [100, 100, 50]
    assert found.row_group(0).column(0).compression == "ZSTD"


def test_what_was_written_is_measured():
    target = io.BytesIO()
    file = Measured(target)
    file.write(b"abc")
    file.write(pa.py_buffer(b"def"))
    file.flush()
    assert (file.bytes, file.tell()) == (6, 6)
    assert file.sha256 == "bef57ec7f53a6d40beb640a780a639c83bc29ac8a9816f1fc6c5c6dcd93c4721"
