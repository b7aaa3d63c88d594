import os
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st

from ingestion import checks
from ingestion.lake import STAGING, FolderLake, lake


class Interrupted(BaseException):
    """What a test raises where a process would die."""


def test_it_is_the_folder_that_lake_url_names(settings, tmp_path):
    settings.LAKE_URL = (tmp_path / "con espacios y ñ").as_uri()
    assert lake().folder == tmp_path / "con espacios y ñ"


@pytest.mark.parametrize(
    "url", ["s3://cubo", "ftp://lago", "var/lago", "", "file://otro/lago", "file:///", "file:"]
)
def test_any_other_url_is_refused_by_name(settings, url):
    settings.LAKE_URL = url
    with pytest.raises(ImproperlyConfigured, match="LAKE_URL"):
        lake()
    [error] = checks.the_lake_is_known(None)
    assert error.id == "ingestion.E001"
    assert "LAKE_URL" in error.msg


def test_a_good_url_passes_the_check():
    assert checks.the_lake_is_known(None) == []


@pytest.mark.parametrize("key", ["", "../fuera", "a/../../fuera", "/etc/passwd"])
def test_a_key_never_leaves_the_folder(lago, key):
    with pytest.raises(ValueError, match="no key"):
        lago.path(key)


def test_what_is_not_there_reads_as_nothing(lago):
    assert lago.read("a/b") is None
    assert lago.size("a/b") is None
    assert lago.keys("a") == []
    assert lago.names("a") == []
    with pytest.raises(FileNotFoundError):
        lago.open("a/b")


@given(content=st.binary(max_size=2000))
def test_what_is_written_is_what_is_read(tmp_path_factory, content):
    target = FolderLake(tmp_path_factory.mktemp("lago"))
    with target.write("a/b.bin") as file:
        file.write(content)
    assert target.read("a/b.bin") == content
    assert target.size("a/b.bin") == len(content)
    with target.open("a/b.bin") as file:
        assert file.read() == content


def test_create_writes_once(lago):
    assert lago.create("a/claim", b"uno")
    assert not lago.create("a/claim", b"dos")
    assert lago.read("a/claim") == b"uno"


def test_one_of_many_creators_wins(lago):
    won, ready = [], threading.Barrier(8)

    def try_it(name):
        ready.wait()
        if lago.create("a/claim", name):
            won.append(name)

    threads = [threading.Thread(target=try_it, args=(b"%d" % n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [lago.read("a/claim")] == won


def test_a_stream_that_breaks_leaves_what_there_was(lago):
    with lago.write("a/b") as file:
        file.write(b"antes")
    with pytest.raises(Interrupted), lago.write("a/b") as file:
        file.write(b"a medias")
        raise Interrupted
    assert lago.read("a/b") == b"antes"
    assert lago.keys("a") == ["a/b"]
    assert list((lago.folder / STAGING).iterdir()) == []


def test_nobody_sees_a_stream_before_it_ends(lago):
    with lago.write("a/b") as file:
        file.write(b"casi")
        file.flush()
        assert lago.read("a/b") is None
        assert lago.keys("a") == []
    assert lago.read("a/b") == b"casi"


def test_who_had_it_open_goes_on_reading_the_old_file(lago):
    for content in (b"viejo", b"nuevo"):
        with lago.write("a/b") as file:
            file.write(content)
        if content == b"viejo":
            reader = lago.open("a/b")
    assert reader.read() == b"viejo"
    reader.close()


def test_change_asks_what_was_there(lago):
    assert not lago.change("CURRENT", b"1", expected=b"0")
    assert lago.change("CURRENT", b"1", expected=None)
    assert not lago.change("CURRENT", b"2", expected=None)
    assert lago.change("CURRENT", b"2", expected=b"1")
    assert lago.read("CURRENT") == b"2"


def test_one_of_many_changers_wins_each_round(lago):
    lago.change("CURRENT", b"0", expected=None)
    wins, ready = [], threading.Barrier(6)

    def race(name):
        for round_ in range(5):
            ready.wait()
            seen = lago.read("CURRENT")
            ready.wait()
            if lago.change("CURRENT", b"%d-%d" % (round_, name), expected=seen):
                wins.append(round_)

    threads = [threading.Thread(target=race, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(wins) == [0, 1, 2, 3, 4]


def test_keys_and_names_come_in_order_without_what_is_under_way(lago):
    for key in ("s/b/2", "s/a/1", "s/a/x/0", "s/suelto"):
        lago.create(key, b"")
    lago.change("s/CURRENT", b"", expected=None)
    assert lago.keys("s") == ["s/CURRENT", "s/a/1", "s/a/x/0", "s/b/2", "s/suelto"]
    assert lago.names("s") == ["a", "b"]


def test_remove_takes_the_folders_that_it_leaves_empty(lago):
    lago.create("s/a/x/0", b"")
    lago.create("s/b", b"")
    lago.remove("s/a/x/0")
    lago.remove("s/a/x/0")
    assert lago.keys("s") == ["s/b"]
    assert not (lago.folder / "s" / "a").exists()
    lago.remove("s/b")
    assert lago.folder.is_dir()


def test_sweep_takes_what_is_old_and_leaves_locks(lago):
    lago.change("CURRENT", b"1", expected=None)
    staging = lago.folder / STAGING
    for name in ("viejo", "nuevo"):
        (staging / name).write_bytes(b"a medias")
    for path in (staging / "viejo", *staging.glob("*.lock")):
        os.utime(path, (0, 0))
    lago.sweep(older_than=timedelta(days=1))
    assert sorted(path.name for path in staging.iterdir()) == ["CURRENT.lock", "nuevo"]


def test_sweep_is_not_troubled_by_a_writer_that_ends_meanwhile(lago, monkeypatch):
    partial = lago.folder / STAGING / "uno"
    partial.parent.mkdir(parents=True)
    partial.write_bytes(b"")
    stat = Path.stat

    def gone(self, **kwargs):
        if self == partial:
            raise FileNotFoundError
        return stat(self, **kwargs)

    monkeypatch.setattr(Path, "stat", gone)
    lago.sweep(older_than=timedelta(0))
