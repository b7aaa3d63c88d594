"""What is published on S3 is read there by the tools of others, as they are."""

import os
from urllib.parse import urlsplit

import pyarrow.csv
import pyarrow.parquet as pq
import pytest
from pyarrow import fs

from ingestion.lake import lake
from ingestion.snapshots.integrity import verify
from ingestion.snapshots.manifest import CURRENT, current
from ingestion.tests.lake.conftest import needs_s3

pytestmark = [needs_s3, pytest.mark.django_db(databases="__all__", transaction=True)]
TABLE = "mysql/users"


@pytest.fixture
def published(settings, own_bucket, portfolio, run):
    """Publish a snapshot over two buckets, and return its manifest."""
    settings.LAKE_URL = f"s3://{own_bucket()}"
    settings.S3_BUCKETS = {"mysql": own_bucket()}
    run()
    return current(lake())


@pytest.fixture
def endpoint():
    return urlsplit(os.environ["AWS_ENDPOINT_URL"])


def places(manifest):
    """Return where the Parquet files of the table are, and its CSV."""
    files = [file.key for file in manifest.tables[TABLE].files]
    return [f"{lake().bucket_of(key)}/{key}" for key in (*files, f"{TABLE}/users.csv")]


def test_every_file_is_whole_where_the_manifest_names_it(published):
    found = dict(verify(lake(), published))
    assert set(published.tables) <= set(found)
    assert not any(found.values())
    assert lake().read(CURRENT).decode() == published.id


def test_a_second_snapshot_takes_the_place_of_the_first(published, run):
    run()
    second = current(lake())
    assert second.id > published.id
    assert not any(problems for _path, problems in verify(lake(), second))
    assert not any(
        problems for _path, problems in verify(lake(), published) if "csv" not in str(problems)
    )


def test_pyarrow_reads_it(published, endpoint):
    there = fs.S3FileSystem(
        endpoint_override=endpoint.netloc, scheme=endpoint.scheme, region="us-east-1"
    )
    *files, flat = places(published)
    rows = published.tables[TABLE].rows
    assert sum(pq.read_table(file, filesystem=there).num_rows for file in files) == rows
    with there.open_input_stream(flat) as file:
        assert pyarrow.csv.read_csv(file).num_rows == rows


def test_duckdb_reads_it(published, duckdb_on_s3):
    *files, flat = places(published)
    rows = published.tables[TABLE].rows
    for ask in ("read_parquet($files)", "read_csv($files)"):
        asked = [f"s3://{key}" for key in ([flat] if "csv" in ask else files)]
        [(found,)] = duckdb_on_s3.execute(
            f"SELECT count(*) FROM {ask}", {"files": asked}
        ).fetchall()
        assert found == rows
