"""Where the bitácora is kept, and the three things one may ask of it."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Protocol

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from bitacora.sqlite import SQLiteBitacora
from bitacora.tables import EventTable, Row

SQLITE = "sqlite:///"


class Bitacora(Protocol):
    """Insert-only: an event written twice is there once, and nothing is changed or removed."""

    def append(self, table: EventTable, rows: Sequence[Row]) -> None:
        """Write the rows, all of them or (when it raises) perhaps some: writing them again is harmless."""

    def read(self, table: EventTable, key: Row, *, limit: int) -> list[dict[str, Any]]:
        """Return the newest rows whose columns equal `key`: the table's partition, or one of its reads."""

    def scan(self, table: EventTable, *, until: datetime) -> Iterator[dict[str, Any]]:
        """Yield each row that happened up to `until`, partition by partition, newest first in each."""

    def setup(self) -> None:
        """Create what is missing; harmless when all is there."""


def bitacora() -> Bitacora:
    """Return the bitácora that BITACORA_URL names."""
    url: str = settings.BITACORA_URL
    if not url.startswith(SQLITE):
        raise ImproperlyConfigured("BITACORA_URL: se espera sqlite:///ruta/al/archivo.sqlite3.")
    return SQLiteBitacora(url.removeprefix(SQLITE))
