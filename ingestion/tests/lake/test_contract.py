"""What a lake promises, wherever it is."""

import hashlib
import io
import threading
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

NAMES = ["a/b.csv", "mysql/users/users.csv", "snapshots/1/mysql/users/part-00000.parquet"]
ODD = [
    "mysql/año/niñez.csv",
    "a/con espacios y más.csv",
    "a/100%+1=¿?.csv",
    "a/b#c&d.txt",
    "a/日本.bin",
]
RACERS = 8


class Interrupted(BaseException):
    """What a test raises where a process would die."""


def sizes(lake):
    return {key: said.bytes for key, said in lake.objects().items()}


def put(lake, key, content=b"x"):
    with lake.write(key) as file:
        file.write(content)


def race(attempt):
    """Have eight threads try at once; return which of them won."""
    won, ready = [], threading.Barrier(RACERS)

    def run(racer):
        ready.wait()
        if attempt(racer):
            won.append(racer)

    threads = [threading.Thread(target=run, args=(racer,)) for racer in range(RACERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return won


def write_once(lake, key, content):
    """Say whether this was the one to write `key`."""
    try:
        with lake.write_once(key) as file:
            file.write(content)
    except FileExistsError:
        return False
    return True


@pytest.mark.parametrize("key", ["", "../fuera", "a/../../fuera", "/etc/passwd"])
def test_a_key_never_leaves_the_lake(any_lake, key):
    for ask in (any_lake.read, any_lake.open, any_lake.size, any_lake.keys, any_lake.names):
        with pytest.raises(ValueError, match="no key"):
            ask(key)
    with pytest.raises(ValueError, match="no key"):
        any_lake.create(key, b"")
    with pytest.raises(ValueError, match="no key"):
        put(any_lake, key)
    with pytest.raises(ValueError, match="no key"):
        any_lake.remove(key)


def test_what_is_not_there_reads_as_nothing(any_lake):
    assert any_lake.read("a/b") is None
    assert any_lake.size("a/b") is None
    assert any_lake.keys("a") == []
    assert any_lake.names("a") == []
    any_lake.remove("a/b")
    with pytest.raises(FileNotFoundError):
        any_lake.open("a/b")
    with pytest.raises(FileNotFoundError):
        any_lake.copy("a/b", "a/c", metadata={})
    assert any_lake.keys("a") == []


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15)
@given(content=st.binary(max_size=2000))
def test_what_is_written_is_what_is_read(any_lake, content):
    put(any_lake, "a/b.bin", content)
    assert any_lake.read("a/b.bin") == content
    assert any_lake.size("a/b.bin") == len(content)
    with any_lake.open("a/b.bin") as file:
        assert file.read() == content


@pytest.mark.parametrize("key", ODD)
def test_a_key_is_any_text(any_lake, key):
    put(any_lake, key, b"uno")
    assert any_lake.read(key) == b"uno"
    assert any_lake.size(key) == 3
    assert any_lake.keys(key.split("/")[0]) == [key]
    assert sizes(any_lake) == {key: 3}
    assert not any_lake.create(key, b"dos")
    assert any_lake.change(key, b"tres", expected=b"uno")
    any_lake.copy(key, f"{key}.copia", metadata={"snapshot": "1"})
    assert any_lake.read(f"{key}.copia") == b"tres"
    any_lake.remove(key)
    assert any_lake.read(key) is None


def test_a_file_is_read_from_any_place(any_lake):
    content = bytes(range(256)) * 40
    put(any_lake, "a/b", content)
    with any_lake.open("a/b") as file:
        assert file.seekable()
        assert file.readable()
        assert file.seek(-6, io.SEEK_END) == len(content) - 6
        assert file.read() == content[-6:]
        assert file.read(1) == b""
        assert file.seek(300) == 300
        assert file.read(7) == content[300:307]
        assert file.tell() == 307
        assert file.seek(3, io.SEEK_CUR) == 310
        assert file.read() == content[310:]
        file.seek(len(content) + 10)
        assert file.read() == b""
        with pytest.raises(OSError if hasattr(file, "name") else ValueError):
            file.seek(-1)


def test_a_parquet_file_is_written_and_read_where_it_is(any_lake):
    table = pa.table({"id": range(5000), "nombre": ["añil"] * 5000})
    with any_lake.write_once("snapshots/1/mysql/users/part-00000.parquet") as file:
        pq.write_table(table, file, row_group_size=1000)
    with any_lake.open("snapshots/1/mysql/users/part-00000.parquet") as file:
        assert pq.ParquetFile(file).read_row_group(3, ["id"])["id"][0].as_py() == 3000
        assert pq.read_table(file).equals(table)


def test_a_file_of_many_parts_arrives_whole(any_lake):
    pieces = [bytes([n]) * (1 << 20) for n in range(40)]
    with any_lake.write("mysql/grande") as file:
        for piece in pieces:
            file.write(piece)
    assert any_lake.size("mysql/grande") == 40 << 20
    digest = hashlib.sha256()
    with any_lake.open("mysql/grande") as file:
        while piece := file.read(1_500_000):
            digest.update(piece)
    assert digest.digest() == hashlib.sha256(b"".join(pieces)).digest()
    any_lake.copy("mysql/grande", "mysql/copia", metadata={"snapshot": "1"})
    assert any_lake.size("mysql/copia") == 40 << 20


def test_create_writes_once(any_lake):
    assert any_lake.create("a/claim", b"uno")
    assert not any_lake.create("a/claim", b"dos")
    assert any_lake.read("a/claim") == b"uno"


def test_write_once_never_writes_again(any_lake):
    assert write_once(any_lake, "a/b", b"uno")
    assert not write_once(any_lake, "a/b", b"dos")
    assert any_lake.read("a/b") == b"uno"
    any_lake.remove("a/b")
    assert write_once(any_lake, "a/b", b"tres")


@pytest.mark.parametrize("key", NAMES)
def test_one_of_many_creators_wins(any_lake, key):
    won = race(lambda racer: any_lake.create(key, b"%d" % racer))
    assert [any_lake.read(key)] == [b"%d" % racer for racer in won]


def test_one_of_many_who_create_the_same_wins(any_lake):
    assert len(race(lambda _: any_lake.create("a/claim", b"igual"))) == 1


@pytest.mark.parametrize("size", [10, 17 << 20], ids=["of one part", "of many"])
def test_one_of_many_who_write_once_wins(any_lake, size):
    won = race(lambda racer: write_once(any_lake, "a/b", b"%d" % racer * size))
    assert len(won) == 1
    assert any_lake.size("a/b") == size
    with any_lake.open("a/b") as file:
        assert set(file.read()) == set(b"%d" % won[0])


def test_change_asks_what_was_there(any_lake):
    assert not any_lake.change("CURRENT", b"1", expected=b"0")
    assert any_lake.change("CURRENT", b"1", expected=None)
    assert not any_lake.change("CURRENT", b"2", expected=None)
    assert any_lake.change("CURRENT", b"2", expected=b"1")
    assert any_lake.read("CURRENT") == b"2"


def test_what_is_empty_is_there(any_lake):
    assert any_lake.change("CURRENT", b"", expected=None)
    assert not any_lake.change("CURRENT", b"1", expected=None)
    assert any_lake.size("CURRENT") == 0
    with any_lake.open("CURRENT") as file:
        assert file.read() == b""
    assert any_lake.change("CURRENT", b"1", expected=b"")


def test_one_of_many_changers_wins_each_round(any_lake):
    seen = None
    for round_ in range(4):
        won = race(
            lambda racer, seen=seen, round_=round_: any_lake.change(
                "snapshots/CURRENT", b"%d-%d" % (round_, racer), expected=seen
            )
        )
        seen = any_lake.read("snapshots/CURRENT")
        assert [seen] == [b"%d-%d" % (round_, racer) for racer in won]


@pytest.mark.parametrize("verb", ["write", "write_once"])
def test_a_stream_that_breaks_leaves_what_there_was(any_lake, verb):
    put(any_lake, "a/b", b"antes")
    with pytest.raises(Interrupted), getattr(any_lake, verb)("a/b") as file:
        file.write(b"a medias")
        raise Interrupted
    with pytest.raises(Interrupted), getattr(any_lake, verb)("a/c") as file:
        file.write(b"a medias")
        raise Interrupted
    assert any_lake.read("a/b") == b"antes"
    assert sizes(any_lake) == {"a/b": 5}


@pytest.mark.parametrize("verb", ["write", "write_once"])
def test_nobody_sees_a_stream_before_it_ends(any_lake, verb):
    with getattr(any_lake, verb)("a/b") as file:
        file.write(b"casi")
        file.flush()
        assert any_lake.read("a/b") is None
        assert sizes(any_lake) == {}
    assert any_lake.read("a/b") == b"casi"


def test_who_reads_a_file_that_is_replaced_never_sees_both(any_lake):
    old, new = b"v" * (9 << 20), b"n" * (9 << 20)
    put(any_lake, "a/b", old)
    with any_lake.open("a/b") as file:
        assert file.read(10) == old[:10]
        put(any_lake, "a/b", new)
        try:
            rest = file.read()
        except OSError as refusal:
            assert "a/b" in str(refusal)
        else:
            assert rest == old[10:]


def test_a_copy_takes_the_place_of_what_was_there(any_lake):
    put(any_lake, "snapshots/1/mysql/users/users.csv", b"nuevo")
    put(any_lake, "mysql/users/users.csv", b"viejo y largo")
    any_lake.copy(
        "snapshots/1/mysql/users/users.csv", "mysql/users/users.csv", metadata={"snapshot": "1"}
    )
    assert any_lake.read("mysql/users/users.csv") == b"nuevo"
    put(any_lake, "mysql/users/users.csv", b"otro")
    assert any_lake.read("snapshots/1/mysql/users/users.csv") == b"nuevo"


def test_keys_and_names_come_in_order_without_what_is_under_way(any_lake):
    for key in ("s/b/2", "s/a/1", "s/a/x/0", "s/suelto", "sa/otro"):
        any_lake.create(key, b"")
    any_lake.change("s/CURRENT", b"", expected=None)
    assert any_lake.keys("s") == ["s/CURRENT", "s/a/1", "s/a/x/0", "s/b/2", "s/suelto"]
    assert any_lake.keys("s/a/") == ["s/a/1", "s/a/x/0"]
    assert any_lake.names("s") == ["a", "b"]


def test_the_snapshots_are_one_space_whatever_holds_their_files(any_lake):
    keys = [
        "changes/mysql/users/1-2.parquet",
        "mysql/users/users.csv",
        "snapshots/1/cassandra/pagos/part-00000.parquet",
        "snapshots/1/manifest.json",
        "snapshots/1/mysql/users/part-00000.parquet",
        "snapshots/2/mysql/users/part-00000.parquet",
        "snapshots/CURRENT",
    ]
    for size, key in enumerate(keys):
        any_lake.create(key, b"x" * size)
    assert sizes(any_lake) == {key: size for size, key in enumerate(keys)}
    assert any_lake.keys("snapshots") == keys[2:]
    assert any_lake.keys("snapshots/1") == keys[2:5]
    assert any_lake.keys("snapshots/1/mysql") == [keys[4]]
    assert any_lake.keys("mysql") == [keys[1]]
    assert any_lake.names("snapshots") == ["1", "2"]
    assert any_lake.names("snapshots/1") == ["cassandra", "mysql"]
    assert any_lake.names("changes") == ["mysql"]
    for key in any_lake.keys("snapshots/1"):
        any_lake.remove(key)
    assert any_lake.names("snapshots") == ["2"]


def test_an_address_leads_others_to_the_file(any_lake):
    put(any_lake, "mysql/con espacios.parquet")
    address = urlsplit(any_lake.uri("mysql/con espacios.parquet"))
    assert address.scheme in ("file", "s3")
    assert unquote(address.path).endswith("/mysql/con espacios.parquet")
    with pytest.raises(ValueError, match="no key"):
        any_lake.uri("../fuera")
    if address.scheme == "s3":
        assert any_lake.bucket_of("mysql") == address.netloc
        assert any_lake.iceberg_properties()["s3.endpoint"].startswith("http")
    else:
        assert Path(unquote(address.path)).read_bytes() == b"x"
        assert any_lake.iceberg_properties() == {}


def test_a_lake_that_answers_says_nothing(any_lake):
    any_lake.ping()


def test_what_is_said_of_a_key_changes_with_what_it_holds(any_lake):
    before = timezone.now() - timedelta(seconds=5)
    put(any_lake, "a/b", b"antes")
    first = any_lake.objects()["a/b"]
    assert any_lake.objects()["a/b"] == first
    assert before < first.modified < timezone.now() + timedelta(seconds=5)
    put(any_lake, "a/b", b"ahora")
    assert any_lake.objects()["a/b"].etag != first.etag
