"""How each kind of store is read: one consistent moment, in batches, without the ORM."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from importlib import import_module
from typing import Protocol

import pyarrow as pa
from django.core.exceptions import ImproperlyConfigured
from django.db import connections

from ingestion.extractors import bitacora
from ingestion.schema import BITACORA, LakeTable


class Reading(Protocol):
    """A store as it was at one moment, for as long as it is held open."""

    @property
    def as_of(self) -> datetime: ...

    def batches(self, table: LakeTable) -> Iterator[pa.RecordBatch]:
        """Yield the rows of `table`, treated as the lake has them.

        Who stops before the end closes the generator before the reading: its connection waits for it.
        """


VENDORS = ("sqlite", "postgresql", "mysql", "mongodb")


def reading(store: str) -> AbstractContextManager[Reading]:
    """Hold `store` at one moment; events are cut there instead."""
    if store == BITACORA:
        return bitacora.reading()
    vendor = connections[store].vendor
    if vendor not in VENDORS:
        raise ImproperlyConfigured(f"{store}: no se sabe exportar un almacén {vendor}.")
    # One module a vendor: those of no store of this installation may lack their driver.
    held: AbstractContextManager[Reading] = import_module(f"{__name__}.{vendor}").reading(store)
    return held
