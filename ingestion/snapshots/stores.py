"""One store of a snapshot: held at one moment, read whole, and asked again where it fails."""

import gc
from collections.abc import Generator, Sequence
from contextlib import ExitStack, closing
from dataclasses import asdict
from datetime import UTC, datetime
from time import sleep
from typing import Any

import pyarrow as pa
import structlog
from django.core.exceptions import ImproperlyConfigured

from ingestion.catalog import catalog
from ingestion.extractors import Reading, reading
from ingestion.jobs import JobFailed, Running
from ingestion.lake import Lake, lake
from ingestion.schema import LakeTable
from ingestion.snapshots.drift import refuse_drift
from ingestion.snapshots.files import write_table
from ingestion.snapshots.manifest import TableEntry, csv_beside, table_folder

PAUSES = (1.0, 2.0)  # seconds before a store that failed is asked again
ANEW = 2  # how many times one run of a part may open its store
PARTS = 1000  # more than a table has files in one attempt

log = structlog.get_logger()


class Unreadable(JobFailed):
    """A store did not answer as it should, which it may do when it is asked again."""

    def __init__(self, what: str, store: str, failure: Exception) -> None:
        super().__init__(
            f"No se pudo leer {what} (almacén {store!r}): {failure}. "
            "Sigue publicado el snapshot anterior."
        )


def lectura(running: Running) -> None:
    """Read the store that the job names, for the export that it is a part of."""
    whole = running.job.de
    if whole is None or not whole.abierto:
        raise JobFailed("La exportación de la que era parte ya había acabado.")
    with ExitStack() as stack:
        StoreRead(running, lake(), stack, catalog()).write()


class StoreRead:
    """A store at one moment, from here until `stack` closes, in the hands of a part of an export."""

    def __init__(
        self, running: Running, target: Lake, stack: ExitStack, tables: Sequence[LakeTable]
    ) -> None:
        self.running, self.lake = running, target
        self.database: str = running.job.parametros["database"]
        self.tables = [table for table in tables if table.dataset.database == self.database]
        self.opened = 0
        running.plan(table.path for table in self.tables)
        self._stack = stack.enter_context(ExitStack())
        self._open()

    def write(self) -> None:
        """Write every table, and leave what was written as the result of the part.

        A table that fails is read again at the same moment; where that fails too, the store is opened
        anew and read whole. No attempt writes over the files of another.
        """
        try:
            entries = self._tables(PAUSES[:1])
        except Unreadable as failure:
            self._pause(PAUSES[1], failure)
            self._stack.close()
            self._open()
            entries = self._tables(())
        self.running.job.resultado = {
            "as_of": iso(self._held.as_of),
            "tables": {path: asdict(entry) for path, entry in entries.items()},
        }
        log.info("store_read", database=self.database, rows=self.running.job.rows)

    @property
    def part(self) -> int:
        """The number of the first file of each table, which is this attempt's alone."""
        return PARTS * (ANEW * (self.running.job.intentos - 1) + self.opened - 1)

    def _open(self) -> None:
        for pause in (*PAUSES, None):
            try:
                refuse_drift(self.tables)
                self._held: Reading = self._stack.enter_context(reading(self.tables[0].store))
                self.opened += 1
                return
            except (JobFailed, ImproperlyConfigured):
                raise
            except Exception as failure:
                told = Unreadable(self.database, self.tables[0].store, failure)
                if pause is None:
                    raise told from failure
                self._pause(pause, told)

    def _tables(self, pauses: Sequence[float]) -> dict[str, TableEntry]:
        return {table.path: self._patiently(table, pauses) for table in self.tables}

    def _patiently(self, table: LakeTable, pauses: Sequence[float]) -> TableEntry:
        for pause in pauses:
            try:
                return self._written(table)
            except Unreadable as failure:
                self._pause(pause, failure)
        return self._written(table)

    def _written(self, table: LakeTable) -> TableEntry:
        def told(rows: int, size: int) -> None:
            self.running.advance(table.path, rows=rows, size=size)

        told(0, 0)
        folder = table_folder(self.running.job.parametros["snapshot"], table.path)
        with (
            self.lake.write_once(csv_beside(folder, self.part)) as flat,
            closing(rows_of(self._held, table)) as rows,
        ):
            entry = write_table(
                self.lake, folder, table, rows, part=self.part, flat=flat, told=told
            )
        self.running.advance(table.path, rows=entry.rows, size=entry.size, finished=True)
        return entry

    def _pause(self, seconds: float, failure: Unreadable) -> None:
        log.warning("store_read_again", database=self.database, failure=str(failure))
        self.running.step(now=True)
        sleep(seconds)


def rows_of(held: Reading, table: LakeTable) -> Generator[pa.RecordBatch]:
    """Yield what the store holds of `table`; whatever its driver raises is said by name."""
    # What was here before is no garbage: looking through it for each batch of Python's objects takes as long as the rest.
    gc.freeze()
    try:
        yield from held.batches(table)
    except JobFailed:
        raise
    except Exception as failure:
        raise Unreadable(table.path, table.store, failure) from failure
    finally:
        gc.unfreeze()


def result(resultado: dict[str, Any]) -> tuple[datetime, dict[str, TableEntry]]:
    """Return the moment and the tables that a part has left as its result."""
    tables = {path: TableEntry.read(table) for path, table in resultado["tables"].items()}
    return datetime.fromisoformat(resultado["as_of"]), tables


def iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
