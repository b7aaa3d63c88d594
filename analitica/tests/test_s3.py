"""The analytics over a lake on S3: what is read of it, how often, and what is told where it refuses."""

import pytest

from analitica.answers import answers
from analitica.metrics import ENDPOINTS
from analitica.tables import ALL, TABLES
from analitica.tests import lakes
from analitica.tests.small import AS_OF, CSVS, write
from ingestion import jobs, work
from ingestion.lake import FolderLake, lake
from ingestion.models import Job
from ingestion.snapshots import parts
from ingestion.snapshots.manifest import CURRENT, FOLDER, current_id, load, manifest_key
from ingestion.tests.conftest import portfolio
from ingestion.tests.lake.conftest import needs_s3, own_bucket

__all__ = ["own_bucket", "portfolio"]

pytestmark = [
    needs_s3,
    pytest.mark.django_db(databases="__all__"),
    pytest.mark.usefixtures("open_analytics", "on_s3"),
]
READ = {path for endpoint in ENDPOINTS.values() for path in endpoint.reads}
USERS = "/mysql/analytics/users"
JOURNEY = "/cross/analytics/customer-journey"


@pytest.fixture(params=["one bucket", "many buckets"])
def on_s3(request, settings, own_bucket):
    settings.LAKE_URL = f"s3://{own_bucket()}"
    settings.S3_BUCKETS = {"mysql": own_bucket()} if "many" in request.param else {}


@pytest.fixture
def published(monkeypatch, portfolio):
    """Publish a snapshot and return its manifest."""
    monkeypatch.setattr(parts, "MOMENT", 0.0)  # no worker comes
    work.run(jobs.pedir(Job.Kind.EXPORTACION).pk)
    return load(lake(), current_id(lake()))


@pytest.fixture
def read():
    """What is read of S3 from now on: keys, in order; it forgets what it has told."""
    from ingestion.lake.clients import client

    found = []

    def note(params, **kwargs):
        found.append(params["Key"])

    def told():
        said, found[:] = [*found], []
        return said

    client().meta.events.register("provide-client-params.s3.GetObject", note)
    yield told
    client().meta.events.unregister("provide-client-params.s3.GetObject", note)


def everything(client, query=""):
    """Ask every question, and return what is answered."""
    found = {path: client.get(f"{path}{query}") for path in ENDPOINTS}
    assert {answer.status_code for answer in found.values()} == {200}
    return {path: answer.content for path, answer in found.items()}


def in_folder(settings, folder, keys):
    """Have the same in a folder, and be there from now on."""
    place, there = FolderLake(folder), lake()
    for key in keys:
        assert place.create(key, there.read(key))
    settings.LAKE_URL = folder.as_uri()
    settings.ANALYTICS_CACHE = folder / "copias"
    answers.forget()


def files(manifest, *paths):
    """Return the keys of the Parquet files of these tables."""
    return sorted(file.key for path in paths for file in manifest.tables[path].files)


class TestPublished:
    def test_it_answers_what_a_folder_does(self, client, published, settings, tmp_path):
        on_s3 = everything(client)
        in_folder(settings, tmp_path / "carpeta", lake().keys(FOLDER))
        assert everything(client) == on_s3

    def test_each_table_is_read_once_and_as_it_is_asked_for(self, client, published, read):
        client.get(f"{USERS}?as_of={AS_OF}")
        assert read() == [CURRENT, manifest_key(published.id), *files(published, "mysql/users")]
        everything(client, f"?as_of={AS_OF}")
        others = files(published, *READ - {"mysql/users"})
        assert sorted(key for key in read() if key != CURRENT) == others
        everything(client, "?as_of=2026-01-01")
        assert {*read()} == {CURRENT}

    def test_its_answers_are_kept_in_the_bucket(self, client, published, read):
        first = everything(client)
        kept = lake().keys("analytics")
        assert len(kept) == len(ENDPOINTS)
        assert all(published.id in key for key in kept)
        answers.forget()  # as another process
        read()
        assert everything(client) == first
        assert sorted(key for key in read() if key != CURRENT) == kept

    def test_who_has_an_answer_costs_one_read(self, client, published, read):
        etag = client.get(USERS)["ETag"]
        answers.forget()
        read()
        again = client.get(USERS, headers={"If-None-Match": etag})
        assert (again.status_code, read()) == (304, [CURRENT])

    def test_a_file_that_is_gone_is_told(self, client, published):
        [gone] = files(published, "mysql/users")
        lake().remove(gone)
        assert told(client) == (500, f"Error: Could not load {gone}: NoSuchKey")


