"""Which lake it is, and what is said where it can't be any."""

import sys

import environ
import pytest
from django.core.exceptions import ImproperlyConfigured

from config.env import lake_url, s3_buckets, s3_encryption
from ingestion import checks
from ingestion.lake import FolderLake, lake

FOLDER = "file:///srv/cartera/lago"


def env_of(**variables):
    env = environ.Env()
    env.ENVIRON = variables
    return env


def url_of(**variables):
    env = env_of(**variables)
    return lake_url(env, FOLDER, s3_buckets(env))


def test_it_is_the_folder_that_lake_url_names(settings, tmp_path):
    settings.LAKE_URL = (tmp_path / "con espacios y ñ").as_uri()
    assert isinstance(lake(), FolderLake)
    assert lake().folder == tmp_path / "con espacios y ñ"
    assert checks.the_lake_is_known(None) == []


@pytest.mark.parametrize("url", ["s3://cubo-1.lago", "s3://cubo-1.lago/"])
def test_it_is_the_bucket_that_lake_url_names(settings, url):
    module = pytest.importorskip("ingestion.lake.s3")
    settings.LAKE_URL = url
    settings.S3_BUCKETS = {"mysql": "otro-cubo"}
    found = lake()
    assert isinstance(found, module.S3Lake)
    assert (found.bucket, found.stores) == ("cubo-1.lago", {"mysql": "otro-cubo"})
    assert checks.the_lake_is_known(None) == []


@pytest.mark.parametrize(
    "url",
    [
        "ftp://lago",
        "var/lago",
        "",
        "file://otro/lago",
        "file:///",
        "file:",
        "s3://",
        "s3:///lago",
        "s3://cubo/carpeta",
        "s3://Cubo",
        "s3://clave:secreto@cubo",
        "s3://un_cubo",
    ],
)
def test_any_other_url_is_refused_by_name(settings, url):
    settings.LAKE_URL = url
    with pytest.raises(ImproperlyConfigured, match="LAKE_URL") as refusal:
        lake()
    assert "secreto" not in str(refusal.value)
    [error] = checks.the_lake_is_known(None)
    assert error.id == "ingestion.E001"
    assert "LAKE_URL" in error.msg


def test_a_wrong_bucket_of_a_store_is_refused_by_name(settings):
    settings.LAKE_URL = "s3://cubo"
    settings.S3_BUCKETS = {"mysql": "Mal Cubo"}
    with pytest.raises(ImproperlyConfigured, match="S3_BUCKET_MYSQL"):
        lake()


def test_a_bucket_without_its_sdk_says_what_is_missing(settings, monkeypatch):
    settings.LAKE_URL = "s3://cubo"
    monkeypatch.setitem(sys.modules, "boto3", None)
    for module in ("s3", "clients", "failures"):
        monkeypatch.delitem(sys.modules, f"ingestion.lake.{module}", raising=False)
    with pytest.raises(ImproperlyConfigured, match=r"boto3.*requirements/servers\.txt"):
        lake()


def test_lake_url_goes_before_the_bucket():
    assert url_of() == FOLDER
    assert url_of(LAKE_URL="", S3_BUCKET="") == FOLDER
    assert url_of(S3_BUCKET="cubo") == "s3://cubo"
    assert url_of(LAKE_URL="s3://otro", S3_BUCKET="cubo") == "s3://otro"
    assert url_of(LAKE_URL="file:///lago", S3_BUCKET_MYSQL="cubo") == "file:///lago"


def test_buckets_of_stores_without_a_common_one_are_refused():
    with pytest.raises(ImproperlyConfigured, match="S3_BUCKET: falta"):
        url_of(S3_BUCKET_MYSQL="cubo")


def test_only_the_stores_that_name_a_bucket_have_one():
    env = env_of(S3_BUCKET="cubo", S3_BUCKET_MONGODB="de-mongodb", S3_BUCKET_MYSQL="")
    assert s3_buckets(env) == {"mongodb": "de-mongodb"}


def test_the_stores_of_the_buckets_are_those_of_the_catalog():
    from config.env import LAKE_STORES
    from ingestion.catalog import catalog, databases

    assert set(LAKE_STORES) == set(databases(catalog()))


@pytest.mark.parametrize(
    ("variables", "found"),
    [
        ({}, ("AES256", "")),
        ({"S3_SSE": ""}, ("", "")),
        ({"S3_SSE": "aws:kms"}, ("aws:kms", "")),
        ({"S3_KMS_KEY": "alias/lago"}, ("aws:kms", "alias/lago")),
    ],
)
def test_how_it_is_encrypted_follows_from_the_key(variables, found):
    assert s3_encryption(env_of(**variables)) == found


@pytest.mark.parametrize(
    "variables", [{"S3_SSE": "rot13"}, {"S3_SSE": "AES256", "S3_KMS_KEY": "alias/lago"}]
)
def test_an_encryption_that_can_not_be_is_refused(variables):
    with pytest.raises(ImproperlyConfigured, match="S3_SSE"):
        s3_encryption(env_of(**variables))


@pytest.mark.parametrize(
    ("how", "key", "said"),
    [
        ("AES256", "", {"ServerSideEncryption": "AES256"}),
        ("", "", {}),
        ("aws:kms", "alias/lago", {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": "alias/lago"}),
    ],
)
def test_what_is_written_says_how_to_encrypt_it(settings, monkeypatch, how, key, said):
    module = pytest.importorskip("ingestion.lake.s3")
    settings.LAKE_URL, settings.S3_SSE, settings.S3_KMS_KEY = "s3://cubo", how, key
    asked = []

    class Client:
        def put_object(self, **params):
            asked.append(params)

        def upload_fileobj(self, *args, ExtraArgs, **params):
            asked.append(ExtraArgs)

        copy = upload_fileobj

    monkeypatch.setattr(module, "client", lambda kind="": Client())
    lake().create("a", b"")
    with lake().write("b") as file:
        file.write(b"b")
    lake().copy("a", "c", metadata={})
    for params in asked:
        found = {name: params[name] for name in params if name.startswith(("Server", "SSE"))}
        assert found == said
    assert len(asked) == 3
