"""A bad value stops the start with a sentence that names its variable."""

import os
import subprocess
import sys
from pathlib import Path

import environ
import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from config.env import secret_key, store_database, version, words
from core.checks import open_interfaces_are_known

pytestmark = pytest.mark.any_engine


@pytest.fixture
def env(monkeypatch):
    for name in ("CLIENTES_URL", "SECRET_KEY"):
        monkeypatch.delenv(name, raising=False)
    return environ.Env()


def test_a_store_without_an_address_is_a_file_of_its_own(env, tmp_path):
    database = store_database(env, "CLIENTES_URL", tmp_path / "clientes.sqlite3")
    assert database["ENGINE"] == "core.backends.sqlite3"
    assert database["NAME"] == str(tmp_path / "clientes.sqlite3")
    assert database["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


@pytest.mark.parametrize(
    ("url", "engine", "name"),
    [
        ("mysql://u:p@127.0.0.1:3306/BD_clientes", "core.backends.mysql", "BD_clientes"),
        ("postgres://u:p@127.0.0.1/BD_polizas", "core.backends.postgresql", "BD_polizas"),
        ("mongodb://u:p@a,b:27017/BD_bienes?w=1", "core.backends.mongodb", "BD_bienes"),
        ("sqlite:////srv/x.sqlite3", "core.backends.sqlite3", "/srv/x.sqlite3"),
    ],
)
def test_a_store_takes_the_address_that_its_variable_names(env, monkeypatch, url, engine, name):
    monkeypatch.setenv("CLIENTES_URL", url)
    database = store_database(env, "CLIENTES_URL", Path("unused"))
    assert (database["ENGINE"], database["NAME"]) == (engine, name)


@pytest.mark.parametrize("url", ["nonsense", "ftp://127.0.0.1/x", "clientes.sqlite3"])
def test_an_address_of_no_engine_names_its_variable_and_not_its_value(env, monkeypatch, url):
    monkeypatch.setenv("CLIENTES_URL", url)
    with pytest.raises(ImproperlyConfigured, match="CLIENTES_URL") as refusal:
        store_database(env, "CLIENTES_URL", Path("unused"))
    assert url not in str(refusal.value)


def test_the_secret_is_made_once_and_kept_from_others(env, tmp_path):
    first = secret_key(env, tmp_path)
    assert len(first) >= 50
    assert secret_key(env, tmp_path) == first
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0


def test_the_secret_that_the_environment_gives_wins(env, tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "given")
    assert secret_key(env, tmp_path) == "given"
    assert not (tmp_path / "secret_key").exists()


def test_a_secret_may_begin_with_any_sign(env, tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "$k3y")
    assert secret_key(env, tmp_path) == "$k3y"


def test_a_list_may_have_blanks_after_its_commas(env, monkeypatch):
    monkeypatch.setenv("ALLOWED_HOSTS", " a.example , b.example,, ")
    assert words(env, "ALLOWED_HOSTS") == ["a.example", "b.example"]


def test_the_version_is_the_newest_of_the_changelog(tmp_path):
    changelog = tmp_path / "CHANGELOG.md"
    changelog.write_text("# Changelog\n\n## 2.1.0 – soon\n\n## 2.0.0\n")
    assert version(changelog) == "2.1.0"
    assert settings.VERSION[0].isdigit()


def test_an_interface_that_does_not_exist_is_refused(settings):
    settings.OPEN_INTERFACES = ["analytics", "analitycs"]
    (error,) = open_interfaces_are_known(None)
    assert "analitycs" in error.msg
    assert "analytics" in error.msg


def start(**variables):
    return subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=settings.BASE_DIR,
        env=os.environ | variables,
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("SNAPSHOT_MAX_SKEW", "soon"),
        ("POLIZAS_URL", "nonsense"),
        ("LAKE_URL", "ftp://127.0.0.1/lago"),
        ("BITACORA_URL", "nonsense"),
        ("TIME_ZONE", "America/Lemuria"),
        ("HTTPS", "perhaps"),
        ("OPEN_INTERFACES", "everything"),
        ("EMAIL_URL", "nonsense"),
        ("REDIS_URL", "foo"),
    ],
)
def test_a_bad_value_stops_the_start_naming_its_variable(variable, value):
    answer = start(**{variable: value})
    assert answer.returncode != 0
    assert variable in answer.stderr
    assert "Traceback" not in answer.stderr


def test_a_good_start_says_nothing_but_that_all_is_well():
    answer = start()
    assert answer.returncode == 0, answer.stderr
    assert "no issues" in answer.stdout