class TestFlat:
    def test_it_answers_what_a_folder_does(self, client, settings, tmp_path):
        lakes.write(tmp_path / "origen", lakes.whole(seed=31, rows=60))
        for table in ALL:
            lake().create(table.key, (tmp_path / "origen" / table.key).read_bytes())
        query = f"?as_of={lakes.AS_OF:%Y-%m-%dT%H:%M:%SZ}"
        on_s3 = everything(client, query)
        in_folder(settings, tmp_path / "carpeta", [table.key for table in ALL])
        assert everything(client, query) == on_s3

    def test_each_file_is_read_once_and_again_when_it_changes(self, client, read):
        write()
        everything(client)
        found = read()
        tables = sorted(key for key in found if key != CURRENT)
        assert tables == sorted(TABLES[path].key for path in READ)
        everything(client, f"?as_of={AS_OF}")
        assert {*read()} == {CURRENT}
        write(mysql_users=CSVS["mysql/users"] + "u3,leo,,USER,,Lima,,\n")
        assert client.get(USERS).json()["total_users"] == 3
        assert [key for key in read() if key != CURRENT] == [TABLES["mysql/users"].key]
        assert client.get(JOURNEY).status_code == 200
        assert {*read()} == {CURRENT}

    def test_nothing_is_left_in_somebody_elses_lake(self, client):
        write()
        everything(client)
        assert sorted(lake().objects()) == sorted(table.key for table in ALL)

    def test_a_file_that_is_not_there_is_told(self, client):
        write(mysql_users=None)
        assert told(client) == (500, "Error: Could not load mysql/users/users.csv: NoSuchKey")

    def test_a_file_that_goes_while_it_is_asked_for_is_told(self, client, monkeypatch):
        write()
        monkeypatch.setattr("ingestion.lake.s3.S3Lake.open", missing)
        assert told(client) == (500, "Error: Could not load mysql/users/users.csv: NoSuchKey")


def missing(self, key):
    raise FileNotFoundError(key)


def told(client):
    answer = client.get(USERS)
    return answer.status_code, answer.json()["detail"]


class TestRefusals:
    @pytest.fixture
    def speak(self, monkeypatch):
        """Have the lake asked as these variables say."""
        from ingestion.lake import clients, s3

        made = []

        def do(**variables):
            for name, value in variables.items():
                monkeypatch.setenv(name, value)
            made.append(clients._client.__wrapped__("", 0))
            monkeypatch.setattr(s3, "client", lambda kind="": made[-1])

        yield do
        for client in made:
            client.close()

    @pytest.mark.parametrize(
        ("variable", "code"),
        [
            ("AWS_ACCESS_KEY_ID", "InvalidAccessKeyId"),
            ("AWS_SECRET_ACCESS_KEY", "SignatureDoesNotMatch"),
        ],
    )
    def test_wrong_keys_are_told_by_the_contract(self, client, speak, variable, code):
        write()
        speak(**{variable: "AKIAIOSFODNN7EXAMPLE"})
        answer = client.get(USERS)
        assert answer.status_code == 500
        assert answer.json() == {
            "detail": f"Error: An error occurred ({code}) when calling the GetObject operation"
        }
        assert client.get("/health").status_code == 503

    def test_a_server_that_is_not_there_is_told(self, client, speak):
        speak(AWS_ENDPOINT_URL="http://127.0.0.1:1")
        status, sentence = told(client)
        assert status == 503
        assert sentence.startswith("El servidor de S3 (127.0.0.1:1) no responde")

    def test_a_bucket_that_is_not_there_is_told(self, client, settings):
        settings.LAKE_URL = "s3://prueba-que-no-existe"
        assert told(client) == (
            500,
            "Error: An error occurred (NoSuchBucket) when calling the GetObject operation",
        )
