"""Take a backup: it is there once all of it was written and read again."""

from collections.abc import Generator, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pyarrow as pa
import structlog
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from bitacora import relay
from core.models import auditar
from core.stores import store_of
from ingestion.backups.key import make_key
from ingestion.backups.manifest import (
    MANIFEST,
    Backup,
    TableCopy,
    claim_id,
    expires,
    key_of,
    manifest_key,
    table_name,
)
from ingestion.backups.retention import retain, sweep
from ingestion.backups.sealed import Seal
from ingestion.backups.tables import copied_tables
from ingestion.backups.verification import refuse_wrong_bytes
from ingestion.extractors import Reading, reading
from ingestion.jobs import JobFailed, JobStopped, Running
from ingestion.lake import Lake, lake
from ingestion.schema import BITACORA, LakeTable
from ingestion.snapshots.files import Measured

log = structlog.get_logger()


def backup(running: Running) -> None:
    """Copy every column of every store, sealed; then remove the backups whose time has come."""
    target, key, tables = lake(), make_key(), copied_tables()
    sweep(target)
    backup_id = claim_id(target, timezone.now(), key)
    log.info("backup_begins", backup=backup_id)
    taking = _Taking(running, target, Seal(key, backup_id), backup_id)
    running.plan([table.path for table in tables])
    taking.read(tables)
    manifest = taking.manifest()
    refuse_wrong_bytes(target, manifest, list(manifest.tables))
    running.step(now=True)
    with target.write(manifest_key(backup_id)) as file:
        taking.seal.write_text(file, MANIFEST, manifest.dumps())
    auditar("ingestion", "respaldo", user_id=running.job.pedido_por_id, copia=backup_id)
    running.job.resultado = {
        "backup": backup_id,
        "rows": manifest.rows,
        "bytes": manifest.size,
        "expires": expires(backup_id).isoformat(),
        "removed": retain(target),
    }
    log.info("backup_taken", backup=backup_id, rows=manifest.rows)


@dataclass
class _Taking:
    """A backup while it is taken."""

    running: Running
    lake: Lake
    seal: Seal
    id: str
    as_of: dict[str, datetime] = field(default_factory=dict)
    tables: dict[str, TableCopy] = field(default_factory=dict)

    def read(self, tables: Sequence[LakeTable]) -> None:
        """Hold every store at its moment, all of them at once, and write their tables.

        The bitácora comes last: what the stores have as relayed is then among its events.
        """
        relay.run()  # what had piled up: rows of the copy that it has numbered need not be told again
        of_models = [table for table in tables if table.store != BITACORA]
        with ExitStack() as stack:
            stores = dict.fromkeys(table.store for table in of_models)
            held = {alias: self._hold(stack, alias) for alias in stores}
            for table in of_models:
                self._write(table, held[table.store])
            events = self._hold(stack, BITACORA)
            for table in tables:
                if table.store == BITACORA:
                    self._write(table, events)

    def _hold(self, stack: ExitStack, alias: str) -> Reading:
        with _told(alias):
            held = stack.enter_context(reading(alias))
        self.as_of[alias] = held.as_of
        return held

    def _write(self, table: LakeTable, held: Reading) -> None:
        name, rows = table_name(table.path), 0
        with self.lake.write(key_of(self.id, name)) as file:
            measured = Measured(file)
            with (
                self.seal.writing(measured, name, table.schema) as target,
                closing(_rows(held, table)) as batches,
            ):
                for batch in batches:
                    target.write_batch(batch)
                    rows += batch.num_rows
                    self.running.advance(table.path, rows=rows, size=measured.bytes)
        columns = [(found.name, str(found.type)) for found in table.schema]
        self.tables[table.path] = TableCopy(columns, rows, measured.bytes, measured.sha256)
        self.running.advance(table.path, rows=rows, size=measured.bytes, finished=True)

    def manifest(self) -> Backup:
        return Backup(
            id=self.id,
            code_version=settings.VERSION,
            as_of={alias: _iso(moment) for alias, moment in sorted(self.as_of.items())},
            migrations={alias: applied(alias) for alias in connections},
            tables=self.tables,
        )


def _rows(held: Reading, table: LakeTable) -> Generator[pa.RecordBatch]:
    with _told(table.path):
        yield from held.batches(table)


@contextmanager
def _told(what: str) -> Iterator[None]:
    """Say by name what could not be read, whatever its driver raises."""
    try:
        yield
    except (JobFailed, JobStopped, ImproperlyConfigured):
        raise
    except Exception as failure:
        raise JobFailed(f"No se pudo leer {what} para la copia: {failure}.") from failure


def applied(alias: str) -> list[str]:
    """Return the migrations that made the tables of the store, as app.name."""
    known = MigrationRecorder(connections[alias]).applied_migrations()
    return sorted(f"{app}.{name}" for app, name in known if _lives_in(app, alias))


def _lives_in(app: str, alias: str) -> bool:
    try:
        return store_of(app) == alias
    except LookupError:  # an app that is no longer installed
        return False


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
