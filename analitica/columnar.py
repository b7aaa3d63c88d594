"""The files of a table as local Parquet: a snapshot's, a copy of those in S3, or what a CSV says."""

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Lock
from uuid import uuid4

from django.conf import settings
from django.utils import timezone

from analitica import csv
from analitica.failures import NoSuchTable, told
from analitica.sources import Source
from analitica.tables import Table
from ingestion.lake import FolderLake, lake

UNUSED = timedelta(days=2)  # after that, a copy goes
CHUNK = 1 << 20

_making = Lock()


def parquet(table: Table, source: Source) -> list[Path]:
    """Return where the rows of `table` can be read on this machine, or raise Unanswered."""
    place, held = lake(), source.held(table)
    if source.published and isinstance(place, FolderLake):
        paths = [place.path(key) for key in held]
        if missing := [path for path in paths if not path.is_file()]:
            raise NoSuchTable(missing[0].relative_to(place.folder).as_posix())
        return paths
    return [_kept(table, key, mark) for key, mark in held.items()]


def _kept(table: Table, key: str, mark: str) -> Path:
    """Return the copy of `key` as it is now: made once, for all processes of this machine."""
    name = hashlib.sha256(f"{settings.LAKE_URL} {key} {mark}".encode()).hexdigest()
    path = _folder() / f"{name}.parquet"
    with _making:
        if path.exists():
            os.utime(path)
        else:
            _sweep()
            _make(table, key, path)
    return path


def _make(table: Table, key: str, path: Path) -> None:
    partial = path.with_name(uuid4().hex)
    try:
        if key.endswith(".csv"):
            with _local(key) as file:
                csv.to_parquet(table, file, partial)
        else:
            _copy(key, partial)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


@contextmanager
def _local(key: str) -> Iterator[Path]:
    """Yield a file of this machine that holds what `key` does."""
    place = lake()
    if isinstance(place, FolderLake):
        if not place.path(key).is_file():
            raise NoSuchTable(key)
        yield place.path(key)
        return
    copy = _folder() / uuid4().hex
    try:
        _copy(key, copy)
        yield copy
    finally:
        copy.unlink(missing_ok=True)


def _copy(key: str, target: Path) -> None:
    with told():
        try:
            source = lake().open(key)
        except FileNotFoundError:
            raise NoSuchTable(key) from None
        with source, target.open("xb") as file:
            shutil.copyfileobj(source, file, CHUNK)


def _sweep() -> None:
    """Remove the copies that nobody has asked for in a while, and what killed processes left."""
    oldest = (timezone.now() - UNUSED).timestamp()
    for path in _folder().iterdir():
        try:
            if path.is_file() and path.stat().st_mtime < oldest:
                path.unlink()
        except FileNotFoundError:
            continue  # another process was quicker


def _folder() -> Path:
    folder: Path = settings.ANALYTICS_CACHE
    folder.mkdir(parents=True, exist_ok=True)
    return folder
