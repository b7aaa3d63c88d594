"""A CSV of somebody else becomes typed Parquet of this machine."""

import os
import time
from decimal import Decimal

import pyarrow.parquet as pq
import pytest

from analitica import columnar, sources
from analitica.tables import TABLES
from analitica.tests.small import write
from ingestion.lake import lake

pytestmark = pytest.mark.any_engine

RECLAMOS = TABLES["cassandra/reclamos"]
HEADER = "id,policy_number,estado,monto,fecha_reclamo"


@pytest.fixture
def read():
    """Return the rows that a CSV of reclamos becomes."""

    def read(text):
        write(cassandra_reclamos=text)
        [file] = columnar.parquet(RECLAMOS, sources.current())
        return pq.read_table(file).to_pylist()

    return read


def moments(read, *written):
    lines = [f"r{n},N,pagado,1,{moment}" for n, moment in enumerate(written)]
    return [str(row["fecha_reclamo"]) for row in read("\n".join([HEADER, *lines, ""]))]


def amounts(read, *written):
    lines = [f"r{n},N,pagado,{amount}," for n, amount in enumerate(written)]
    return [row["monto"] for row in read("\n".join([HEADER, *lines, ""]))]


def test_a_moment_may_be_written_in_many_ways(read):
    assert (
        moments(
            read,
            "2026-01-02T03:04:05Z",
            "2026-01-02 03:04:05",
            "2026-01-02T03:04:05+00:00",
            "2026-01-02T05:04:05+02:00",
            "2026-01-02T03:04:05.000000Z",
        )
        == ["2026-01-02 03:04:05"] * 5
    )


def test_a_bare_date_is_its_midnight(read):
    assert moments(read, "2026-01-02") == ["2026-01-02 00:00:00"]


def test_fractions_are_kept(read):
    assert moments(read, "2026-01-02T03:04:05.250Z") == ["2026-01-02 03:04:05.250000"]


def test_amounts_are_exact(read):
    assert amounts(read, "0.1", "-5", "1e3", "123456789.123456") == [
        Decimal("0.1"), Decimal(-5), Decimal(1000), Decimal("123456789.123456")
    ]  # fmt: skip


def test_one_that_is_very_large_is_exact_too(read):
    assert amounts(read, "1234567890123456.75", "0.01") == [
        Decimal("1234567890123456.75"),
        Decimal("0.01"),
    ]


@pytest.mark.parametrize("empty", ["", '""'])
def test_what_is_empty_is_null_quoted_or_not(read, empty):
    [row] = read(f"{HEADER}\nr1,{empty},{empty},{empty},{empty}\n")
    assert set(row.values()) == {"r1", None}


def test_words_for_nothing_are_values(read):
    rows = read(f"{HEADER}\nNA,null,None,1,\n")
    assert [rows[0][name] for name in ("id", "policy_number", "estado")] == ["NA", "null", "None"]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_the_end_of_a_line_and_a_mark_at_the_beginning_are_nobodys_value(read, end, mark):
    text = f"{mark}{HEADER}{end}r1,N-1,pagado,1,2026-01-01{end}"
    assert read(text)[0]["id"] == "r1"
    assert str(read(text)[0]["fecha_reclamo"]) == "2026-01-01 00:00:00"


def test_text_may_hold_anything(read):
    [row] = read(f'{HEADER}\n"r,1\n""ñ"" 🚗",N,pagado,1,\n')
    assert row["id"] == 'r,1\n"ñ" 🚗'


def test_columns_come_in_any_order_and_others_are_left(read):
    [row] = read("extra,monto,id,fecha_reclamo,estado,policy_number\nx,5,r1,,pagado,N\n")
    assert (row["id"], row["monto"], row["policy_number"]) == ("r1", Decimal(5), "N")
    assert "extra" not in row


def test_a_file_is_read_once_however_often_it_is_asked_for(monkeypatch):
    write()
    source = sources.current()
    first = columnar.parquet(RECLAMOS, source)
    monkeypatch.setattr(columnar.csv, "to_parquet", lambda *_args: pytest.fail("read again"))
    assert columnar.parquet(RECLAMOS, source) == first


def test_what_nobody_has_asked_for_in_days_goes(settings):
    write()
    [old] = columnar.parquet(RECLAMOS, sources.current())
    [used] = columnar.parquet(TABLES["mysql/users"], sources.current())
    long_ago = time.time() - 3 * 24 * 60 * 60
    os.utime(old, (long_ago, long_ago))
    write(cassandra_pagos="id,customer_id,metodo_pago,monto,fecha_pago\n")
    columnar.parquet(TABLES["cassandra/pagos"], sources.current())
    assert not old.exists()
    assert used.exists()


def test_what_fails_leaves_nothing_behind(read, settings):
    with pytest.raises(Exception, match="Error analyzing"):
        read(f"{HEADER}\nr1\n")
    assert list(settings.ANALYTICS_CACHE.glob("*")) == []


def test_a_file_of_a_snapshot_that_is_gone_is_named():
    write()
    source = sources.Source("x", sources.current().moment, {RECLAMOS.path: {"a/b": "1"}}, True)
    with pytest.raises(Exception, match="Could not load a/b: NoSuchKey"):
        columnar.parquet(RECLAMOS, source)
    assert lake().size("a/b") is None
