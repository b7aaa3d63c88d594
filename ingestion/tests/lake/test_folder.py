"""What is so of the lake as a folder alone."""

import os
from datetime import timedelta
from pathlib import Path

import pytest

from ingestion.lake import STAGING
from ingestion.tests.lake.test_contract import Interrupted, put


def test_a_stream_that_breaks_leaves_nothing_aside(folder_lake):
    with pytest.raises(Interrupted), folder_lake.write("a/b") as file:
        file.write(b"a medias")
        raise Interrupted
    assert list((folder_lake.folder / STAGING).iterdir()) == []


def test_who_comes_too_late_leaves_nothing_aside(folder_lake):
    put(folder_lake, "a/b")
    with pytest.raises(FileExistsError), folder_lake.write_once("a/b") as file:
        file.write(b"tarde")
    assert list((folder_lake.folder / STAGING).iterdir()) == []


def test_who_had_it_open_goes_on_reading_the_old_file(folder_lake):
    put(folder_lake, "a/b", b"viejo")
    with folder_lake.open("a/b") as reader:
        put(folder_lake, "a/b", b"nuevo")
        assert reader.read() == b"viejo"


def test_a_folder_that_is_not_there_has_no_objects_and_answers(folder_lake):
    with pytest.raises(FileNotFoundError):
        folder_lake.objects()
    folder_lake.ping()


def test_a_folder_that_is_a_file_does_not_answer(folder_lake):
    folder_lake.folder.write_text("")
    with pytest.raises(OSError):
        folder_lake.ping()


def test_remove_takes_the_folders_that_it_leaves_empty(folder_lake):
    folder_lake.create("s/a/x/0", b"")
    folder_lake.create("s/b", b"")
    folder_lake.remove("s/a/x/0")
    folder_lake.remove("s/a/x/0")
    assert folder_lake.keys("s") == ["s/b"]
    assert not (folder_lake.folder / "s" / "a").exists()
    folder_lake.remove("s/b")
    assert folder_lake.folder.is_dir()


def test_sweep_takes_what_is_old_and_leaves_locks(folder_lake):
    folder_lake.change("CURRENT", b"1", expected=None)
    staging = folder_lake.folder / STAGING
    for name in ("viejo", "nuevo"):
        (staging / name).write_bytes(b"a medias")
    for path in (staging / "viejo", *staging.glob("*.lock")):
        os.utime(path, (0, 0))
    folder_lake.sweep(older_than=timedelta(days=1))
    assert sorted(path.name for path in staging.iterdir()) == ["CURRENT.lock", "nuevo"]


def test_sweep_is_not_troubled_by_a_writer_that_ends_meanwhile(folder_lake, monkeypatch):
    partial = folder_lake.folder / STAGING / "uno"
    partial.parent.mkdir(parents=True)
    partial.write_bytes(b"")
    stat = Path.stat

    def gone(self, **kwargs):
        if self == partial:
            raise FileNotFoundError
        return stat(self, **kwargs)

    monkeypatch.setattr(Path, "stat", gone)
    folder_lake.sweep(older_than=timedelta(0))
