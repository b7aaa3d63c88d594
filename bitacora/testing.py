"""The bitácora of a test: empty when it begins, on a SQLite file or where BITACORA_URL names a Cassandra."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as project

from bitacora.sqlite import SQLiteBitacora
from bitacora.stores import CASSANDRA, SQLITE

URL: str = project.BITACORA_URL  # as the environment has it: read before any test sets its own
ON_CASSANDRA = URL.startswith(CASSANDRA)


@pytest.fixture(scope="session")
def own_keyspace() -> Iterator[Any]:
    """A keyspace of this run's own, dropped at its end."""
    # Imported only here: a run on SQLite needs no driver.
    from bitacora.cassandra.testing import own_keyspace

    with own_keyspace(URL) as keyspace:
        yield keyspace


@pytest.fixture(scope="session")
def new_bitacora(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with its tables, made once: each test begins with a copy."""
    path = tmp_path_factory.mktemp("bitacora") / "vacia.sqlite3"
    SQLiteBitacora(str(path)).setup()
    return path


@pytest.fixture(autouse=True)
def own_bitacora(request: Any, settings: Any, tmp_path: Path) -> Iterator[None]:
    if ON_CASSANDRA:
        keyspace = request.getfixturevalue("own_keyspace")
        settings.BITACORA_URL = keyspace.url
        yield
        keyspace.empty()
    else:
        path = tmp_path / "bitacora.sqlite3"
        shutil.copyfile(request.getfixturevalue("new_bitacora"), path)
        settings.BITACORA_URL = f"{SQLITE}{path}"
        yield
