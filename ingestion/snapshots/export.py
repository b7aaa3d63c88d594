"""Take a snapshot and publish it: readers see the one before, or this one whole."""

from collections.abc import Collection, Generator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from tempfile import TemporaryFile
from typing import IO

import pyarrow as pa
import structlog
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from core.models import auditar
from ingestion.catalog import catalog, databases
from ingestion.extractors import Reading, reading
from ingestion.jobs import JobFailed, Running
from ingestion.lake import FolderLake, lake
from ingestion.schema import BITACORA, LakeTable
from ingestion.snapshots.files import publish_flat, write_table
from ingestion.snapshots.integrity import count_references
from ingestion.snapshots.manifest import (
    CURRENT,
    Manifest,
    TableEntry,
    claim_id,
    claim_key,
    current,
    current_id,
    ids,
    manifest_key,
    moment_of,
)

ABANDONED = timedelta(days=1)

log = structlog.get_logger()


def export(running: Running) -> None:
    """Export the databases that the job names, or all; the others stay as they were published."""
    target, tables = lake(), catalog()
    chosen = chosen_databases(tables, running.job.parametros.get("databases"))
    sweep(target)
    previous = target.read(CURRENT)
    snapshot_id = claim_id(target, timezone.now(), str(running.job.pk))
    log.info("snapshot_begins", snapshot=snapshot_id, databases=chosen)
    with ExitStack() as aside:
        taking = _Taking(running, target, snapshot_id, aside)
        taking.read([table for table in tables if table.dataset.database in chosen])
        carried = current(target) if len(chosen) < len(databases(tables)) else None
        manifest = taking.manifest(carried, chosen)
        _publish(running, target, manifest, previous)
        publish_flat(target, taking.flat)
    auditar("ingestion", "exportacion", user_id=running.job.pedido_por_id, snapshot=snapshot_id)
    running.job.resultado = {
        "snapshot": snapshot_id,
        "databases": chosen,
        "rows": manifest.rows,
        "bytes": manifest.size,
    }
    log.info("snapshot_published", snapshot=snapshot_id, rows=manifest.rows)


def chosen_databases(tables: Sequence[LakeTable], wanted: Sequence[str] | None) -> list[str]:
    """Return the databases to export, or raise JobFailed naming the ones that are not there."""
    known = databases(tables)
    if unknown := sorted(set(wanted or ()) - known.keys()):
        raise JobFailed(
            f"El lago no tiene la base {', '.join(unknown)}: hay {', '.join(sorted(known))}."
        )
    return sorted(wanted or known)


def sweep(target: FolderLake) -> None:
    """Remove what exports that never got to publish left behind more than a day ago."""
    target.sweep(older_than=ABANDONED)
    oldest = timezone.now() - ABANDONED
    published = current_id(target)
    for found in ids(target):
        if (
            found == published
            or moment_of(found) > oldest
            or target.size(manifest_key(found)) is not None
        ):
            continue
        log.info("snapshot_swept", snapshot=found)
        # The claim goes last: until then nobody else may take the id.
        for key in target.keys(f"snapshots/{found}"):
            if key != claim_key(found):
                target.remove(key)
        target.remove(claim_key(found))


@dataclass
class _Taking:
    """A snapshot while it is taken: what was read and written, and is not yet published."""

    running: Running
    lake: FolderLake
    id: str
    aside: ExitStack
    as_of: dict[str, datetime] = field(default_factory=dict)
    tables: dict[str, TableEntry] = field(default_factory=dict)
    flat: dict[str, IO[bytes]] = field(default_factory=dict)

    def read(self, tables: Sequence[LakeTable]) -> None:
        """Hold every store at its moment, all of them at once, and write their tables."""
        self.running.plan([table.path for table in tables])
        with ExitStack() as stack:
            readings = _open(stack, databases(tables))
            self.as_of = {database: held.as_of for database, held in readings.items()}
            _refuse_skew(self.as_of)
            for table in tables:
                self._write(table, readings[table.dataset.database])

    def _write(self, table: LakeTable, held: Reading) -> None:
        def told(rows: int, size: int) -> None:
            self.running.advance(table.path, rows=rows, size=size)

        told(0, 0)
        # Nameless: whatever happens to the process, nothing of it stays.
        aside = self.aside.enter_context(TemporaryFile(dir=settings.VAR_DIR))  # noqa: SIM115
        with closing(_rows(held, table)) as rows:
            entry = write_table(self.lake, self.id, table, rows, aside=aside, told=told)
        self.tables[table.path] = entry
        self.flat[table.csv_key] = aside
        self.running.advance(table.path, rows=entry.rows, size=entry.size, finished=True)

    def manifest(self, carried: Manifest | None, chosen: Sequence[str]) -> Manifest:
        """Describe what was taken, and beside it what is `carried` over from another snapshot."""
        as_of, tables = dict(self.as_of), dict(self.tables)
        if carried is not None:
            kept = {d: m for d, m in carried.as_of.items() if d not in chosen}
            as_of |= {database: datetime.fromisoformat(moment) for database, moment in kept.items()}
            tables |= {p: t for p, t in carried.tables.items() if p.split("/")[0] in kept}
        return Manifest(
            id=self.id,
            code_version=settings.VERSION,
            as_of={database: _iso(moment) for database, moment in sorted(as_of.items())},
            skew_seconds=_skew(as_of.values()),
            tables=dict(sorted(tables.items())),
            references=count_references(self.lake, tables),
        )


def _open(stack: ExitStack, stores: Mapping[str, str]) -> dict[str, Reading]:
    """Hold the stores, the bitácora first: what its events speak of is then in the others."""
    readings = {}
    for database, store in sorted(stores.items(), key=lambda item: item[1] != BITACORA):
        try:
            readings[database] = stack.enter_context(reading(store))
        except (JobFailed, ImproperlyConfigured):
            raise
        except Exception as failure:
            raise _unreadable(database, store, failure) from failure
    return readings


def _rows(held: Reading, table: LakeTable) -> Generator[pa.RecordBatch]:
    """Yield what the store holds of `table`; whatever its driver raises is said by name."""
    try:
        yield from held.batches(table)
    except JobFailed:
        raise
    except Exception as failure:
        raise _unreadable(table.path, table.store, failure) from failure


def _unreadable(database: str, store: str, failure: Exception) -> JobFailed:
    return JobFailed(
        f"No se pudo leer {database} (almacén {store!r}): {failure}. "
        "Sigue publicado el snapshot anterior."
    )


def _refuse_skew(as_of: Mapping[str, datetime]) -> None:
    apart = _skew(as_of.values())
    if apart > settings.SNAPSHOT_MAX_SKEW:
        raise JobFailed(
            f"Los almacenes se leyeron con {apart:.0f} s de diferencia, y SNAPSHOT_MAX_SKEW "
            f"admite {settings.SNAPSHOT_MAX_SKEW} s."
        )


def _skew(moments: Collection[datetime]) -> float:
    return (max(moments) - min(moments)).total_seconds()


def _publish(
    running: Running, target: FolderLake, manifest: Manifest, previous: bytes | None
) -> None:
    with target.write(manifest_key(manifest.id)) as file:
        file.write(manifest.dumps())
    running.step(now=True)
    if not target.change(CURRENT, manifest.id.encode(), expected=previous):
        raise JobFailed("Otra exportación publicó mientras tanto: esta no se publica.")


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
