"""What a snapshot holds, and which one readers follow."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from ingestion.jobs import JobFailed
from ingestion.lake import Lake

FOLDER = "snapshots"
CURRENT = f"{FOLDER}/CURRENT"
ID_FORMAT = "%Y%m%dT%H%M%SZ"
ID = re.compile(r"\d{8}T\d{6}Z")
SEAL = re.compile(rb',\n "sha256": "([0-9a-f]{64})"(?=\n}\n\Z)')


@dataclass(frozen=True)
class File:
    """A file of a table; `min_key` and `max_key` are null where it has no rows."""

    key: str
    rows: int
    bytes: int
    sha256: str
    min_key: str | None = None
    max_key: str | None = None


@dataclass(frozen=True)
class TableEntry:
    """A table of a snapshot: its Parquet files, and the CSV that the old layout has of it."""

    schema: Sequence[Mapping[str, str]]
    primary_key: Sequence[str]
    rows: int
    files: Sequence[File]
    csv: File

    @property
    def size(self) -> int:
        return sum(file.bytes for file in self.files)

    @property
    def waiting_csv(self) -> str:
        """Where its CSV was written, until it goes to its flat place."""
        return self.files[0].key.removesuffix("parquet") + "csv"

    def has(self, column: str) -> bool:
        return any(known["name"] == column for known in self.schema)

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Self:
        files = [File(**file) for file in data["files"]]
        return cls(**{**data, "files": files, "csv": File(**data["csv"])})


@dataclass(frozen=True)
class Manifest:
    """`as_of` is the moment of each database's read, `references` counts what does not resolve.

    `claim` is what the claim of its id holds. As text it ends with a seal: the SHA-256 of the rest.
    """

    id: str
    code_version: str
    as_of: Mapping[str, str]
    skew_seconds: float
    tables: Mapping[str, TableEntry]
    references: Mapping[str, int]
    claim: str = ""

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables.values())

    @property
    def size(self) -> int:
        return sum(table.size for table in self.tables.values())

    @property
    def moment(self) -> datetime:
        """The newest moment of its reads."""
        return max(datetime.fromisoformat(moment) for moment in self.as_of.values())

    def dumps(self) -> bytes:
        content = json.dumps(asdict(self), ensure_ascii=False, indent=1).encode() + b"\n"
        seal = hashlib.sha256(content).hexdigest()
        return content.removesuffix(b"\n}\n") + f',\n "sha256": "{seal}"\n}}\n'.encode()

    @classmethod
    def loads(cls, content: bytes) -> Self:
        """Return what `content` says, or raise ValueError or TypeError where it is not what was written."""
        if seal := SEAL.search(content):
            content = SEAL.sub(b"", content)
            if hashlib.sha256(content).hexdigest().encode() != seal[1]:
                raise ValueError("the seal is broken")
        data = json.loads(content)
        tables = {path: TableEntry.read(table) for path, table in data["tables"].items()}
        return cls(**{**data, "tables": tables})


def manifest_key(snapshot_id: str) -> str:
    return f"{FOLDER}/{snapshot_id}/manifest.json"


def claim_key(snapshot_id: str) -> str:
    return f"{FOLDER}/{snapshot_id}/claim"


def hold_key(snapshot_id: str) -> str:
    return f"{FOLDER}/{snapshot_id}/hold"


def table_folder(snapshot_id: str, path: str) -> str:
    return f"{FOLDER}/{snapshot_id}/{path}"


def part_key(folder: str, part: int) -> str:
    return f"{folder}/part-{part:05}.parquet"


def csv_beside(folder: str, part: int) -> str:
    """Return where the CSV waits for its snapshot to be published, beside the Parquet from `part` on."""
    return f"{folder}/part-{part:05}.csv"


def current_id(lake: Lake) -> str | None:
    """Return the id that readers follow, or None where nothing was ever published."""
    content = lake.read(CURRENT)
    return content.decode(errors="replace").strip() if content is not None else None


def current(lake: Lake) -> Manifest | None:
    """Return the snapshot that readers follow, or None where nothing was ever published."""
    snapshot_id = current_id(lake)
    return load(lake, snapshot_id) if snapshot_id is not None else None


def load(lake: Lake, snapshot_id: str) -> Manifest:
    """Return the manifest of a snapshot, or raise JobFailed saying why there is none."""
    content = lake.read(manifest_key(snapshot_id)) if ID.fullmatch(snapshot_id) else None
    if content is None:
        raise JobFailed(f"No hay ningún snapshot {snapshot_id} en el lago.")
    try:
        return Manifest.loads(content)
    except (ValueError, KeyError, TypeError):
        raise JobFailed(
            f"{manifest_key(snapshot_id)}: no es un manifiesto, o no es el que se escribió."
        ) from None


def ids(lake: Lake) -> list[str]:
    """Return the ids claimed so far, newest first, whether or not they got as far as a manifest."""
    return [name for name in reversed(lake.names(FOLDER)) if ID.fullmatch(name)]


def complete_ids(lake: Lake) -> Iterator[str]:
    """Yield the ids that have a manifest, newest first."""
    return (found for found in ids(lake) if lake.size(manifest_key(found)) is not None)


def claim_id(lake: Lake, now: datetime, owner: str) -> str:
    """Take an id that nobody else has: this second's, or the next free one.

    Ids sort as snapshots are taken, whatever the clock does: none comes before one already taken.
    """
    moment = now.astimezone(UTC).replace(microsecond=0)
    if taken := ids(lake):
        moment = max(moment, moment_of(taken[0]) + timedelta(seconds=1))
    while not lake.create(claim_key(f"{moment:{ID_FORMAT}}"), owner.encode()):
        moment += timedelta(seconds=1)
    return f"{moment:{ID_FORMAT}}"


def moment_of(snapshot_id: str) -> datetime:
    return datetime.strptime(snapshot_id, ID_FORMAT).replace(tzinfo=UTC)
