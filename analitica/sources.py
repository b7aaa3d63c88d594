"""What the analytics read: a snapshot whole, or the CSVs of a lake that has none."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.conf import settings
from django.utils import timezone

from analitica.failures import NoSuchTable, UnknownSnapshot, told
from analitica.tables import ALL, Table
from ingestion.lake import Lake, lake
from ingestion.snapshots import manifest


@dataclass(frozen=True)
class Source:
    """One state of the lake: `id` names it, `moment` is the newest that it knows of.

    `tables` has, by table's path, its files, each with a mark that changes with what it holds. `published`
    tells a snapshot of ours, whose files never change, from CSVs that anybody may replace.
    """

    id: str
    moment: datetime
    tables: Mapping[str, Mapping[str, str]]
    published: bool

    def held(self, table: Table) -> Mapping[str, str]:
        """Return the files of `table`, or raise NoSuchTable."""
        try:
            return self.tables[table.path]
        except KeyError:
            raise NoSuchTable(table.key) from None


def current() -> Source:
    """Return what readers follow now: the snapshot of CURRENT, or the flat files where there is none."""
    with told():
        place = lake()
        snapshot_id = manifest.current_id(place)
        return _flat(place) if snapshot_id is None else _published(snapshot_id, settings.LAKE_URL)


def snapshot(snapshot_id: str) -> Source:
    """Return an older snapshot, or raise UnknownSnapshot."""
    with told():
        if (
            not manifest.ID.fullmatch(snapshot_id)
            or lake().size(manifest.manifest_key(snapshot_id)) is None
        ):
            raise UnknownSnapshot(f"No hay ningún snapshot {snapshot_id} en el lago.")
        return _published(snapshot_id, settings.LAKE_URL)


@lru_cache(maxsize=8)
def _published(snapshot_id: str, lake_url: str) -> Source:
    # A published manifest is never written again.
    found = manifest.load(lake(), snapshot_id)
    tables = {
        path: {file.key: file.sha256 for file in entry.files}
        for path, entry in found.tables.items()
    }
    return Source(found.id, found.moment, tables, published=True)


def _flat(place: Lake) -> Source:
    objects = place.objects()
    marks = sorted((key, said.etag, said.modified) for key, said in objects.items())
    digest = hashlib.sha256(repr(marks).encode()).hexdigest()[:16]
    newest = max((said.modified for said in objects.values()), default=timezone.now())
    tables = {
        table.path: {table.key: objects[table.key].etag} for table in ALL if table.key in objects
    }
    return Source(f"csv-{digest}", newest.replace(microsecond=0), tables, published=False)
