"""Any value that a column may hold comes back exact, in each engine."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pyarrow as pa
import pytest
from django.db import connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingestion.backups import restore as module
from ingestion.backups import tables
from ingestion.backups.restore import Manner, Restore
from ingestion.backups.sealed import Seal
from ingestion.backups.source import Source
from ingestion.backups.values import content
from ingestion.extractors import reading
from ingestion.lake import lake
from ingestion.tests.cosas import STORES, Cosa, key, places, write

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture(scope="module")
def cosas(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), places(STORES):
        yield


def table_in(store):
    return replace(tables._of_model(Cosa), store=store)


def sealed_copy(store):
    """Write a backup of the store's cosas alone, and return where it is read from."""
    table, target = table_in(store), lake()
    source = Source(
        target, Seal(bytes(32), "20260101T000000Z"), SimpleNamespace(id="20260101T000000Z")
    )
    with (
        target.write(f"backups/{source.backup.id}/{table.path}.parquet") as file,
        source.seal.writing(file, f"{table.path}.parquet", table.schema) as writer,
        reading(store) as held,
    ):
        for batch in held.batches(table):
            writer.write_batch(batch)
    return source


def bring_back(source, store, manner=None):
    Restore(source, [table_in(store)], manner or Manner()).write(lambda *_: None)


moments = st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)).map(
    lambda moment: moment.replace(microsecond=moment.microsecond // 1000 * 1000)
)
texts = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), max_size=40)
names = st.text("abcñ ", min_size=1, max_size=5)
documents = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | texts
    | st.floats(-1e9, 1e9).map(lambda number: round(number, 6) + 0.0),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
    max_leaves=6,
)
cosas_of = st.fixed_dictionaries(
    {
        "texto": st.none() | texts,
        "entero": st.none() | st.integers(-(2**63) + 1, 2**63 - 1),
        "monto": st.none() | st.decimals("-99999999999.99", "99999999999.99", places=2),
        "tasa": st.none() | st.decimals("-9999999.999999", "9999999.999999", places=6),
        "sí": st.none() | st.booleans(),
        "dia": st.none() | st.dates(date(1800, 1, 1), date(2300, 1, 1)),
        "momento": st.none() | moments,
        "datos": st.none() | st.dictionaries(names, documents, max_size=3),
    }
)


@pytest.mark.parametrize("store", STORES)
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(cosas_of, min_size=1, max_size=5))
def test_any_row_comes_back_as_it_was(cosas, store, rows):
    mine = Cosa.objects.using(store)
    mine.all().delete()
    write(store, *(Cosa(id=key(n), **row) for n, row in enumerate(rows, start=1)))
    before = list(mine.order_by("pk").values())
    source = sealed_copy(store)
    mine.all().delete()
    bring_back(source, store)
    after = list(mine.order_by("pk").values())
    of = content(Cosa)
    assert [of(row) for row in after] == [of(row) for row in before]
    assert repr(after) == repr(before)
    [(_table, counts)] = Restore(source, [table_in(store)]).compare()
    assert (counts.absent, counts.equal, counts.different) == (0, len(rows), 0)
    mine.all().delete()


@pytest.mark.parametrize("store", [s for s in STORES if connections[s].vendor != "mongodb"])
def test_microseconds_come_back(cosas, store):
    moment = datetime(2026, 3, 1, 5, 6, 7, 123457, tzinfo=UTC)
    write(store, Cosa(id=key(1), momento=moment, tasa=Decimal("0.000001")))
    source = sealed_copy(store)
    Cosa.objects.using(store).all().delete()
    bring_back(source, store)
    back = Cosa.objects.using(store).get()
    assert (back.momento, back.tasa) == (moment, Decimal("0.000001"))


@pytest.mark.parametrize("store", STORES)
def test_a_row_may_point_at_one_that_comes_later(cosas, store):
    write(store, Cosa(id=key(1), otra_id=key(2)), Cosa(id=key(2), otra_id=key(1)))
    source = sealed_copy(store)
    Cosa.objects.using(store).all().delete()
    bring_back(source, store)
    assert {c.pk: c.otra_id for c in Cosa.objects.using(store).all()} == {
        key(1): key(2),
        key(2): key(1),
    }


@pytest.mark.parametrize("store", STORES)
@pytest.mark.parametrize(
    ("column", "was", "now"),
    [
        ("texto", "", None),
        ("texto", "a", "A"),
        ("texto", "n", "ñ"),
        ("monto", Decimal("1.00"), Decimal("1.01")),
        ("sí", False, None),
        ("datos", {"a": 1}, {"a": True}),
        ("datos", {"a": 1}, {"a": "1"}),
        (
            "momento",
            datetime(2026, 1, 1, tzinfo=UTC),
            datetime(2026, 1, 1, tzinfo=UTC) + timedelta(milliseconds=1),
        ),
    ],
)
def test_a_row_that_differs_in_anything_is_different_and_is_put_back(
    cosas, store, column, was, now
):
    mine = Cosa.objects.using(store)
    write(store, Cosa(id=key(1), **{column: was}))
    source = sealed_copy(store)
    mine.filter(pk=key(1)).update(**{column: now})
    [(_table, counts)] = Restore(source, [table_in(store)]).compare()
    assert (counts.equal, counts.different) == (0, 1)
    with pytest.raises(module.JobFailed, match="hay filas distintas"):
        bring_back(source, store)
    bring_back(source, store, Manner(overwrite=True))
    assert json.dumps(mine.values_list(column, flat=True).get(), default=str) == json.dumps(
        was, default=str
    )
    mine.all().delete()


@pytest.mark.parametrize("store", STORES)
def test_no_list_is_as_long_as_a_table(cosas, store, monkeypatch):
    write(store, *(Cosa(id=key(n), texto="x" * 20) for n in range(1, 2501)))
    source = sealed_copy(store)
    Cosa.objects.using(store).all().delete()
    seen, rows_of = [], module.rows_of
    monkeypatch.setattr(
        module, "rows_of", lambda *a: seen.append(len(found := rows_of(*a))) or found
    )
    bring_back(source, store)
    assert sum(seen) == Cosa.objects.using(store).count() == 2500
    assert max(seen) <= 1000
    Cosa.objects.using(store).all().delete()


def test_a_number_with_decimals_keeps_them_in_the_file():
    table = table_in(STORES[0])
    assert table.schema.field("tasa").type == pa.decimal128(14, 6)
    assert table.schema.names[0] == "id"
