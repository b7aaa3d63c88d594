"""What leaves the lake and what stays: the abandoned, the old, and what somebody holds by name."""

from collections.abc import Collection, Iterator
from datetime import timedelta
from itertools import groupby

import structlog
from django.conf import settings
from django.utils import timezone

from ingestion.jobs import JobFailed
from ingestion.lake import Lake
from ingestion.snapshots.manifest import (
    FOLDER,
    ID,
    claim_key,
    complete_ids,
    current_id,
    hold_key,
    load,
    manifest_key,
    moment_of,
)

ABANDONED = timedelta(days=1)

log = structlog.get_logger()


def sweep(lake: Lake) -> None:
    """Remove what belongs to no snapshot and is more than a day old.

    That is what exports that never got to publish left, files of attempts that others took over from,
    and files of snapshots that are gone, once no other names them.
    """
    lake.sweep(older_than=ABANDONED)
    try:
        named = _named_files(lake)
    except JobFailed as refusal:
        # What a manifest that can't be read names is not known: everything stays.
        log.warning("lake_not_swept", reason=str(refusal))
        return
    oldest, published = timezone.now() - ABANDONED, current_id(lake)
    for snapshot_id, keys in _by_snapshot(lake):
        whole = manifest_key(snapshot_id) in keys
        if moment_of(snapshot_id) > oldest or (snapshot_id == published and not whole):
            continue
        _remove(lake, snapshot_id, [key for key in keys if key not in named], whole=whole)


def retire(lake: Lake) -> list[str]:
    """Remove the snapshots that are past their time, and return their ids.

    Kept are the published one, those that are held, and of the others the newest SNAPSHOT_KEEP, no
    older than SNAPSHOT_KEEP_DAYS; files that one of those names stay too. A manifest goes before its
    files: none ever names what is not there.
    """
    published = current_id(lake)
    old = timezone.now() - timedelta(days=settings.SNAPSHOT_KEEP_DAYS)
    gone = [
        found
        for place, found in enumerate(complete_ids(lake))
        if (place >= settings.SNAPSHOT_KEEP or moment_of(found) < old)
        and found != published
        and lake.size(hold_key(found)) is None
    ]
    for snapshot_id in gone:
        lake.remove(manifest_key(snapshot_id))
        log.info("snapshot_retired", snapshot=snapshot_id)
    if gone:
        named = _named_files(lake)
        for snapshot_id in gone:
            keys = [key for key in lake.keys(f"{FOLDER}/{snapshot_id}") if key not in named]
            _remove(lake, snapshot_id, keys, whole=False)
    return gone


def _remove(lake: Lake, snapshot_id: str, keys: Collection[str], *, whole: bool) -> None:
    """Remove `keys` of a snapshot; a `whole` one keeps what tells of it."""
    telling = {manifest_key(snapshot_id), hold_key(snapshot_id), claim_key(snapshot_id)}
    doomed = [key for key in keys if key not in telling]
    for key in doomed:
        lake.remove(key)
    if whole:
        return
    # The claim goes last, when nothing is left: until then nobody else may take the id.
    lake.remove(hold_key(snapshot_id))
    if lake.keys(f"{FOLDER}/{snapshot_id}") == [claim_key(snapshot_id)]:
        lake.remove(claim_key(snapshot_id))
        log.info("snapshot_swept", snapshot=snapshot_id, files=len(doomed))


def _named_files(lake: Lake) -> set[str]:
    """Return the files that the manifests name, or raise JobFailed where one can't be read."""
    named, published = set(), current_id(lake)
    for snapshot_id in complete_ids(lake):
        for table in load(lake, snapshot_id).tables.values():
            named |= {file.key for file in table.files}
            if snapshot_id == published:
                named.add(table.waiting_csv)
    return named


def _by_snapshot(lake: Lake) -> Iterator[tuple[str, list[str]]]:
    for name, keys in groupby(lake.keys(FOLDER), key=lambda key: key.split("/")[1]):
        if ID.fullmatch(name):
            yield name, list(keys)


# Held by name.


def hold(lake: Lake, snapshot_id: str, name: str) -> None:
    """Keep the snapshot for as long as it is held, under a name that says what for."""
    load(lake, snapshot_id)
    with lake.write(hold_key(snapshot_id)) as file:
        file.write(name.encode())
    # It may have been retired in this very moment.
    if lake.size(manifest_key(snapshot_id)) is None:
        lake.remove(hold_key(snapshot_id))
        load(lake, snapshot_id)


def release(lake: Lake, snapshot_id: str) -> None:
    """Let retention have the snapshot again; harmless where nobody holds it."""
    load(lake, snapshot_id)
    lake.remove(hold_key(snapshot_id))


def held_as(lake: Lake, snapshot_id: str) -> str:
    """Return the name that the snapshot is held by, or "" where nobody holds it."""
    return (lake.read(hold_key(snapshot_id)) or b"").decode()
