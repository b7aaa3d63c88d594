"""How each kind of store is read: one consistent moment, in batches, without the ORM."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

import pyarrow as pa
from django.core.exceptions import ImproperlyConfigured
from django.db import connections

from ingestion.extractors import bitacora, sqlite
from ingestion.schema import BITACORA, LakeTable


class Reading(Protocol):
    """A store as it was at one moment, for as long as it is held open."""

    @property
    def as_of(self) -> datetime: ...

    def batches(self, table: LakeTable) -> Iterator[pa.RecordBatch]:
        """Yield the rows of `table`, treated as the lake has them."""


BY_VENDOR: Mapping[str, Callable[[str], AbstractContextManager[Reading]]] = {
    "sqlite": sqlite.reading,
}


def reading(store: str) -> AbstractContextManager[Reading]:
    """Hold `store` at one moment; events are cut there instead."""
    if store == BITACORA:
        return bitacora.reading()
    vendor = connections[store].vendor
    if vendor not in BY_VENDOR:
        raise ImproperlyConfigured(f"{store}: no se sabe exportar un almacén {vendor}.")
    return BY_VENDOR[vendor](store)
