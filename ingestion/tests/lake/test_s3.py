"""What is so of the lake on S3 alone."""

import io
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from ingestion.lake import lake
from ingestion.tests.lake.test_contract import Interrupted, put

boto3 = pytest.importorskip("boto3")
stub = pytest.importorskip("botocore.stub")
s3 = pytest.importorskip("ingestion.lake.s3")
clients = pytest.importorskip("ingestion.lake.clients")
failures = pytest.importorskip("ingestion.lake.failures")

KEY = "mysql/users/users.csv"


@pytest.fixture
def lago(s3_lake):
    return s3_lake()


@pytest.fixture
def made(monkeypatch):
    """A client that asks nobody."""
    client = boto3.client(
        "s3", region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b"
    )
    monkeypatch.setattr(s3, "client", lambda kind="": client)
    yield client
    client.close()


@pytest.fixture
def answers(made):
    with stub.Stubber(made) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


@pytest.fixture
def aside(tmp_path):
    """A lake that only `made` or `answers` speak for."""
    staging = tmp_path / "aparte"
    staging.mkdir()
    return s3.S3Lake("cubo", {"mysql": "de-mysql"}, encryption={}, staging=staging)


class TestBuckets:
    @pytest.mark.parametrize(
        ("key", "bucket"),
        [
            ("mysql/users/users.csv", "de-mysql"),
            ("mysql", "de-mysql"),
            ("changes/mysql/users/1-2.parquet", "de-mysql"),
            ("changes/postgresql/recibos/1-2.parquet", "cubo"),
            ("snapshots/20261122T031500Z/mysql/users/part-00000.parquet", "de-mysql"),
            ("snapshots/20261122T031500Z/mysql", "de-mysql"),
            ("snapshots/20261122T031500Z/manifest.json", "cubo"),
            ("snapshots/20261122T031500Z/claim", "cubo"),
            ("snapshots/CURRENT", "cubo"),
            ("snapshots/mysql", "cubo"),
            ("backups/1/mysql/users", "cubo"),
            ("analytics/mysql/x.csv", "cubo"),
            ("postgresql/recibos/recibos.csv", "cubo"),
            ("mysqlx/a", "cubo"),
        ],
    )
    def test_a_key_is_in_its_stores_bucket(self, aside, key, bucket):
        assert aside.bucket_of(key) == bucket

    @pytest.mark.parametrize(
        ("prefix", "buckets"),
        [
            ("", ["cubo", "de-mysql"]),
            ("snapshots", ["cubo", "de-mysql"]),
            ("snapshots/1", ["cubo", "de-mysql"]),
            ("changes", ["cubo", "de-mysql"]),
            ("mysql", ["de-mysql"]),
            ("snapshots/1/mysql/users", ["de-mysql"]),
            ("backups", ["cubo"]),
            ("postgresql/recibos", ["cubo"]),
        ],
    )
    def test_only_the_buckets_that_may_hold_it_are_listed(self, aside, prefix, buckets):
        assert aside.buckets_of(prefix) == buckets

    def test_two_stores_of_one_bucket_are_listed_once(self, tmp_path):
        stores = {"mysql": "cubo", "mongodb": "otro", "cassandra": "otro"}
        found = s3.S3Lake("cubo", stores, encryption={}, staging=tmp_path)
        assert found.buckets_of("snapshots") == ["cubo", "otro"]

    def test_each_key_is_where_it_belongs(self, s3_lake):
        many = s3_lake("mysql", "postgresql")
        put(many, "mysql/users/users.csv")
        put(many, "snapshots/1/postgresql/recibos/part-00000.parquet")
        many.copy("mysql/users/users.csv", "analytics/copia.csv", metadata={})
        many.create("snapshots/CURRENT", b"1")

        def held(bucket):
            listed = clients.client().list_objects_v2(Bucket=bucket)["Contents"]
            return [entry["Key"] for entry in listed]

        assert held(many.bucket) == ["analytics/copia.csv", "snapshots/CURRENT"]
        assert held(many.stores["mysql"]) == ["mysql/users/users.csv"]
        assert held(many.stores["postgresql"]) == [
            "snapshots/1/postgresql/recibos/part-00000.parquet"
        ]

    def test_what_is_in_another_stores_bucket_is_no_key(self, s3_lake):
        many = s3_lake("mysql")
        for bucket, key in ((many.bucket, KEY), (many.stores["mysql"], "snapshots/CURRENT")):
            clients.client().put_object(Bucket=bucket, Key=key, Body=b"de antes")
        assert many.objects() == {}
        assert many.read(KEY) is None

    def test_a_bucket_that_is_not_there_is_named(self, s3_lake, own_bucket):
        many = s3_lake()
        many.stores = {"mysql": f"{own_bucket()}-no"}
        with pytest.raises(failures.LakeFailed, match=r"-no no existe"):
            many.ping()
        for ask in (many.read, many.size, many.open, many.remove):
            with pytest.raises(failures.LakeFailed, match=r"-no no existe"):
                ask(KEY)
        assert many.read("snapshots/CURRENT") is None


