"""A server is read at one moment, by a connection that is nobody else's."""

from contextlib import closing, contextmanager
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from ingestion.extractors import reading
from ingestion.extractors.batches import ROWS
from ingestion.tests.cosas import STORES, Cosa, key, places, read, table_with, write

TABLE = table_with("id", "texto")


def committing_in(*stores):
    return pytest.mark.django_db(transaction=True, databases=stores)


# The servers that hold a moment for whoever reads; SQLite's are in memory, where nobody else comes.
SERVERS = [store for store in STORES if connections[store].vendor in ("mysql", "postgresql")]
ENGINES = {connections[store].vendor: store for store in STORES}


@contextmanager
def written(store):
    """Two cosas, committed."""
    with places([store]):
        write(store, Cosa(id=key(1), texto="antes"), Cosa(id=key(2), texto="antes"))
        yield


@pytest.fixture(params=[pytest.param(store, marks=committing_in(store)) for store in STORES])
def store(request, transactional_db):
    with written(request.param):
        yield request.param


@pytest.fixture(params=[pytest.param(store, marks=committing_in(store)) for store in SERVERS])
def server(request, transactional_db):
    with written(request.param):
        yield request.param


def texts(held):
    return [row["texto"] for row in read(held, TABLE).to_pylist()]


def change(store, texto):
    Cosa.objects.using(store).update(texto=texto)
    write(store, Cosa(id=key(3), texto=texto))


def test_what_is_written_meanwhile_is_not_seen(server):
    with reading(server) as held:
        change(server, "después")
        assert texts(held) == ["antes", "antes"]
        Cosa.objects.using(server).all().delete()
        assert texts(held) == ["antes", "antes"]
    with reading(server) as later:
        assert texts(later) == []


def test_what_is_written_between_two_batches_is_not_seen(server, monkeypatch):
    monkeypatch.setattr(f"ingestion.extractors.{connections[server].vendor}.ROWS", 1)
    with reading(server) as held, closing(held.batches(TABLE)) as batches:
        found = [next(batches).to_pylist()]
        change(server, "después")
        found += [batch.to_pylist() for batch in batches]
    assert [row["texto"] for [row] in found] == ["antes", "antes"]


def test_what_nobody_has_committed_is_not_seen(server, monkeypatch):
    with other_connection(server) as other:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute("UPDATE cosas SET texto = 'quizá'")
        with reading(server) as held:
            assert texts(held) == ["antes", "antes"]
            other.rollback()


@contextmanager
def other_connection(store):
    other = connections[store].copy()
    other.settings_dict["OPTIONS"].pop("pool", None)
    with closing(other):
        yield other


def test_the_moment_is_said_in_the_zone_of_the_lake(store):
    # What a server's clock says to the millisecond may be a little before.
    before = timezone.now() - timedelta(milliseconds=1)
    with reading(store) as held:
        after = timezone.now()
        assert before <= held.as_of <= after
        assert held.as_of.utcoffset() == timedelta(0)


def test_a_long_reading_keeps_nobody_from_writing(server):
    with reading(server) as held:
        assert texts(held) == ["antes", "antes"]
        change(server, "después")
        assert Cosa.objects.using(server).filter(texto="después").count() == 3


def test_nothing_is_written_through_a_reading(server):
    from django.db import Error

    with (
        reading(server) as held,
        pytest.raises(Error, match=r"(?i)read.only"),
        held.connection.cursor() as cursor,
    ):
        cursor.execute("DELETE FROM cosas")
    assert Cosa.objects.using(server).count() == 2


def test_the_connection_is_its_own_and_closed_whatever_happens(server):
    with pytest.raises(RuntimeError), reading(server) as held:
        assert held.connection is not connections[server]
        assert held.connection.connection is not connections[server].connection
        raise RuntimeError
    assert held.connection.connection is None
    assert Cosa.objects.using(server).count() == 2


