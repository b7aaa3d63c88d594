"""What the bitácora promises, kept in a SQLite file or on Cassandra."""

from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from itertools import count, groupby
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from uuid_utils.compat import uuid7

from bitacora.stores import SQLITE, bitacora, bitacora_at
from bitacora.tables import PAGOS, RECLAMOS, TABLES, TRANSACTION_AUDIT
from bitacora.testing import ON_CASSANDRA
from bitacora.tests.factories import ALWAYS, MOMENT, claim, operation, payment

MADE = {TRANSACTION_AUDIT: operation, RECLAMOS: claim, PAGOS: payment}
MICROSECOND = timedelta(microseconds=1)
each_table = pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
one_fixture_for_all = examples(suppress_health_check=[HealthCheck.function_scoped_fixture])
numbers = count()


@pytest.fixture(params=["sqlite", "cassandra"])
def kept(request, settings, tmp_path):
    """A bitácora with nothing in it."""
    if request.param == "sqlite":
        settings.BITACORA_URL = f"{SQLITE}{tmp_path / 'contract.sqlite3'}"
        bitacora().setup()
        yield bitacora()
    elif ON_CASSANDRA:
        keyspace = request.getfixturevalue("own_keyspace")
        settings.BITACORA_URL = keyspace.url
        yield bitacora()
        keyspace.empty()
    else:
        pytest.skip("BITACORA_URL names no Cassandra")


def everything(kept, table):
    return list(kept.scan(table, until=ALWAYS))


def newest(rows, table):
    return sorted(rows, key=lambda row: [row[name] for name in table.order], reverse=True)


@each_table
def test_what_is_written_is_read_as_it_was(kept, table):
    row = MADE[table]()
    kept.append(table, [row])
    assert everything(kept, table) == [row]
    key = {name: row[name] for name in table.partition}
    (read,) = kept.read(table, key, limit=5)
    assert read == row
    assert list(read) == list(table.columns)
    assert {name: type(value) for name, value in read.items()} == {
        name: type(value) for name, value in row.items()
    }


@each_table
def test_every_column_but_those_of_the_key_may_be_null(kept, table):
    row = MADE[table]()
    needed = {*table.partition, *table.order, "momento"}
    bare = {name: value if name in needed else None for name, value in row.items()}
    kept.append(table, [bare])
    assert everything(kept, table) == [bare]


def test_a_moment_of_another_zone_comes_back_in_utc(kept):
    row = payment(fecha_pago=MOMENT.astimezone(timezone(timedelta(hours=-5))))
    kept.append(PAGOS, [row])
    (found,) = everything(kept, PAGOS)
    assert found == row
    assert found["fecha_pago"].utcoffset() == timedelta(0)


@one_fixture_for_all
@given(
    monto=st.decimals(allow_nan=False, allow_infinity=False),
    text=st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00")),
    moment=st.datetimes(timezones=st.just(UTC)),
    version=st.integers(-(2**63), 2**63 - 1),
    customer=st.uuids(),
)
def test_amounts_times_numbers_and_text_stay_exact(kept, monto, text, moment, version, customer):
    row = payment(
        monto=monto, metodo_pago=text, fecha_pago=moment, version=version, customer_id=customer
    )
    kept.append(PAGOS, [row])
    (found,) = kept.read(PAGOS, {"id": row["id"]}, limit=2)
    assert found == row
    assert found["monto"].as_tuple().exponent == monto.as_tuple().exponent


@pytest.mark.parametrize(
    "text",
    [
        "Ñandú, «póliza»",
        "😀👩‍👩‍👧‍👦",
        "'; DROP TABLE pagos; --",
        "a\nb\u2028c",
        "",
        "x" * 1_000_000,
    ],
)
def test_text_of_every_kind_is_kept(kept, text):
    row = payment(metodo_pago=text)
    kept.append(PAGOS, [row])
    assert everything(kept, PAGOS) == [row]


def test_a_row_too_long_to_go_with_others_goes_too(kept):
    rows = [operation(detalle="á" * 300_000, timestamp=MOMENT + n * MICROSECOND) for n in range(5)]
    kept.append(TRANSACTION_AUDIT, rows)
    assert everything(kept, TRANSACTION_AUDIT) == rows[::-1]


