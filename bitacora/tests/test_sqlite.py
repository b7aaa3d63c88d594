"""What is the SQLite form's alone, and what the tables of both forms declare."""

import sqlite3
import sys
from uuid import uuid4

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from uuid_utils.compat import uuid7

from bitacora.sqlite import SQLiteBitacora
from bitacora.stores import bitacora
from bitacora.tables import PAGOS, TABLES, moment
from bitacora.tests.factories import ALWAYS, payment


@pytest.fixture
def kept(tmp_path):
    kept = SQLiteBitacora(str(tmp_path / "own" / "b.sqlite3"))
    kept.setup()
    return kept


def test_a_scan_brings_the_partitions_in_the_order_of_their_keys(kept):
    ids = [uuid4() for _ in range(3)]
    rows = [
        payment(id=id_, version=version, evento_id=uuid7()) for version in (1, 2, 3) for id_ in ids
    ]
    kept.append(PAGOS, rows)
    found = [(row["id"], row["version"]) for row in kept.scan(PAGOS, until=ALWAYS)]
    assert found == [(id_, version) for id_ in sorted(ids, key=str) for version in (3, 2, 1)]


def test_what_a_file_lacks_is_pending(tmp_path):
    kept = SQLiteBitacora(str(tmp_path / "own" / "b.sqlite3"))
    assert kept.pending() == [table.name for table in TABLES]
    assert not kept.path.parent.exists()
    kept.setup()
    assert kept.pending() == []
    with sqlite3.connect(kept.path) as connection:
        connection.execute("DROP TABLE pagos")
    connection.close()
    assert kept.pending() == ["pagos"]


def test_asking_whether_a_file_answers_does_not_create_it(tmp_path):
    kept = SQLiteBitacora(str(tmp_path / "b.sqlite3"))
    with pytest.raises(sqlite3.OperationalError):
        kept.ping()
    assert not kept.path.exists()
    kept.setup()
    kept.ping()


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_table_names_only_columns_that_it_has(table):
    named = {table.event, *table.partition, *table.order}
    named.update(*table.reads.values())
    assert named <= set(table.columns)
    assert table.event in table.order
    assert table.columns[moment(table)] == "timestamp"


@pytest.mark.parametrize("url", ["mysql://127.0.0.1/x", "", "sqlite://", "cassandra"])
def test_an_address_of_another_kind_is_refused_by_the_name_of_its_variable(settings, url):
    settings.BITACORA_URL = url
    with pytest.raises(ImproperlyConfigured, match="BITACORA_URL"):
        bitacora()


def test_an_installation_without_the_driver_is_told_what_it_lacks(settings, monkeypatch):
    monkeypatch.setitem(sys.modules, "bitacora.cassandra", None)
    settings.BITACORA_URL = "cassandra://servidor/sin_cliente"
    with pytest.raises(ImproperlyConfigured, match=r"BITACORA_URL: .* requirements/servers\.txt"):
        bitacora()


@pytest.mark.django_db(databases="__all__")
def test_migrate_stores_says_what_the_bitacora_lacks(settings, tmp_path):
    settings.BITACORA_URL = f"sqlite:///{tmp_path / 'new.sqlite3'}"
    with pytest.raises(CommandError) as refusal:
        call_command("migrate_stores", check=True)
    assert {f"bitacora: {table.name}" for table in TABLES} <= set(str(refusal.value).splitlines())
    bitacora().setup()
    try:
        call_command("migrate_stores", check=True)
    except CommandError as refusal_of_others:  # a run with --nomigrations leaves the stores without
        assert "bitacora: " not in str(refusal_of_others)
