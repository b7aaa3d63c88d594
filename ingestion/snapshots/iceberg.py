"""Every published snapshot as Iceberg tables, over the very files that the manifest names: nothing is copied.

A table is `<database>.<table>` in the catalogue, and each snapshot's id is a tag of it: that is how a query
goes back in time. Readers follow tags: replacing the files makes two Iceberg snapshots, the first one empty.
"""

from collections.abc import Collection
from itertools import pairwise

import pyarrow as pa
import pyarrow.parquet as pq
import structlog
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from pyiceberg.catalog import Catalog, load_catalog
from pyiceberg.exceptions import NoSuchTableError
from pyiceberg.expressions import AlwaysTrue
from pyiceberg.table import Table
from pyiceberg.table.snapshots import Snapshot

from ingestion.lake import Lake
from ingestion.snapshots.manifest import ID, Manifest, TableEntry, complete_ids

FOLDER = "iceberg"
FILES = "cartera.files"  # of an Iceberg snapshot: the files that it was made of
# Old versions of a table's description go as new ones come. None tells the least and the greatest value of a
# column, which may be somebody's name: what a killed process left of one would outlive the snapshot.
PROPERTIES = {
    "write.metadata.metrics.default": "counts",
    "write.metadata.delete-after-commit.enabled": "true",
    "write.metadata.previous-versions-max": "10",
}

log = structlog.get_logger()


def catalogue(lake: Lake) -> Catalog | None:
    """Return the catalogue that ICEBERG_CATALOG_URL names, or None where it is empty."""
    url = settings.ICEBERG_CATALOG_URL
    where = {"warehouse": lake.uri(FOLDER), **lake.iceberg_properties()}
    if not url:
        return None
    if url == "glue":
        return load_catalog("cartera", type="glue", **where)
    if url.startswith(("sqlite:///", "postgresql+psycopg://")):
        return load_catalog("cartera", type="sql", uri=url, **where)
    raise ImproperlyConfigured(
        "ICEBERG_CATALOG_URL: se espera sqlite:///RUTA, postgresql+psycopg://…, glue o nada."
    )


def register(lake: Lake, manifest: Manifest) -> None:
    """Give the catalogue the snapshot, tagged with its id, and take from it those that left the lake.

    Harmless where it has it already.
    """
    if (known := catalogue(lake)) is None:
        return
    there = {*complete_ids(lake), manifest.id}
    with known:  # it holds connections
        for path, entry in manifest.tables.items():
            table = _register(known, lake, manifest.id, path, entry)
            if gone := [tag for tag in table.refs().keys() - there if ID.fullmatch(tag)]:
                _forget(table, gone)
    log.info("snapshot_registered", snapshot=manifest.id)


def _register(known: Catalog, lake: Lake, snapshot_id: str, path: str, entry: TableEntry) -> Table:
    database, name = path.split("/")
    known.create_namespace_if_not_exists(database)
    with lake.open(entry.files[0].key) as file:
        schema = pq.read_schema(file)
    table = _table(known, f"{database}.{name}", schema)
    if snapshot_id in table.refs():
        return table
    files = [lake.uri(file.key) for file in entry.files]
    if _made_of(table) != files:
        _replace(table, schema, files)
    current = table.current_snapshot()
    assert current is not None
    table.manage_snapshots().create_tag(current.snapshot_id, snapshot_id).commit()
    return table


def _table(known: Catalog, name: str, schema: pa.Schema) -> Table:
    try:
        return known.load_table(name)
    except NoSuchTableError:
        return known.create_table(name, schema, properties=PROPERTIES)


def _made_of(table: Table) -> list[str]:
    """Return the files that the table is made of now: an export of one store carries the others' over."""
    current = table.current_snapshot()
    found = (
        current.summary.additional_properties.get(FILES) if current and current.summary else None
    )
    return found.split("\n") if found else []


def _replace(table: Table, schema: pa.Schema, files: list[str]) -> None:
    with table.transaction() as changing:
        with changing.update_schema(allow_incompatible_changes=True) as columns:
            columns.union_by_name(schema)
            for gone in table.schema().column_names:
                if gone not in schema.names:
                    columns.delete_column(gone)
        if table.current_snapshot() is not None:
            changing.delete(AlwaysTrue())
        changing.add_files(
            files, snapshot_properties={FILES: "\n".join(files)}, check_duplicate_files=False
        )


def _forget(table: Table, tags: Collection[str]) -> None:
    """Let go of the tags, and of what no other says, files and all: an export of one store carries others' over."""
    for tag in tags:
        table.manage_snapshots().remove_tag(tag).commit()
    kept = {ref.snapshot_id for ref in table.refs().values()}
    snapshots = sorted(table.snapshots(), key=lambda found: found.sequence_number or 0)
    # With the empty ones that came before each.
    if not (gone := [found for found in snapshots if found.snapshot_id not in kept]):
        return
    # A description is shared, if at all, with the snapshots next to it.
    near = [
        found
        for pair in pairwise(snapshots)
        for found in pair
        if found not in gone and not kept.issuperset(one.snapshot_id for one in pair)
    ]
    doomed = _descriptions(table, gone) - _descriptions(table, near)
    expiring = table.maintenance.expire_snapshots()
    expiring.by_ids([found.snapshot_id for found in gone]).commit()
    for place in doomed:
        table.io.delete(place)


def _descriptions(table: Table, some: Collection[Snapshot]) -> set[str]:
    """Return where it is written which files the snapshots are made of."""
    lists = {found.manifest_list for found in some}
    return lists | {part.manifest_path for found in some for part in found.manifests(table.io)}
