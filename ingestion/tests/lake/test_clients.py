"""Who speaks to S3: how many clients there are, and what each is told."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import ImproperlyConfigured

s3 = pytest.importorskip("ingestion.lake.s3")
clients = pytest.importorskip("ingestion.lake.clients")
failures = pytest.importorskip("ingestion.lake.failures")


def test_a_process_has_one_of_each_kind(monkeypatch):
    monkeypatch.setattr(clients, "_client", lambda kind, process: (kind, process))
    with ThreadPoolExecutor(4) as pool:
        found = set(pool.map(lambda n: clients.client(("", clients.ONCE)[n % 2]), range(8)))
    assert len(found) == 2
    assert clients.client() == clients.client()


def test_a_child_makes_its_own(monkeypatch):
    mine = clients.client()
    monkeypatch.setattr(clients.os, "getpid", lambda: 0)
    child = clients.client()
    assert child is not mine
    child.close()


@pytest.fixture
def make():
    made = []

    def do(kind=""):
        made.append(clients._client.__wrapped__(kind, 0))
        return made[-1]

    yield do
    for client in made:
        client.close()


@pytest.mark.parametrize(
    ("variables", "region"),
    [
        ({}, "us-east-1"),
        ({"AWS_DEFAULT_REGION": "eu-west-1"}, "eu-west-1"),
        ({"AWS_REGION": "eu-west-3", "AWS_DEFAULT_REGION": "eu-west-1"}, "eu-west-3"),
    ],
)
def test_the_region_is_the_one_that_is_named(make, monkeypatch, variables, region):
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert make().meta.region_name == region


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("AWS_ENDPOINT_URL", "s3 de casa"),
        ("AWS_PROFILE", "no-existe"),
        ("AWS_DEFAULT_REGION", "no es una región"),
    ],
)
def test_a_wrong_setting_is_named(make, monkeypatch, variable, value):
    monkeypatch.delenv("AWS_REGION", raising=False)
    monkeypatch.setenv(variable, value)
    with pytest.raises(ImproperlyConfigured, match=variable):
        make()


def test_what_answers_slowly_is_asked_again_but_not_by_who_is_in_a_hurry(make):
    patient, hurried = make().meta.config, make(clients.IMPATIENT).meta.config
    assert (patient.retries["mode"], patient.retries["total_max_attempts"]) == ("standard", 5)
    assert hurried.retries["total_max_attempts"] == 1
    assert hurried.connect_timeout < patient.connect_timeout


def test_a_server_that_is_not_there_is_told_at_once(make, monkeypatch, tmp_path):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "a")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "b")
    client = make(clients.IMPATIENT)
    monkeypatch.setattr(s3, "client", lambda kind="": client)
    with pytest.raises(failures.LakeFailed, match=r"127\.0\.0\.1:9"):
        s3.S3Lake("cubo", {}, encryption={}, staging=tmp_path).ping()
