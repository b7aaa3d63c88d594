"""Lakes of a test's own: a folder, and buckets that are made for it and removed with it."""

import os
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import duckdb
import pytest

from ingestion.lake import FolderLake

ON_S3 = bool(os.environ.get("AWS_ENDPOINT_URL"))
needs_s3 = pytest.mark.skipif(not ON_S3, reason="AWS_ENDPOINT_URL names no server of S3")


@contextmanager
def buckets():
    """Yield what makes a bucket and returns its name; they are removed in the end."""
    from ingestion.lake.clients import client

    made = []

    def make() -> str:
        made.append(f"prueba-{uuid4().hex}")
        client().create_bucket(Bucket=made[-1])
        return made[-1]

    yield make
    for bucket in made:
        for page in client().get_paginator("list_objects_v2").paginate(Bucket=bucket):
            for entry in page.get("Contents", ()):
                client().delete_object(Bucket=bucket, Key=entry["Key"])
        client().delete_bucket(Bucket=bucket)


@pytest.fixture
def own_bucket():
    """Make a bucket, and return its name."""
    pytest.importorskip("boto3")
    if not ON_S3:
        pytest.skip("AWS_ENDPOINT_URL names no server of S3")
    with buckets() as make:
        yield make


@pytest.fixture
def s3_lake(own_bucket, tmp_path):
    """Return a lake on a bucket of its own, or on some more that stores have."""

    def make(*stores):
        from ingestion.lake.s3 import S3Lake

        return S3Lake(
            own_bucket(),
            {store: own_bucket() for store in stores},
            encryption={"ServerSideEncryption": "AES256"},
            staging=tmp_path,
        )

    return make


@pytest.fixture
def folder_lake(tmp_path):
    return FolderLake(tmp_path / "lago")


@pytest.fixture(params=["folder", "s3", "s3 of many buckets"])
def any_lake(request):
    """The lake in each of the places that it may be."""
    if request.param == "folder":
        return request.getfixturevalue("folder_lake")
    stores = ("mysql", "cassandra") if "many" in request.param else ()
    return request.getfixturevalue("s3_lake")(*stores)


@pytest.fixture
def duckdb_on_s3():
    """A DuckDB that reads from the server of S3."""
    extension = pytest.importorskip("duckdb_extension_httpfs")
    [file] = Path(next(iter(extension.__path__))).glob("extensions/*/httpfs.duckdb_extension")
    endpoint = urlsplit(os.environ["AWS_ENDPOINT_URL"])
    with duckdb.connect(config={"autoinstall_known_extensions": False}) as database:
        database.execute(f"LOAD '{file}'")
        database.execute(
            "CREATE SECRET (TYPE s3, KEY_ID $key, SECRET $secret, ENDPOINT $endpoint,"
            " REGION 'us-east-1', URL_STYLE 'path', USE_SSL $tls)",
            {
                "key": os.environ["AWS_ACCESS_KEY_ID"],
                "secret": os.environ["AWS_SECRET_ACCESS_KEY"],
                "endpoint": endpoint.netloc,
                "tls": endpoint.scheme == "https",
            },
        )
        yield database
