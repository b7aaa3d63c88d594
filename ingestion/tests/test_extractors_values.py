"""The same rows give the same Arrow, whatever engine they are read from."""

import json
from contextlib import closing
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pyarrow as pa
import pytest
from django.db import connections
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.backends.sqlite3.base import DatabaseWrapper
from ingestion.extractors import reading
from ingestion.extractors.sqlite import SQLiteReading
from ingestion.jobs import JobFailed
from ingestion.tests.cosas import PATHS, STORES, Cosa, key, places, read, table_with, write

pytestmark = pytest.mark.django_db(databases="__all__")

TABLE = table_with(*PATHS, "otra__texto", "otra__otra__monto", "otra__otra__id", "otra__sí")


@pytest.fixture(scope="module", autouse=True)
def collections(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), places(STORES):
        yield


def store_param(store):
    """PostgreSQL is read by connections of their own, which see what is committed alone."""
    committing = pytest.mark.django_db(transaction=True, databases="__all__")
    return pytest.param(
        store, marks=committing if connections[store].vendor == "postgresql" else ()
    )


@pytest.fixture(params=map(store_param, STORES))
def store(request):
    yield request.param
    if connections[request.param].vendor == "postgresql":
        Cosa.objects.using(request.param).all().delete()


def rows_of(store, *paths):
    table = table_with(*paths) if paths else TABLE
    with reading(store) as held:
        return read(held, table).to_pylist()


def values_of(store, path, *values):
    """Return what the lake gets of `values`, written in as many rows."""
    write(store, *(Cosa(id=key(n), **{path: value}) for n, value in enumerate(values)))
    return [row[path] for row in rows_of(store, path)]


TEXTS = (
    "",
    " ",
    "  con espacios  ",
    None,
    "NULL",
    "null",
    r"\N",
    r"\.",
    "\\",
    "\\.\n",
    '"',
    '""',
    "'",
    "a,b;c\td",
    "una\nlínea\r\ny otra\r",
    "\n",
    "Ñandú José",
    "N\u0303andu\u0301",
    "\U0001f600\U0001f1f5\U0001f1ea",
    "\u2028\u2029\u0085\ufeff\u200f",
    "\x01\x1a\x1f\x7f",
    "%s %(x)s {} $x",
    "true",
    "t",
    "0012",
    "1e5",
    "2026-01-01",
)


def test_texts_arrive_as_they_are(store):
    assert values_of(store, "texto", *TEXTS) == [*TEXTS]


def test_a_column_alone_may_be_null_in_any_row(store):
    assert values_of(store, "texto", None, "", None, "a", None) == [None, "", None, "a", None]


def test_a_column_may_be_null_in_all_rows(store):
    write(store, Cosa(id=key(1)), Cosa(id=key(2)))
    empty = dict.fromkeys(TABLE.schema.names)
    assert rows_of(store) == [empty | {"id": str(key(1))}, empty | {"id": str(key(2))}]


def test_a_text_of_a_million_letters_arrives_whole(store):
    long = 'ñ\n",' * 250_000
    assert values_of(store, "texto", "corto", long, None) == ["corto", long, None]


def test_amounts_arrive_exact(store):
    amounts = [
        Decimal(written)
        for written in ("999999999999.99", "-999999999999.99", "0.00", "0.01", "-0.01", "1000.00")
    ]
    found = values_of(store, "monto", *amounts, None)
    assert found == [*amounts, None]
    assert {str(value) for value in found if value is not None} == {str(a) for a in amounts}


def test_rates_keep_their_six_decimals(store):
    rates = [Decimal("0.000001"), Decimal("-99999999.999999"), Decimal("0.100000")]
    assert values_of(store, "tasa", *rates) == rates


def test_integers_arrive_whole(store):
    integers = [2**63 - 1, -(2**63), 2**53 + 1, 0, -1, None]
    assert values_of(store, "entero", *integers) == integers


def test_yes_no_and_nothing_are_three_things(store):
    assert values_of(store, "sí", True, False, None) == [True, False, None]


def test_days_of_any_year_arrive(store):
    days = [date(1, 1, 1), date(1582, 10, 10), date(1970, 1, 1), date(9999, 12, 31), None]
    assert values_of(store, "dia", *days) == days


