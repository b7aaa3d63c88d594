"""The lake as a folder: files appear whole or not at all, and one of many writers wins."""

import fcntl
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from django.utils import timezone

from ingestion.lake.keys import Object, checked

# Files under way and locks: never listed, and what a killed process leaves here is swept.
STAGING = ".parcial"
LOCK = ".lock"
CHUNK = 1 << 20


class FolderLake:
    """Keys are paths with `/`, relative to the folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, key: str) -> Path:
        """Where the file of `key` is; the one way that a key becomes a path."""
        return self.folder / checked(key)

    def uri(self, key: str) -> str:
        """Return the address by which the tools of others find `key`."""
        return self.path(key).absolute().as_uri()

    def iceberg_properties(self) -> dict[str, str]:
        """Return what an Iceberg catalogue has to know, beside the addresses, to read and write here."""
        return {}

    # Reading.

    def open(self, key: str) -> BinaryIO:
        """Open `key`, or raise FileNotFoundError."""
        return self.path(key).open("rb")

    def read(self, key: str) -> bytes | None:
        """Return what `key` holds, or None where there is no such key."""
        try:
            return self.path(key).read_bytes()
        except FileNotFoundError:
            return None

    def size(self, key: str) -> int | None:
        """Return the bytes that `key` holds, or None where there is no such key."""
        try:
            return self.path(key).stat().st_size
        except FileNotFoundError:
            return None

    def keys(self, prefix: str) -> list[str]:
        """Return every key under the folder `prefix`, in order."""
        return sorted(
            path.relative_to(self.folder).as_posix() for path in _files(self.path(prefix))
        )

    def names(self, prefix: str) -> list[str]:
        """Return the names of the folders right under `prefix`, in order."""
        top = self.path(prefix)
        return sorted(path.name for path in top.iterdir() if path.is_dir()) if top.is_dir() else []

    def objects(self) -> dict[str, Object]:
        """Return what is said of every key; raise OSError where the lake can't be reached."""
        if not self.folder.is_dir():
            raise FileNotFoundError(self.folder)
        keys = {path.relative_to(self.folder).as_posix() for path in _files(self.folder)}
        found = {key: self._object(key) for key in keys if not key.startswith(f"{STAGING}/")}
        return {key: said for key, said in found.items() if said is not None}

    def _object(self, key: str) -> Object | None:
        try:
            said = self.path(key).stat()
        except FileNotFoundError:
            return None
        etag = f"{said.st_mtime_ns:x}-{said.st_size:x}-{said.st_ino:x}"
        return Object(said.st_size, datetime.fromtimestamp(said.st_mtime, tz=UTC), etag)

    def ping(self) -> None:
        """Raise OSError where the lake can't be read; a folder that nothing was written to yet is none."""
        self.size(STAGING)

    # Writing.

    def create(self, key: str, content: bytes) -> bool:
        """Write `key` unless it is there; return whether this call wrote it."""
        path = self.path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with path.open("xb") as file:
                file.write(content)
                _flush(file)
        except FileExistsError:
            return False
        return True

    @contextmanager
    def write(self, key: str) -> Iterator[BinaryIO]:
        """Write `key` as a stream: it takes its place when the block ends, and never if it raises."""
        with self._whole(key) as (file, partial, path):
            yield file
            _flush(file)
            path.parent.mkdir(parents=True, exist_ok=True)
            partial.replace(path)

    @contextmanager
    def write_once(self, key: str) -> Iterator[BinaryIO]:
        """As write(), but raise FileExistsError at the end where `key` is there by then."""
        with self._whole(key) as (file, partial, path):
            yield file
            _flush(file)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.hardlink_to(partial)

    def copy(self, source: str, target: str, *, metadata: Mapping[str, str]) -> None:
        """Put what `source` holds at `target` too, whole at once; a folder keeps no `metadata`."""
        with self.open(source) as found, self.write(target) as file:
            shutil.copyfileobj(found, file, CHUNK)

    @contextmanager
    def _whole(self, key: str) -> Iterator[tuple[BinaryIO, Path, Path]]:
        """Yield a file aside, where it is, and the place that it is for; what is left aside goes."""
        path = self.path(key)
        partial = self._staging() / uuid4().hex
        try:
            with partial.open("xb") as file:
                yield file, partial, path
            _flush_folder(path.parent)
        finally:
            partial.unlink(missing_ok=True)

    def change(self, key: str, content: bytes, *, expected: bytes | None) -> bool:
        """Write `key` if it still holds `expected` (None: if it is not there); say whether it did."""
        with self._locked(key):
            if self.read(key) != expected:
                return False
            with self.write(key) as file:
                file.write(content)
            return True

    def remove(self, key: str) -> None:
        """Remove `key` and the folders that it leaves empty; harmless where it is not there."""
        path = self.path(key)
        path.unlink(missing_ok=True)
        for folder in path.parents:
            if folder == self.folder:
                return
            try:
                folder.rmdir()
            except OSError:
                return  # not empty, or another process was quicker

    def sweep(self, *, older_than: timedelta) -> None:
        """Remove what killed processes left half-written."""
        oldest = timezone.now() - older_than
        for partial in self._staging().iterdir():
            if partial.suffix == LOCK:
                continue
            try:
                if datetime.fromtimestamp(partial.stat().st_mtime, tz=oldest.tzinfo) < oldest:
                    partial.unlink()
            except FileNotFoundError:
                continue  # its writer has just finished

    def _staging(self) -> Path:
        folder = self.folder / STAGING
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    @contextmanager
    def _locked(self, key: str) -> Iterator[None]:
        # The system lets go of the lock when its process dies; the file stays, for who holds it open.
        name = key.replace("/", "_")
        with (self._staging() / f"{name}{LOCK}").open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _files(top: Path) -> Iterator[Path]:
    # Not rglob(): that fails where a folder is removed meanwhile, as retention does.
    return (Path(folder) / name for folder, _folders, names in os.walk(top) for name in names)


def _flush(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