def test_a_reading_left_halfway_through_a_long_table_is_closed(server, monkeypatch):
    monkeypatch.setattr(f"ingestion.extractors.{connections[server].vendor}.ROWS", 1)
    write(server, *(Cosa(id=key(n), texto="x" * 1000) for n in range(10, 3000)))
    with (
        pytest.raises(RuntimeError),
        reading(server) as held,
        closing(held.batches(TABLE)) as batches,
    ):
        next(batches)
        raise RuntimeError
    assert held.connection.connection is None
    assert Cosa.objects.using(server).count() == 2992


def test_two_readings_are_two_moments(server):
    with reading(server) as first:
        change(server, "después")
        with reading(server) as second:
            assert texts(first) == ["antes", "antes"]
            assert texts(second) == ["después"] * 3
            assert first.as_of < second.as_of


# What each engine is told.


def only(vendor):
    """A test that asks the one store of an engine, where there is one."""
    there = pytest.mark.skipif(vendor not in ENGINES, reason=f"no store is on {vendor}")
    return lambda test: there(committing_in(ENGINES.get(vendor, "default"))(test))


@only("postgresql")
def test_no_limit_of_time_ends_a_reading_of_postgresql():
    with reading(ENGINES["postgresql"]) as held, held.connection.cursor() as cursor:
        said = []
        for name in (
            "statement_timeout",
            "idle_in_transaction_session_timeout",
            "transaction_isolation",
        ):
            cursor.execute(f"SHOW {name}")
            said += cursor.fetchone()
    assert said == ["0", "0", "repeatable read"]


@contextmanager
def copied(query):
    """The lines that PostgreSQL copies out, as they are taken."""
    from ingestion.extractors.postgresql import lines_of, own

    with (
        own(ENGINES["postgresql"]) as connection,
        connection.cursor() as cursor,
        cursor.copy(f"COPY ({query}) TO STDOUT (FORMAT csv)") as copy,
    ):
        yield lines_of(copy.connection)


@only("postgresql")
@pytest.mark.parametrize("rows", [0, 1, ROWS - 1, ROWS, ROWS + 1, 2 * ROWS])
def test_every_row_is_taken_once_and_so_many_at_a_time(rows):
    with copied(f"SELECT n FROM generate_series(1, {rows}) n ORDER BY n") as blocks:
        taken = [bytes(block).splitlines() for block in blocks]
    assert [int(line) for block in taken for line in block] == list(range(1, rows + 1))
    assert all(len(block) == ROWS for block in taken[:-1])


@only("postgresql")
def test_what_fails_in_the_middle_of_a_copy_is_raised():
    from psycopg.errors import DivisionByZero

    failing = f"SELECT 1 / ({ROWS + 9} - n) FROM generate_series(1, {3 * ROWS}) n"
    taken = []
    with pytest.raises(DivisionByZero), copied(failing) as blocks:
        taken.extend(blocks)
    assert len(taken) == 1


@only("mysql")
def test_a_uuid_of_digits_alone_gets_its_dashes():
    from ingestion.extractors.mysql import dashed

    said = dashed("'0123456789abcdef0123456789abcdef'")
    with connections[ENGINES["mysql"]].cursor() as cursor:
        cursor.execute(f"SELECT {said}, {dashed('NULL')}")
        assert cursor.fetchone() == ("01234567-89ab-cdef-0123-456789abcdef", None)


@only("mongodb")
@pytest.mark.parametrize("replicated", [True, False])
def test_a_mongodb_is_held_at_one_moment_where_it_can_be(monkeypatch, replicated):
    connection = connections[ENGINES["mongodb"]]
    client = connection.database.client
    start, sessions = client.start_session, []

    def start_session(**options):
        sessions.append(options)
        return start()

    monkeypatch.setattr(connection, "has_own_transactions", lambda: replicated)
    monkeypatch.setattr(client, "start_session", start_session)
    with written(connection.alias), reading(connection.alias) as held:
        assert texts(held) == ["antes", "antes"]
    assert sessions == ([{"snapshot": True}] if replicated else [])
