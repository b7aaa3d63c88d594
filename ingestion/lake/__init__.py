"""The lake, wherever it is: files appear whole or not at all, and one of many writers wins."""

import re
from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO, Protocol
from urllib.parse import urlsplit
from urllib.request import url2pathname

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from ingestion.lake.folder import STAGING, FolderLake
from ingestion.lake.keys import Object

BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")  # what S3 takes for the name of one

__all__ = ["STAGING", "FolderLake", "Lake", "Object", "lake"]


class Lake(Protocol):
    """One space of keys, which are paths with `/`; what it can't do it says by OSError."""

    def uri(self, key: str) -> str:
        """Return the address by which the tools of others find `key`."""
        ...

    def iceberg_properties(self) -> dict[str, str]:
        """Return what an Iceberg catalogue has to know, beside the addresses, to read and write here."""
        ...

    def open(self, key: str) -> BinaryIO:
        """Open `key`, which can be read from any place, or raise FileNotFoundError."""
        ...

    def read(self, key: str) -> bytes | None:
        """Return what `key` holds, or None where there is no such key."""
        ...

    def size(self, key: str) -> int | None:
        """Return the bytes that `key` holds, or None where there is no such key."""
        ...

    def keys(self, prefix: str) -> list[str]:
        """Return every key under the folder `prefix`, in order."""
        ...

    def names(self, prefix: str) -> list[str]:
        """Return the names of the folders right under `prefix`, in order."""
        ...

    def objects(self) -> dict[str, Object]:
        """Return what is said of every key; raise OSError where the lake can't be reached."""
        ...

    def ping(self) -> None:
        """Raise OSError where the lake doesn't answer, without waiting long for it."""
        ...

    def create(self, key: str, content: bytes) -> bool:
        """Write `key` unless it is there; return whether this call wrote it."""
        ...

    def write(self, key: str) -> AbstractContextManager[BinaryIO]:
        """Write `key` as a stream: it takes its place when the block ends, and never if it raises."""
        ...

    def write_once(self, key: str) -> AbstractContextManager[BinaryIO]:
        """As write(), but raise FileExistsError at the end where `key` is there by then."""
        ...

    def copy(self, source: str, target: str, *, metadata: Mapping[str, str]) -> None:
        """Put what `source` holds at `target` too, whole at once, and say there what `metadata` says."""
        ...

    def change(self, key: str, content: bytes, *, expected: bytes | None) -> bool:
        """Write `key` if it still holds `expected` (None: if it is not there); say whether it did."""
        ...

    def remove(self, key: str) -> None:
        """Remove `key`; harmless where it is not there."""
        ...

    def sweep(self, *, older_than: timedelta) -> None:
        """Remove what killed processes left half-written."""
        ...


def lake() -> Lake:
    """Return the lake that LAKE_URL names."""
    url = urlsplit(settings.LAKE_URL)
    match url.scheme:
        case "file" if url.netloc in ("", "localhost") and url.path not in ("", "/"):
            return FolderLake(Path(url2pathname(url.path)))
        case "s3" if BUCKET.fullmatch(url.netloc) and url.path in ("", "/"):
            return _s3(url.netloc)
    raise ImproperlyConfigured(
        "LAKE_URL: se espera una carpeta local, como file:///srv/cartera/lago, o un bucket, como"
        " s3://cartera-lago."
    )


def _s3(bucket: str) -> Lake:
    for variable, name in settings.S3_BUCKETS.items():
        if not BUCKET.fullmatch(name):
            raise ImproperlyConfigured(f"S3_BUCKET_{variable.upper()}: {name!r} no es un bucket.")
    try:
        # Its SDK is not installed with what the embedded default needs.
        from ingestion.lake.s3 import S3Lake
    except ImportError:
        raise ImproperlyConfigured(
            "LAKE_URL: para s3:// falta boto3, que está en requirements/servers.txt."
        ) from None
    encryption = {"ServerSideEncryption": settings.S3_SSE} if settings.S3_SSE else {}
    if settings.S3_KMS_KEY:
        encryption["SSEKMSKeyId"] = settings.S3_KMS_KEY
    return S3Lake(bucket, settings.S3_BUCKETS, encryption=encryption, staging=settings.VAR_DIR)
