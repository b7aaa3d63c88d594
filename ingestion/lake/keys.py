"""What is a key of the lake, wherever it is."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath


def checked(key: str) -> str:
    """Return `key`, or raise ValueError where it could lead out of the lake."""
    path = PurePosixPath(key)
    if not key or ".." in path.parts or path.is_absolute():
        raise ValueError(f"{key!r} is no key of the lake")
    return key


@dataclass(frozen=True)
class Object:
    """What a lake says of a key: its bytes, when it was written, and a mark that changes with what it holds."""

    bytes: int
    modified: datetime
    etag: str