@each_table
def test_an_event_written_twice_is_there_once(kept, table):
    row, other = MADE[table](), MADE[table]()
    kept.append(table, [row, row])
    kept.append(table, [row, other])
    assert len(everything(kept, table)) == 2
    for columns in table.reads.values():
        assert len(kept.read(table, {name: row[name] for name in columns}, limit=9)) == 2


def test_an_event_is_never_changed(kept):
    row = payment()
    kept.append(PAGOS, [row])
    kept.append(PAGOS, [row | {"monto": Decimal("99.99"), "metodo_pago": "cheque"}])
    assert everything(kept, PAGOS) == [row]
    assert kept.read(PAGOS, {"policy_number": "P-1"}, limit=9) == [row]


@pytest.mark.parametrize(("table", "made"), [(PAGOS, payment), (RECLAMOS, claim)])
def test_it_reads_by_policy_by_customer_and_by_id_newest_first(kept, table, made):
    first = made()
    later = first | {"version": 2, "evento_id": uuid7(), "operacion": "modificar"}
    kept.append(table, [later, first, made(policy_number="P-2", customer_id=UUID(int=2))])
    for key in ({"policy_number": "P-1"}, {"customer_id": UUID(int=1)}, {"id": first["id"]}):
        assert kept.read(table, key, limit=10) == [later, first]
        assert kept.read(table, key, limit=1) == [later]
        assert kept.read(table, key, limit=0) == []


def test_events_of_one_millisecond_keep_their_order(kept):
    rows = [operation(timestamp=MOMENT + n * MICROSECOND) for n in range(999)]
    kept.append(TRANSACTION_AUDIT, rows[::2])
    kept.append(TRANSACTION_AUDIT, rows[1::2])
    assert kept.read(TRANSACTION_AUDIT, {"dia": "2026-11-22"}, limit=1000) == rows[::-1]


def test_what_has_no_policy_is_found_by_what_it_has(kept):
    row = payment(policy_number=None)
    kept.append(PAGOS, [row, payment(customer_id=None)])
    assert kept.read(PAGOS, {"customer_id": UUID(int=1)}, limit=5) == [row]
    assert kept.read(PAGOS, {"policy_number": None}, limit=5) == []
    assert len(everything(kept, PAGOS)) == 2


@pytest.mark.parametrize(
    "key", [{"metodo_pago": "efectivo"}, {}, {"id": uuid4(), "policy_number": "P-1"}]
)
def test_it_refuses_a_read_that_its_tables_are_not_made_for(kept, key):
    with pytest.raises(ValueError, match=f"pagos is not read by {', '.join(key)}"):
        kept.read(PAGOS, key, limit=1)


def test_who_is_not_there_has_no_events(kept):
    kept.append(PAGOS, [payment()])
    assert kept.read(PAGOS, {"policy_number": "P-9"}, limit=5) == []
    assert kept.read(PAGOS, {"id": uuid4()}, limit=5) == []


@each_table
def test_a_scan_stops_at_its_moment(kept, table):
    name = next(name for name, kind in table.columns.items() if kind == "timestamp")
    before, after = MADE[table](), MADE[table](**{name: MOMENT + MICROSECOND})
    kept.append(table, [before, after])
    assert list(kept.scan(table, until=MOMENT)) == [before]
    assert list(kept.scan(table, until=MOMENT - MICROSECOND)) == []
    assert len(list(kept.scan(table, until=MOMENT + MICROSECOND))) == 2


def test_a_scan_brings_the_events_of_a_partition_together_newest_first(kept):
    ids = [uuid4() for _ in range(200)]
    kept.append(PAGOS, [payment(id=id_, version=v) for v in (2, 1, 3) for id_ in ids])
    found = [
        (id_, [row["version"] for row in rows])
        for id_, rows in groupby(everything(kept, PAGOS), key=lambda row: row["id"])
    ]
    assert dict(found) == {id_: [3, 2, 1] for id_ in ids}
    assert len(found) == len(ids)


