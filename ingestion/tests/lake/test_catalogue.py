"""What is published on S3 is a table of the catalogue there: every snapshot of it, while the lake has it."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from clientes.tests.factories import UsuarioFactory
from ingestion.catalog import catalog
from ingestion.snapshots import export as export_module
from ingestion.snapshots import integrity, stores
from ingestion.snapshots.iceberg import catalogue, register
from ingestion.snapshots.retention import retire
from ingestion.tests.lake.conftest import needs_s3

pytestmark = [needs_s3, pytest.mark.django_db(databases="__all__", transaction=True)]

USERS = "mysql/users"
TABLES = (USERS, "mysql/clients", "postgresql/policies", "mongodb/bienes", "cassandra/reclamos")


@pytest.fixture(autouse=True)
def few_tables(monkeypatch):
    tables = [table for table in catalog() if table.path in TABLES]
    for place in (export_module, integrity, stores):
        monkeypatch.setattr(place, "catalog", lambda: tables)


@pytest.fixture(autouse=True)
def on_s3(settings, own_bucket, tmp_path):
    settings.LAKE_URL = f"s3://{own_bucket()}"
    settings.S3_BUCKETS = {"mysql": own_bucket()}
    settings.ICEBERG_CATALOG_URL = f"sqlite:///{tmp_path}/iceberg.sqlite3"


@pytest.fixture
def two(portfolio, export):
    """Two snapshots: of the second only MySQL was read anew, where there is one user more."""
    first = export()
    UsuarioFactory()
    return first, export("mysql")


def table(lago, path):
    return catalogue(lago).load_table(path.replace("/", "."))


def tagged(lago, path, tag):
    """Return what a query that goes back to the tag finds."""
    found = table(lago, path)
    return found.scan(snapshot_id=found.refs()[tag].snapshot_id).to_arrow()


def written(lago, entry):
    """Return what the files that the manifest names hold."""
    parts = []
    for file in entry.files:
        with lago.open(file.key) as source:
            parts.append(pq.read_table(source))
    return pa.concat_tables(parts)


def assert_same(found, lago, entry):
    # Of a table without rows its texts come as large ones.
    expected = written(lago, entry)
    assert found.cast(expected.schema).equals(expected)


def tags(lago, path):
    return set(table(lago, path).refs()) - {"main"}


def test_each_snapshot_is_read_by_its_tag_as_its_manifest_says(lago, two):
    first, second = two
    for manifest in two:
        for path, entry in manifest.tables.items():
            assert_same(tagged(lago, path, manifest.id), lago, entry)
    assert first.tables[USERS].rows + 1 == second.tables[USERS].rows


def test_duckdb_reads_the_files_that_a_tag_says(lago, two, duckdb_on_s3):
    for manifest in two:
        found = table(lago, USERS)
        scan = found.scan(snapshot_id=found.refs()[manifest.id].snapshot_id)
        files = [task.file.file_path for task in scan.plan_files()]
        read = duckdb_on_s3.execute("SELECT * FROM read_parquet($files)", {"files": files})
        assert read.to_arrow_table().num_rows == manifest.tables[USERS].rows


def test_a_query_goes_back_in_time_once_there_is_more(lago, two, export):
    first, second = two
    then = tagged(lago, USERS, first.id)
    UsuarioFactory()
    third = export()
    assert tags(lago, USERS) == {first.id, second.id, third.id}
    assert tagged(lago, USERS, first.id).equals(then)
    assert table(lago, USERS).scan().count() == third.tables[USERS].rows == then.num_rows + 2


def test_what_retention_takes_leaves_the_rest_to_be_read(lago, two, settings):
    first, second = two
    settings.SNAPSHOT_KEEP = 1
    assert retire(lago) == [first.id]
    assert not lago.keys(f"snapshots/{first.id}/mysql")
    # The catalogue hears of it with the next snapshot: until then the tag is there, and the rest is whole.
    for path, entry in second.tables.items():
        assert_same(table(lago, path).scan().to_arrow(), lago, entry)
    register(lago, second)
    for path, entry in second.tables.items():
        assert tags(lago, path) == {second.id}
        assert_same(tagged(lago, path, second.id), lago, entry)


def test_the_catalogue_keeps_nothing_of_what_left_the_lake(lago, two, export, settings):
    settings.SNAPSHOT_KEEP = 1
    export()
    kept = described(lago)
    for _again in range(2):
        export()
        assert described(lago) == kept


def described(lago):
    """Return how many files say what the tables are made of, but those that are versions of the same."""
    return sum(key.endswith(".avro") for key in lago.keys("iceberg"))
