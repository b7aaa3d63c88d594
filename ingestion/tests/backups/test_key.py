"""The key of the installation: made once, told apart, never said."""

import stat
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import ImproperlyConfigured

from ingestion.backups.checks import the_key_of_the_backups_is_one
from ingestion.backups.key import backup_key, fingerprint, key_path, make_key


@pytest.fixture(autouse=True)
def unset(settings):
    settings.BACKUP_KEY = ""


def test_it_is_made_once_for_nobody_else_to_read():
    with pytest.raises(ImproperlyConfigured, match="No hay clave"):
        backup_key()
    key = make_key()
    assert len(key) == 32
    assert make_key() == backup_key() == key
    assert stat.S_IMODE(key_path().stat().st_mode) == 0o600
    assert [path.name for path in key_path().parent.iterdir()] == ["backup_key"]


def test_of_many_that_make_it_at_once_one_is_the_key():
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: make_key(), range(16)))
    assert set(made) == {backup_key()}


def test_it_may_be_a_value_or_a_file(settings, tmp_path):
    settings.BACKUP_KEY = "0A" * 32
    assert make_key() == bytes([10]) * 32
    assert not key_path().exists()
    file = tmp_path / "clave"
    file.write_text("0b" * 32 + "\n")
    settings.BACKUP_KEY = str(file)
    assert make_key() == bytes([11]) * 32


def test_a_file_that_holds_no_key_is_named(settings, tmp_path):
    file = tmp_path / "clave"
    file.write_text("secreto")
    settings.BACKUP_KEY = str(file)
    with pytest.raises(ImproperlyConfigured, match="clave: no es una clave") as refusal:
        make_key()
    assert "secreto" not in str(refusal.value)


def test_its_fingerprint_tells_keys_apart_and_says_nothing_of_them():
    one, other = bytes(32), bytes([1]) * 32
    assert fingerprint(one) != fingerprint(other)
    assert len(fingerprint(one)) == 16
    assert fingerprint(one) not in one.hex()


def test_a_key_that_is_none_stops_the_start(settings):
    assert the_key_of_the_backups_is_one(None) == []
    settings.BACKUP_KEY = "0b" * 32
    assert the_key_of_the_backups_is_one(None) == []
    settings.BACKUP_KEY = "secreto"
    [error] = the_key_of_the_backups_is_one(None)
    assert "64 cifras hexadecimales" in error.msg and "secreto" not in error.msg
