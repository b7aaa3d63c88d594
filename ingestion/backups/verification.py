"""Whether a backup is what was written."""

from collections.abc import Iterable, Iterator

from ingestion.backups.manifest import Backup, TableCopy, key_of, table_name
from ingestion.backups.sealed import Seal, Unreadable
from ingestion.jobs import JobFailed
from ingestion.lake import Lake
from ingestion.snapshots.files import digest

ROWS = 10_240  # read at one time


def verify(lake: Lake, seal: Seal, backup: Backup) -> Iterator[tuple[str, str]]:
    """Read the whole backup; yield each table and what is wrong with it, or nothing."""
    for path, table in backup.tables.items():
        yield (
            path,
            wrong_bytes(lake, backup.id, path, table)
            or _wrong_rows(lake, seal, backup.id, path, table),
        )


def refuse_wrong_bytes(lake: Lake, backup: Backup, paths: Iterable[str]) -> None:
    """Raise JobFailed naming every file, of those tables, that isn't the one that was written."""
    found = (wrong_bytes(lake, backup.id, path, backup.tables[path]) for path in paths)
    if wrong := list(filter(None, found)):
        raise JobFailed("\n".join(wrong))


def is_there(lake: Lake, backup_id: str, path: str, table: TableCopy) -> bool:
    return lake.size(key_of(backup_id, table_name(path))) == table.bytes


def wrong_bytes(lake: Lake, backup_id: str, path: str, table: TableCopy) -> str:
    """Say what keeps the file from being the one that was written, or nothing."""
    key = key_of(backup_id, table_name(path))
    size = lake.size(key)
    if size is None:
        return f"{key}: no está."
    if size != table.bytes:
        return f"{key}: mide {size} bytes y el manifiesto dice {table.bytes}."
    with lake.open(key) as source:
        if digest(source) != table.sha256:
            return f"{key}: su contenido no es el que se escribió (SHA-256 distinto)."
    return ""


def _wrong_rows(lake: Lake, seal: Seal, backup_id: str, path: str, table: TableCopy) -> str:
    name = table_name(path)
    key = key_of(backup_id, name)
    try:
        with lake.open(key) as source:
            rows = sum(batch.num_rows for batch in seal.batches(source, name, ROWS))
    except Unreadable as refusal:
        return str(refusal)
    return "" if rows == table.rows else f"{key}: tiene {rows} filas, no {table.rows}."
