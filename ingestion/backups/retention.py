"""Which backups stay: those of the last days, so many of them, and always the newest sound one."""

from datetime import timedelta

import structlog
from django.conf import settings
from django.utils import timezone

from ingestion.backups.key import backup_key
from ingestion.backups.manifest import (
    FOLDER,
    claim_key,
    complete_ids,
    expires,
    ids,
    load,
    manifest_key,
    moment_of,
)
from ingestion.backups.verification import is_there
from ingestion.jobs import JobFailed
from ingestion.lake import Lake

ABANDONED = timedelta(days=1)

log = structlog.get_logger()


def retain(lake: Lake) -> list[str]:
    """Remove the backups that are past BACKUP_KEEP_DAYS or beyond BACKUP_KEEP; return their ids.

    Either is enough, so that what was purged has a date on which it is in none. The newest sound one
    stays whatever its age.
    """
    complete = list(complete_ids(lake))
    newest = next((found for found in complete if _is_sound(lake, found)), None)
    now = timezone.now()
    over = [
        found
        for place, found in enumerate(complete)
        if (place >= settings.BACKUP_KEEP or expires(found) <= now) and found != newest
    ]
    for found in over:
        log.info("backup_expired", backup=found)
        _remove(lake, found)
    return over


def sweep(lake: Lake) -> None:
    """Remove what backups that never got to their end left behind more than a day ago."""
    oldest = timezone.now() - ABANDONED
    for found in ids(lake):
        if moment_of(found) <= oldest and lake.size(manifest_key(found)) is None:
            log.info("backup_swept", backup=found)
            _remove(lake, found)


def _is_sound(lake: Lake, backup_id: str) -> bool:
    try:
        backup = load(lake, backup_id, backup_key())
    except JobFailed:
        return False
    return all(is_there(lake, backup.id, path, table) for path, table in backup.tables.items())


def _remove(lake: Lake, backup_id: str) -> None:
    # The manifest first: killed amid this, nothing half-removed looks like a backup. The claim last:
    # until then nobody else may take the id.
    lake.remove(manifest_key(backup_id))
    for key in lake.keys(f"{FOLDER}/{backup_id}"):
        if key != claim_key(backup_id):
            lake.remove(key)
    lake.remove(claim_key(backup_id))