class TestWriting:
    def test_an_object_says_what_it_was_copied_from(self, lago):
        put(lago, "snapshots/1/mysql/users/users.csv")
        lago.copy("snapshots/1/mysql/users/users.csv", KEY, metadata={"snapshot": "1"})
        found = clients.client().head_object(Bucket=lago.bucket, Key=KEY)
        assert found["Metadata"] == {"snapshot": "1"}

    @pytest.mark.parametrize("size", [9, 20 << 20], ids=["small", "large"])
    def test_a_copy_in_parts_says_so_too(self, lago, monkeypatch, size):
        monkeypatch.setattr(
            s3,
            "COPIES",
            s3.TransferConfig(multipart_threshold=8 << 20, multipart_chunksize=8 << 20),
        )
        put(lago, "a", b"x" * size)
        lago.copy("a", "b", metadata={"snapshot": "1"})
        found = clients.client().head_object(Bucket=lago.bucket, Key="b")
        assert (found["Metadata"], found["ContentLength"]) == ({"snapshot": "1"}, size)

    def test_what_is_written_has_its_sha256_beside_it(self, lago):
        put(lago, "a", b"uno")
        lago.create("b", b"uno")
        put(lago, "c", b"x" * (17 << 20))
        for key in ("a", "b", "c"):
            found = clients.client().head_object(
                Bucket=lago.bucket, Key=key, ChecksumMode="ENABLED"
            )
            assert found["ChecksumSHA256"]

    def test_a_stream_that_breaks_asks_nothing_of_s3(self, aside, answers):
        with pytest.raises(Interrupted), aside.write(KEY) as file:
            file.write(b"a medias")
            raise Interrupted

    def test_what_is_under_way_has_no_name(self, aside, answers):
        with pytest.raises(Interrupted), aside.write(KEY) as file:
            file.write(b"a medias")
            assert list(aside.staging.iterdir()) == []
            raise Interrupted

    def test_an_upload_that_is_refused_leaves_no_parts(self, lago):
        put(lago, "a", b"x")
        with pytest.raises(FileExistsError), lago.write_once("a") as file:
            file.write(b"y" * (20 << 20))
        assert "Uploads" not in clients.client().list_multipart_uploads(Bucket=lago.bucket)

    def test_sweep_gives_up_old_uploads_alone(self, lago):
        client = clients.client()
        client.create_multipart_upload(Bucket=lago.bucket, Key="a")
        lago.sweep(older_than=timedelta(hours=1))
        assert len(client.list_multipart_uploads(Bucket=lago.bucket)["Uploads"]) == 1
        lago.sweep(older_than=timedelta(seconds=-10))
        assert "Uploads" not in client.list_multipart_uploads(Bucket=lago.bucket)

    def test_sweep_is_not_troubled_by_a_writer_that_ends_meanwhile(self, aside, answers):
        upload = {"Key": "a", "UploadId": "1", "Initiated": datetime(2026, 1, 1, tzinfo=UTC)}
        answers.add_response("list_multipart_uploads", {"Uploads": [upload]})
        answers.add_client_error("abort_multipart_upload", "NoSuchUpload", "", 404)
        answers.add_response("list_multipart_uploads", {})
        aside.sweep(older_than=timedelta(0))


