from collections.abc import Iterator
from itertools import islice
from typing import Any

from ingestion.jobs import JobFailed
from ingestion.lake import FolderLake
from ingestion.snapshots.manifest import complete_ids, current_id, load

SHOWN = 50


def listed(lake: FolderLake) -> Iterator[dict[str, Any]]:
    """Yield what the page says of the newest snapshots, reading the lake as it goes."""
    published = current_id(lake)
    for snapshot_id in islice(complete_ids(lake), SHOWN):
        try:
            manifest, problem = load(lake, snapshot_id), ""
        except JobFailed as refusal:
            manifest, problem = None, str(refusal)
        yield {
            "id": snapshot_id,
            "current": snapshot_id == published,
            "manifest": manifest,
            "unresolved": sum(manifest.references.values()) if manifest else 0,
            "problem": problem,
        }
