"""SQLite is read at one moment too: here it is a file, as in production."""

import sqlite3
from contextlib import closing

import pytest
from django.db import connections
from django.utils import timezone

from clientes.models import Usuario
from clientes.tests.factories import UsuarioFactory
from core.datasets import Dataset
from ingestion.extractors import reading
from ingestion.schema import table_of

pytestmark = [
    pytest.mark.django_db(databases="__all__"),
    pytest.mark.skipif(
        connections["clientes"].vendor != "sqlite", reason="clientes is not on SQLite"
    ),
]


@pytest.fixture
def usuarios_file(tmp_path, monkeypatch):
    """The store of clientes as a file of its own, with one usuario in it."""
    path = tmp_path / "clientes.sqlite3"
    UsuarioFactory(username="antes")
    source = connections["clientes"]
    with closing(sqlite3.connect(path)) as target:
        target.execute("PRAGMA journal_mode=WAL")
        schema = source.cursor().execute(
            "SELECT sql FROM sqlite_master WHERE name = 'clientes_usuario'"
        )
        target.execute(schema.fetchone()[0])
        rows = source.cursor().execute("SELECT * FROM clientes_usuario").fetchall()
        places = ", ".join("?" * len(rows[0]))
        target.executemany(f"INSERT INTO clientes_usuario VALUES ({places})", rows)
        target.commit()
    monkeypatch.setitem(source.settings_dict, "NAME", str(path))
    return path


USUARIO = Dataset(
    "mysql", "u", model="clientes.Usuario", columns={"id": "id", "username": "username"}
)


def names(held):
    table = table_of(USUARIO)
    return [row["username"] for b in held.batches(table) for row in b.to_pylist()]


def test_all_tables_are_read_at_the_moment_of_opening(usuarios_file):
    before = timezone.now()
    with reading("clientes") as held:
        assert before <= held.as_of <= timezone.now()
        with closing(sqlite3.connect(usuarios_file)) as writer, writer:
            writer.execute("UPDATE clientes_usuario SET username = 'después'")
        assert names(held) == ["antes"]
        assert names(held) == ["antes"]
    with reading("clientes") as later:
        assert names(later) == ["después"]


def test_a_long_reading_keeps_nobody_from_writing(usuarios_file):
    with reading("clientes"), closing(sqlite3.connect(usuarios_file, timeout=0)) as writer, writer:
        writer.execute("UPDATE clientes_usuario SET username = 'otro'")


def test_the_reading_is_closed_whatever_happens(usuarios_file):
    with pytest.raises(RuntimeError), reading("clientes") as held:
        raise RuntimeError
    assert held.connection.connection is None
    assert Usuario.objects.count() == 1