def test_moments_keep_what_the_engine_keeps_of_them(store):
    moments = [
        datetime(1, 1, 1, tzinfo=UTC),
        datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
        datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC),
        datetime(2026, 3, 29, 2, 30, tzinfo=UTC),  # an hour that Madrid hasn't
        datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
    ]
    write(store, *(Cosa(id=key(n), momento=moment) for n, moment in enumerate(moments)))
    kept = [row.momento for row in Cosa.objects.using(store).order_by("id")]
    assert [row["momento"] for row in rows_of(store)] == kept
    if connections[store].vendor != "mongodb":  # which keeps milliseconds
        assert kept == moments


DOCUMENTS = (
    {},
    [],
    {"a": [1, 2.5, None, True, 'é\n"\u2028\U0001f600'], "b": {"c": {"d": []}}},
    {"vacío": "", "nulo": None, "grande": 2**53 + 1},
    [{"a": 1}, "b", 3],
)


def test_documents_arrive_as_json(store):
    found = values_of(store, "datos", *DOCUMENTS, None)
    assert [value and json.loads(value) for value in found] == [*DOCUMENTS, None]


def test_keys_arrive_in_the_one_form_that_a_uuid_has(store):
    first, second = (
        UUID("00000000-0000-7000-8000-00000000000a"),
        UUID("ffffffff-ffff-ffff-ffff-ffffffffffff"),
    )
    write(store, Cosa(id=first), Cosa(id=second, otra_id=first))
    [one, other] = rows_of(store)
    assert (one["id"], one["otra"]) == (str(first), None)
    assert (other["id"], other["otra"]) == (str(second), str(first))


def test_what_a_reference_leads_to_is_beside_it(store):
    write(
        store,
        Cosa(id=key(1), monto=Decimal("1.10")),
        Cosa(id=key(2), otra_id=key(1), texto="dos", sí=True),
        Cosa(id=key(3), otra_id=key(2)),
        Cosa(id=key(4), otra_id=key(9)),
    )
    crossed = ("otra__texto", "otra__sí", "otra__otra__id", "otra__otra__monto")
    found = [tuple(row[path] for path in crossed) for row in rows_of(store)]
    assert found == [
        (None, None, None, None),
        (None, None, None, None),
        ("dos", True, str(key(1)), Decimal("1.10")),
        (None, None, None, None),  # it points at nothing: the row is there all the same
    ]


def test_rows_come_by_key_whatever_the_order_of_writing(store):
    write(store, *(Cosa(id=key(n)) for n in (3, 1, 2, 2**127, 10)))
    assert [row["id"] for row in rows_of(store)] == [str(key(n)) for n in (1, 2, 3, 10, 2**127)]


def test_batches_are_held_one_at_a_time(store, monkeypatch):
    monkeypatch.setattr(f"ingestion.extractors.{connections[store].vendor}.ROWS", 3)
    write(store, *(Cosa(id=key(n), texto=f"{n}\n", datos=[n]) for n in range(8)))
    with reading(store) as held:
        batches = list(held.batches(TABLE))
    assert [batch.num_rows for batch in batches] == [3, 3, 2]
    texts = [row["texto"] for batch in batches for row in batch.to_pylist()]
    assert texts == [f"{n}\n" for n in range(8)]


@pytest.mark.parametrize("rows", range(8))
def test_where_ranges_of_the_key_end_no_row_is_lost_nor_comes_twice(store, monkeypatch, rows):
    # Those who read no ranges have all the same to give each row once.
    monkeypatch.setattr(f"ingestion.extractors.{connections[store].vendor}.RANGE", 3, raising=False)
    write(store, *(Cosa(id=key(n)) for n in range(rows)))
    assert [row["id"] for row in rows_of(store)] == [str(key(n)) for n in range(rows)]


def test_a_table_without_rows_gives_none(store):
    assert rows_of(store) == []


def test_a_table_may_be_read_again(store):
    write(store, *(Cosa(id=key(n)) for n in range(9)))
    with reading(store) as held:
        assert [read(held, TABLE).num_rows for _ in range(2)] == [9, 9]


def test_a_reading_may_end_before_its_tables_do(store, monkeypatch):
    monkeypatch.setattr(f"ingestion.extractors.{connections[store].vendor}.ROWS", 2)
    write(store, *(Cosa(id=key(n)) for n in range(9)))
    with (
        pytest.raises(RuntimeError),
        reading(store) as held,
        closing(held.batches(TABLE)) as half,
    ):
        assert next(half).num_rows == 2
        raise RuntimeError
    assert Cosa.objects.using(store).count() == 9


