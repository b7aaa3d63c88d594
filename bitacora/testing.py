"""The bitácora of a test: empty when it begins, on a SQLite file or where BITACORA_URL names a Cassandra."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as project

from bitacora.stores import CASSANDRA, SQLITE, bitacora

URL: str = project.BITACORA_URL  # as the environment has it: read before any test sets its own
ON_CASSANDRA = URL.startswith(CASSANDRA)


@pytest.fixture(scope="session")
def own_keyspace() -> Iterator[Any]:
    """A keyspace of this run's own, dropped at its end."""
    # Imported only here: a run on SQLite needs no driver.
    from bitacora.cassandra.testing import own_keyspace

    with own_keyspace(URL) as keyspace:
        yield keyspace


@pytest.fixture(autouse=True)
def own_bitacora(request: Any, settings: Any, tmp_path: Path) -> Iterator[None]:
    if ON_CASSANDRA:
        keyspace = request.getfixturevalue("own_keyspace")
        settings.BITACORA_URL = keyspace.url
        yield
        keyspace.empty()
    else:
        settings.BITACORA_URL = f"{SQLITE}{tmp_path / 'bitacora.sqlite3'}"
        bitacora().setup()
        yield
