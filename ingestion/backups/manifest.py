"""What a backup holds, and which there are."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Self

from django.conf import settings

from ingestion.backups.key import fingerprint
from ingestion.backups.sealed import Seal
from ingestion.jobs import JobFailed
from ingestion.lake import Lake

FOLDER = "backups"
ID_FORMAT = "%Y%m%dT%H%M%SZ"
ID = re.compile(r"\d{8}T\d{6}Z")
MANIFEST = "manifest.parquet"


@dataclass(frozen=True)
class TableCopy:
    """A table of a backup: `columns` are names and types, in the order of its one file."""

    columns: Sequence[tuple[str, str]]
    rows: int
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Backup:
    """`as_of` is the moment of each store's read, `migrations` those that its tables were made by."""

    id: str
    code_version: str
    as_of: Mapping[str, str]
    migrations: Mapping[str, Sequence[str]]
    tables: Mapping[str, TableCopy]

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables.values())

    @property
    def size(self) -> int:
        return sum(table.bytes for table in self.tables.values())

    def dumps(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def loads(cls, text: str) -> Self:
        data = json.loads(text)
        tables = {
            path: TableCopy(**{**table, "columns": [(n, t) for n, t in table["columns"]]})
            for path, table in data["tables"].items()
        }
        return cls(**{**data, "tables": tables})


def table_name(path: str) -> str:
    """Return the name, inside its backup, of the file of a table."""
    return f"{path}.parquet"


def key_of(backup_id: str, name: str) -> str:
    return f"{FOLDER}/{backup_id}/{name}"


def manifest_key(backup_id: str) -> str:
    return key_of(backup_id, MANIFEST)


def claim_key(backup_id: str) -> str:
    return key_of(backup_id, "claim")


def load(lake: Lake, backup_id: str, key: bytes) -> Backup:
    """Return the manifest of a backup, or raise JobFailed saying why it can't be read."""
    content = lake.read(manifest_key(backup_id)) if ID.fullmatch(backup_id) else None
    if content is None:
        raise JobFailed(f"No hay ninguna copia {backup_id} en el lago.")
    sealed_with = (lake.read(claim_key(backup_id)) or b"").decode(errors="replace")
    if sealed_with != fingerprint(key):
        raise JobFailed(
            f"La copia {backup_id} se cifró con otra clave (huella {sealed_with[:16]}): la de "
            f"BACKUP_KEY tiene la huella {fingerprint(key)}."
        )
    return Backup.loads(Seal(key, backup_id).read_text(content, MANIFEST))


def ids(lake: Lake) -> list[str]:
    """Return the ids claimed so far, newest first, whether or not they got as far as a manifest."""
    return [name for name in reversed(lake.names(FOLDER)) if ID.fullmatch(name)]


def complete_ids(lake: Lake) -> Iterator[str]:
    """Yield the ids that have a manifest, newest first."""
    return (found for found in ids(lake) if lake.size(manifest_key(found)) is not None)


def claim_id(lake: Lake, now: datetime, key: bytes) -> str:
    """Take an id that nobody else has, later than any other, and say which key it goes with."""
    moment = now.astimezone(UTC).replace(microsecond=0)
    if taken := ids(lake):
        moment = max(moment, moment_of(taken[0]) + timedelta(seconds=1))
    while not lake.create(claim_key(f"{moment:{ID_FORMAT}}"), fingerprint(key).encode()):
        moment += timedelta(seconds=1)
    return f"{moment:{ID_FORMAT}}"


def moment_of(backup_id: str) -> datetime:
    return datetime.strptime(backup_id, ID_FORMAT).replace(tzinfo=UTC)


def expires(backup_id: str) -> datetime:
    """Return when the next backup that is taken removes this one, at the latest.

    What was purged from the stores is in no backup after that, while backups go on being taken.
    """
    kept: int = settings.BACKUP_KEEP_DAYS
    return moment_of(backup_id) + timedelta(days=kept)
