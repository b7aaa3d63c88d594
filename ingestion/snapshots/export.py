"""Take a snapshot and publish it: readers see the one before, or this one whole."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

import structlog
from django.conf import settings
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext as _

from core.models import auditar
from core.stores import atomic
from ingestion.catalog import catalog, databases
from ingestion.jobs import JobFailed, Running
from ingestion.lake import Lake, lake
from ingestion.models import Job
from ingestion.schema import LakeTable
from ingestion.snapshots.drift import refuse_changed_types
from ingestion.snapshots.integrity import count_references
from ingestion.snapshots.manifest import (
    CURRENT,
    Manifest,
    claim_id,
    current_id,
    load,
    manifest_key,
    moment_of,
)
from ingestion.snapshots.parts import Parts
from ingestion.snapshots.retention import ABANDONED, retire, sweep
from ingestion.snapshots.stores import iso

log = structlog.get_logger()

published = Signal()  # once readers follow a snapshot and its job says so; with its `snapshot_id`


def export(running: Running) -> None:
    """Export the databases that the job names, or all; the others stay as they were published.

    A rerun goes on where the run before was stopped: with its id, with the stores that it had read,
    with what it had published.
    """
    if "rows" in running.job.resultado:
        return  # its last word, before its end
    target, tables = lake(), catalog()
    chosen = chosen_databases(tables, running.job.parametros.get("databases"))
    sweep(target)
    snapshot_id, previous = _claimed(running, target)
    if current_id(target) != snapshot_id:
        _refuse_other(target, previous)
        if target.size(manifest_key(snapshot_id)) is None:
            _take(running, target, tables, snapshot_id, previous, chosen)
        _publish(running, target, snapshot_id, previous)
    manifest = load(target, snapshot_id)
    publish_flat(target, manifest)
    _retire(target)
    catalogued = _catalogued(target, manifest)
    with atomic(Job):
        user_id = running.job.pedido_por_id
        auditar("ingestion", "exportacion", user_id=user_id, snapshot=snapshot_id)
        running.keep(
            snapshot=snapshot_id,
            databases=chosen,
            rows=manifest.rows,
            bytes=manifest.size,
            **catalogued,
        )
    log.info("snapshot_published", snapshot=snapshot_id, rows=manifest.rows)
    published.send_robust(export, snapshot_id=snapshot_id)


def chosen_databases(tables: Sequence[LakeTable], wanted: Sequence[str] | None) -> list[str]:
    """Return the databases to export, or raise JobFailed naming the ones that are not there."""
    known = databases(tables)
    if unknown := sorted(set(wanted or ()) - known.keys()):
        raise JobFailed(
            f"El lago no tiene la base {', '.join(unknown)}: hay {', '.join(sorted(known))}."
        )
    return sorted(wanted or known)


def _claimed(running: Running, target: Lake) -> tuple[str, str | None]:
    """Return the id that is this job's, and the snapshot that was published when it was claimed."""
    kept = running.job.resultado
    if "snapshot" in kept and (
        kept["snapshot"] == current_id(target)
        # What is older may be swept at any time.
        or moment_of(kept["snapshot"]) > timezone.now() - ABANDONED / 2
    ):
        return kept["snapshot"], kept["previous"]
    previous = current_id(target)
    snapshot_id = claim_id(target, timezone.now(), str(running.job.pk))
    running.keep(snapshot=snapshot_id, previous=previous)
    log.info("snapshot_begins", snapshot=snapshot_id)
    return snapshot_id, previous


def _take(
    running: Running,
    target: Lake,
    tables: Sequence[LakeTable],
    snapshot_id: str,
    previous: str | None,
    chosen: Sequence[str],
) -> None:
    """Read the stores, and write the manifest of what was read."""
    carrying = len(chosen) < len(databases(tables))
    published = _published(target, previous, needed=carrying)
    wanted = [table for table in tables if table.dataset.database in chosen]
    refuse_changed_types(wanted, published)
    as_of, taken = Parts(running, target, snapshot_id, wanted, published).read()
    _refuse_skew(as_of)
    if carrying and published is not None:
        kept = {d: m for d, m in published.as_of.items() if d not in chosen}
        as_of |= {database: datetime.fromisoformat(moment) for database, moment in kept.items()}
        taken |= {p: t for p, t in published.tables.items() if p.split("/")[0] in kept}
    manifest = Manifest(
        id=snapshot_id,
        claim=str(running.job.pk),
        code_version=settings.VERSION,
        as_of={database: iso(moment) for database, moment in sorted(as_of.items())},
        skew_seconds=_skew(as_of.values()),
        tables=dict(sorted(taken.items())),
        references=count_references(target, taken),
    )
    running.step(now=True)
    with target.write_once(manifest_key(snapshot_id)) as file:
        file.write(manifest.dumps())


def _published(target: Lake, snapshot_id: str | None, *, needed: bool) -> Manifest | None:
    """Return what is published; a manifest that is broken stops only who needs what it names."""
    try:
        return load(target, snapshot_id) if snapshot_id is not None else None
    except JobFailed as refusal:
        if needed:
            raise
        log.warning("published_manifest_unreadable", reason=str(refusal))
        return None


def _refuse_skew(as_of: Mapping[str, datetime]) -> None:
    apart = _skew(as_of.values())
    if apart > settings.SNAPSHOT_MAX_SKEW:
        raise JobFailed(
            f"Los almacenes se leyeron con {apart:.0f} s de diferencia, y SNAPSHOT_MAX_SKEW "
            f"admite {settings.SNAPSHOT_MAX_SKEW} s."
        )


def _skew(moments: Collection[datetime]) -> float:
    return (max(moments) - min(moments)).total_seconds()


def _publish(running: Running, target: Lake, snapshot_id: str, previous: str | None) -> None:
    running.step(now=True)
    seen = target.read(CURRENT)
    if current_id(target) == previous and target.change(
        CURRENT, snapshot_id.encode(), expected=seen
    ):
        return
    running.step(now=True)
    # A snapshot that was never published tells nobody of itself.
    target.remove(manifest_key(snapshot_id))
    _refuse_other(target, previous)


def _refuse_other(target: Lake, previous: str | None) -> None:
    if current_id(target) != previous:
        raise JobFailed("Otra exportación publicó mientras tanto: esta no se publica.")


def publish_flat(target: Lake, manifest: Manifest) -> None:
    """Bring each CSV that waits beside its Parquet to its flat place, one whole file at a time.

    Those that an export before this one had no time to bring are among them.
    """
    for table in manifest.tables.values():
        waiting = table.waiting_csv
        if target.size(waiting) is None:
            continue
        if current_id(target) != manifest.id:
            return  # who took over brings what is left
        target.copy(waiting, table.csv.key, metadata={"snapshot": waiting.split("/")[1]})
        target.remove(waiting)


def _retire(target: Lake) -> None:
    """Let go of what is past its time; what is published stays so if that fails."""
    try:
        retire(target)
    except (JobFailed, OSError) as failure:
        log.warning("retention_failed", reason=str(failure))


def _catalogued(target: Lake, manifest: Manifest) -> dict[str, str]:
    """Register what is published, which stays so if that fails; return what is to be told of it."""
    # Here: pyiceberg takes 28 MB, and a third of a second, of processes that read a store or serve pages.
    from ingestion.snapshots.iceberg import register

    try:
        register(target, manifest)
    except Exception as failure:  # the catalogue's database, its client, the lake: any of them
        log.warning("snapshot_not_registered", snapshot=manifest.id, reason=type(failure).__name__)
        return {"catalogo": _("El catálogo Iceberg no respondió: se hará con el próximo snapshot.")}
    return {}
