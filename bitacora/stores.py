"""Where the bitácora is kept, and what one may ask of it."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cache
from threading import Lock
from typing import Any, Protocol

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from bitacora.sqlite import SQLiteBitacora
from bitacora.tables import EventTable, Row

SQLITE = "sqlite:///"
CASSANDRA = "cassandra://"


class Bitacora(Protocol):
    """Insert-only: an event written twice is there once, and nothing is changed or removed."""

    display_name: str

    def append(self, table: EventTable, rows: Sequence[Row]) -> None:
        """Write the rows, all of them or (when it raises) perhaps some: writing them again is harmless."""

    def read(self, table: EventTable, key: Row, *, limit: int) -> list[dict[str, Any]]:
        """Return the newest rows whose columns equal `key`: the table's partition, or one of its reads."""

    def scan(self, table: EventTable, *, until: datetime) -> Iterator[dict[str, Any]]:
        """Yield each row that happened up to `until`, partition by partition, newest first in each."""

    def setup(self) -> None:
        """Create what is missing; harmless when all is there."""

    def pending(self) -> list[str]:
        """Return the names of what setup() would create."""

    def ping(self) -> None:
        """Raise if it doesn't answer."""


_opening = Lock()


def bitacora() -> Bitacora:
    """Return the bitácora that BITACORA_URL names."""
    return bitacora_at(settings.BITACORA_URL)


def bitacora_at(url: str) -> Bitacora:
    """Return the bitácora at `url`: the same object each time, which keeps what it is linked by."""
    with _opening:
        return _opened(url)


@cache
def _opened(url: str) -> Bitacora:
    if url.startswith(SQLITE):
        return SQLiteBitacora(url.removeprefix(SQLITE))
    if url.startswith(CASSANDRA):
        try:
            # Imported here alone: a bitácora in a SQLite file needs no driver.
            from bitacora.cassandra import CassandraBitacora
        except ImportError:
            raise ImproperlyConfigured(
                "BITACORA_URL: falta el cliente de Cassandra, que instala requirements/servers.txt."
            ) from None
        return CassandraBitacora(url)
    raise ImproperlyConfigured(
        "BITACORA_URL: se espera sqlite:///ruta/al/archivo.sqlite3 o cassandra://servidor:9042/keyspace."
    )