class TestLostAnswers:
    """A write whose answer was lost is asked for again by the SDK, and refused by what it wrote itself."""

    @pytest.fixture
    def by(self, monkeypatch):
        class Name:
            hex = "este"

        monkeypatch.setattr(s3, "uuid4", Name)

    @pytest.mark.parametrize(("writer", "won"), [("este", True), ("otro", False)])
    def test_create_knows_its_own(self, aside, answers, by, writer, won):
        answers.add_client_error("put_object", "PreconditionFailed", "", 412)
        answers.add_response("head_object", {"Metadata": {s3.WRITER: writer}})
        assert aside.create(KEY, b"uno") is won

    @pytest.mark.parametrize(("writer", "won"), [("este", True), ("otro", False)])
    def test_change_knows_its_own(self, aside, answers, by, writer, won):
        body = io.BytesIO(b"antes")
        answers.add_response("get_object", {"Body": body, "ETag": '"1"'})
        answers.add_client_error("put_object", "ConditionalRequestConflict", "", 409)
        answers.add_response("head_object", {"Metadata": {s3.WRITER: writer}})
        assert aside.change(KEY, b"uno", expected=b"antes") is won

    def test_write_once_knows_its_own(self, aside, answers, by):
        answers.add_client_error("put_object", "PreconditionFailed", "", 412)
        answers.add_response("head_object", {"Metadata": {s3.WRITER: "este"}})
        with aside.write_once(KEY) as file:
            file.write(b"uno")

    def test_what_was_removed_meanwhile_is_nobodys(self, aside, answers):
        answers.add_client_error("put_object", "ConditionalRequestConflict", "", 409)
        answers.add_client_error("head_object", "404", "", 404)
        assert not aside.create(KEY, b"uno")

    def test_change_says_no_where_what_it_read_was_removed(self, aside, answers):
        answers.add_response("get_object", {"Body": io.BytesIO(b"antes"), "ETag": '"1"'})
        answers.add_client_error("put_object", "NoSuchKey", "", 404)
        answers.add_client_error("head_object", "404", "", 404)
        assert not aside.change(KEY, b"uno", expected=b"antes")

    def test_other_refusals_are_told(self, aside, answers):
        for operation in ("put_object", "put_object"):
            answers.add_client_error(operation, "AccessDenied", "", 403)
        with pytest.raises(failures.LakeFailed, match="s3:PutObject"):
            aside.create(KEY, b"uno")
        refused = pytest.raises(failures.LakeFailed, match="s3:PutObject")
        with refused, aside.write_once(KEY) as file:
            file.write(b"uno")


class TestReading:
    class Breaks:
        """A body that ends before its time, as often as it is told."""

        def __init__(self, times):
            self.left = times

        def read(self):
            self.left -= 1
            if self.left >= 0:
                raise s3.IncompleteReadError(actual_bytes=1, expected_bytes=3)
            return b"uno"

    @pytest.mark.parametrize("times", [1, 2])
    def test_an_answer_that_breaks_off_is_asked_for_again(self, aside, monkeypatch, times):
        body = self.Breaks(times)

        class Client:
            def get_object(self, **params):
                return {"Body": body, "ETag": '"1"'}

        monkeypatch.setattr(s3, "client", lambda kind="": Client())
        assert aside.read(KEY) == b"uno"

    def test_one_that_always_breaks_off_is_told(self, aside, monkeypatch):
        body = self.Breaks(s3.TRIES)

        class Client:
            def get_object(self, **params):
                return {"Body": body, "ETag": '"1"'}

        monkeypatch.setattr(s3, "client", lambda kind="": Client())
        with pytest.raises(failures.LakeFailed, match="suma de control"):
            aside.read(KEY)

    def test_listings_are_read_to_their_last_page(self, aside, answers):
        asked = {"Bucket": "de-mysql", "Prefix": "mysql/"}
        first = {"Contents": [{"Key": "mysql/b", "Size": 1}], "IsTruncated": True}
        answers.add_response("list_objects_v2", first | {"NextContinuationToken": "sigue"}, asked)
        answers.add_response(
            "list_objects_v2",
            {"Contents": [{"Key": "mysql/a", "Size": 2}, {"Key": "mysql/vacía/", "Size": 0}]},
            asked | {"ContinuationToken": "sigue"},
        )
        assert aside.keys("mysql") == ["mysql/a", "mysql/b"]

    def test_more_keys_than_a_page_holds(self, lago):
        with ThreadPoolExecutor(8) as pool:
            made = list(pool.map(lambda n: lago.create(f"a/{n:04}/x", b""), range(1010)))
        assert all(made)
        assert len(lago.keys("a")) == len(lago.names("a")) == len(lago.objects()) == 1010

    def test_a_key_that_only_begins_so_is_another(self, lago):
        lago.create("a/bc", b"uno")
        assert lago.size("a/b") is None
        with pytest.raises(FileNotFoundError):
            lago.open("a/b")

    def test_only_what_is_read_is_asked_for(self, aside, answers):
        size = 100 << 20
        entry = {"Key": KEY, "Size": size, "ETag": '"1"'}
        answers.add_response("list_objects_v2", {"Contents": [entry]})
        asked = f"bytes={size - 8}-{size - 1}"
        answers.add_response(
            "get_object",
            {"Body": io.BytesIO(b"12345678"), "ETag": '"1"'},
            {"Bucket": "de-mysql", "Key": KEY, "IfMatch": '"1"', "Range": asked},
        )
        with aside.open(KEY) as file:
            file.seek(-8, io.SEEK_END)
            assert file.read(4) == b"1234"
            assert file.read() == b"5678"


def test_the_lake_of_the_settings_keeps_what_it_is_given(settings, own_bucket):
    settings.LAKE_URL = f"s3://{own_bucket()}"
    settings.S3_BUCKETS = {"mysql": own_bucket()}
    assert lake().create(KEY, b"uno")
    assert lake().objects()[KEY].bytes == 3