def test_a_day_of_25000_operations_is_scanned_whole(kept):
    rows = [operation(timestamp=MOMENT + n * MICROSECOND) for n in range(25_000)]
    rows += [operation(dia=f"2026-10-{day:02}", timestamp=MOMENT) for day in range(1, 31)]
    for start in range(0, len(rows), 1000):
        kept.append(TRANSACTION_AUDIT, rows[start : start + 1000])
    found = everything(kept, TRANSACTION_AUDIT)
    assert len(found) == len(rows)
    assert [row for row in found if row["dia"] == "2026-11-22"] == rows[24_999::-1]
    read = kept.read(TRANSACTION_AUDIT, {"dia": "2026-11-22"}, limit=12_000)
    assert read == rows[24_999:12_999:-1]


def test_a_scan_may_be_left_halfway(kept):
    kept.append(PAGOS, [payment() for _ in range(50)])
    scan = kept.scan(PAGOS, until=ALWAYS)
    next(scan)
    scan.close()
    assert len(everything(kept, PAGOS)) == 50


def test_two_who_append_the_same_at_once_leave_it_once(kept):
    rows = [payment(version=n) for n in range(400)]
    with ThreadPoolExecutor(4) as pool:
        halves = [rows[:300], rows[100:], rows[:300], rows[::-1]]
        list(pool.map(lambda half: kept.append(PAGOS, half), halves))
    assert sorted(row["version"] for row in everything(kept, PAGOS)) == list(range(400))


@each_table
def test_an_empty_append_is_harmless(kept, table):
    kept.append(table, [])
    assert everything(kept, table) == []


def test_setting_it_up_again_keeps_what_is_there(kept):
    kept.append(PAGOS, [payment()])
    assert kept.pending() == []
    kept.setup()
    assert kept.pending() == []
    assert len(everything(kept, PAGOS)) == 1


def test_it_answers_when_asked(kept):
    kept.ping()
    assert kept.display_name in ("SQLite", "Cassandra")


def test_one_address_is_one_object(kept, settings):
    assert bitacora() is bitacora() is bitacora_at(settings.BITACORA_URL)


@one_fixture_for_all
@given(
    told=st.lists(
        st.tuples(
            st.integers(0, 3),
            st.integers(1, 5),
            st.sampled_from([None, "P-1", "P-2"]),
            st.sampled_from([None, 1, 2]),
        ),
        max_size=30,
    ),
    again=st.lists(st.integers(0, 29), max_size=10),
    cut=st.integers(0, 30),
)
def test_whatever_is_appended_each_read_finds_its_own(kept, told, again, cut):
    number = next(numbers)  # what an example before this one wrote is still there
    ids = [uuid4() for _ in range(4)]
    rows = [
        payment(
            id=ids[which],
            version=version,
            policy_number=policy and f"{number}-{policy}",
            customer_id=customer and UUID(int=number * 3 + customer),
        )
        for which, version, policy, customer in told
    ]
    repeated = [rows[place] for place in again if place < len(rows)]
    kept.append(PAGOS, rows[:cut])
    kept.append(PAGOS, rows[cut:] + repeated)
    by_key = defaultdict(list)
    for row in rows:
        for name in ("id", "policy_number", "customer_id"):
            if row[name] is not None:
                by_key[name, row[name]].append(row)
    for (name, value), own in by_key.items():
        assert kept.read(PAGOS, {name: value}, limit=100) == newest(own, PAGOS)
        assert kept.read(PAGOS, {name: value}, limit=2) == newest(own, PAGOS)[:2]
    scanned = [row for row in everything(kept, PAGOS) if row["id"] in ids]
    assert len(scanned) == len(rows)


def test_the_last_moments_of_the_calendar_are_kept(kept):
    moments = [datetime.min.replace(tzinfo=UTC), ALWAYS]
    rows = [payment(momento=moment, fecha_pago=moment) for moment in moments]
    kept.append(PAGOS, rows)
    assert {row["momento"] for row in everything(kept, PAGOS)} == {*moments}