# What the lake doesn't expect.

NOT_EXPECTED = {"texto": "un secreto", "monto": Decimal("12345.67"), "datos": {"un": "secreto"}}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("texto", pa.int64()),
        ("texto", pa.date32()),
        ("monto", pa.decimal128(4, 1)),
        ("datos", pa.bool_()),
    ],
)
def test_a_value_that_does_not_fit_is_told_by_its_column(store, path, expected):
    table = table_with(*PATHS)
    [wrong] = [column for column in table.columns if column.name == path]
    object.__setattr__(wrong, "raw", expected)
    write(store, Cosa(id=key(1), **NOT_EXPECTED))
    with pytest.raises(JobFailed) as refusal, reading(store) as held:
        read(held, table)
    assert str(refusal.value).startswith(f"mysql/cosas: un valor de {path} no es {expected}")
    assert "secreto" not in str(refusal.value) and "12345" not in str(refusal.value)
    assert refusal.value.__cause__ is None


# Any rows.


def texts():
    return st.text(st.characters(exclude_characters="\x00", codec="utf-8"), max_size=30)


def documents():
    leaves = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | texts()
    keys = st.text(st.sampled_from("abñ 1"), min_size=1, max_size=4)
    nested = st.recursive(
        leaves | st.floats(-1e9, 1e9, allow_subnormal=False),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
        max_leaves=6,
    )
    return st.lists(nested, max_size=3) | st.dictionaries(keys, nested, max_size=3)


def moments():
    # Of a millisecond, which every engine keeps.
    found = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC))
    return found.map(lambda moment: moment.replace(microsecond=moment.microsecond // 1000 * 1000))


def keys():
    # Of version 7, as all of ours: MariaDB puts those of others in another order, or refuses them.
    version, variant = 7 << 76, 2 << 62
    bits = ~(0xF << 76 | 3 << 62) & (1 << 128) - 1
    return st.integers(0, 2**128 - 1).map(lambda n: UUID(int=n & bits | version | variant))


ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "id": keys(),
            "otra_id": st.none() | keys(),
            "texto": st.none() | texts(),
            "entero": st.none() | st.integers(-(2**63), 2**63 - 1),
            "monto": st.none() | st.decimals("-999999999999.99", "999999999999.99", places=2),
            "tasa": st.none() | st.decimals("-99999999", "99999999", places=6),
            "sí": st.none() | st.booleans(),
            "dia": st.none() | st.dates(),
            "momento": st.none() | moments(),
            "datos": st.none() | documents(),
        }
    ),
    max_size=6,
    unique_by=lambda row: row["id"],
)


@pytest.fixture
def mirror():
    """A SQLite of its own with a place for cosas."""
    config = connections["default"].settings_dict
    config = config | {"NAME": ":memory:", "OPTIONS": {}, "ENGINE": "core.backends.sqlite3"}
    with closing(DatabaseWrapper(config, "espejo")) as connection:
        with connection.schema_editor(atomic=False) as editor:
            editor.create_model(Cosa)
        yield connection


def reflect(mirror, rows):
    fields = Cosa._meta.concrete_fields
    places = ", ".join(["%s"] * len(fields))
    with mirror.cursor() as cursor:
        cursor.execute("DELETE FROM cosas")
        for row in rows:
            values = [f.get_db_prep_save(getattr(row, f.attname), mirror) for f in fields]
            cursor.execute(f"INSERT INTO cosas VALUES ({places})", values)


def told(table):
    """Return the rows with their documents as what they say: engines write the same one differently."""
    return [row | {"datos": row["datos"] and json.loads(row["datos"])} for row in table.to_pylist()]


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(written=ROWS)
def test_any_rows_give_the_arrow_that_sqlite_gives(store, mirror, written):
    rows = [Cosa(**values) for values in written]
    Cosa.objects.using(store).all().delete()
    write(store, *rows)
    reflect(mirror, rows)
    with reading(store) as held:
        found = read(held, TABLE)
    expected = read(SQLiteReading(mirror, timezone.now()), TABLE)
    assert found.schema == expected.schema
    assert told(found) == told(expected)
