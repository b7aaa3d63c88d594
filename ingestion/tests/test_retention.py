"""What is swept, what retention takes and what it leaves, whatever kills it."""

from datetime import UTC, timedelta

import pytest
from django.utils import timezone

from clientes.tests.factories import UsuarioFactory
from ingestion.jobs import JobFailed
from ingestion.snapshots import export as module
from ingestion.snapshots.integrity import verify
from ingestion.snapshots.manifest import (
    CURRENT,
    ID_FORMAT,
    claim_key,
    complete_ids,
    current_id,
    hold_key,
    ids,
    load,
    manifest_key,
)
from ingestion.snapshots.retention import held_as, hold, release, retire, sweep

pytestmark = pytest.mark.django_db(databases="__all__")


class Killed(BaseException):
    """What a test raises where a process would die."""


def id_of(days):
    return f"{(timezone.now() - timedelta(days=days)).astimezone(UTC):{ID_FORMAT}}"


def abandoned(lago, *, days):
    """Leave what an export that died leaves."""
    found = id_of(days)
    lago.create(claim_key(found), b"")
    lago.create(f"snapshots/{found}/mysql/users/part-00000.parquet", b"a medias")
    return found


def aged(lago, manifest, *, days):
    """Have a snapshot be as old as that: its files, its manifest and its claim."""
    old = id_of(days)
    for key in lago.keys(f"snapshots/{manifest.id}"):
        content = lago.read(key).replace(manifest.id.encode(), old.encode())
        if key == manifest_key(manifest.id):
            content = unsealed(content)
        lago.create(key.replace(manifest.id, old), content)
        lago.remove(key)
    if current_id(lago) == manifest.id:
        lago.change(CURRENT, old.encode(), expected=manifest.id.encode())
    return old


def unsealed(content):
    return content[: content.rindex(b',\n "sha256"')] + b"\n}\n"


def sound(lago, snapshot_id):
    manifest = load(lago, snapshot_id)
    return [p for _path, found in verify(lago, manifest) for p in found if "part-" in p] == []


# What the dead left.


def test_what_was_never_published_is_swept_after_a_day(export, lago):
    old, recent = abandoned(lago, days=3), abandoned(lago, days=0.5)
    published = export().id
    assert ids(lago) == [published, recent]
    assert lago.keys(f"snapshots/{old}") == []
    assert len(lago.keys(f"snapshots/{recent}")) == 2


def test_current_is_never_swept(lago):
    old = abandoned(lago, days=3)
    lago.change(CURRENT, old.encode(), expected=None)
    sweep(lago)
    assert ids(lago) == [old]


def test_attempts_that_a_published_snapshot_does_not_name_are_swept(export, lago):
    old = aged(lago, export(), days=2)
    before = lago.keys(f"snapshots/{old}")
    for name in ("part-02000.parquet", "part-02000.csv"):
        lago.create(f"snapshots/{old}/mysql/users/{name}", b"de otro intento")
    sweep(lago)
    assert lago.keys(f"snapshots/{old}") == before
    assert sound(lago, old)


def test_a_csv_that_waits_is_kept_for_the_published_snapshot_alone(export, lago):
    first, second = aged(lago, export(), days=3), aged(lago, export(), days=2)
    for old in (first, second):
        lago.create(f"snapshots/{old}/mysql/users/part-00000.csv", b"id\n")
    sweep(lago)
    assert lago.size(f"snapshots/{first}/mysql/users/part-00000.csv") is None
    assert lago.size(f"snapshots/{second}/mysql/users/part-00000.csv") is not None


def test_nothing_is_swept_while_a_manifest_can_not_be_read(export, lago):
    export()
    old, broken = abandoned(lago, days=3), abandoned(lago, days=2)
    lago.create(manifest_key(broken), b"{}")
    sweep(lago)
    assert len(lago.keys(f"snapshots/{old}")) == 2


# Retention.


def test_the_newest_stay_and_the_others_go(export, lago, settings):
    settings.SNAPSHOT_KEEP = 2
    taken = [export().id for _ in range(4)]
    assert list(complete_ids(lago)) == [taken[3], taken[2]]
    assert ids(lago) == [taken[3], taken[2]]
    assert all(sound(lago, found) for found in taken[2:])


def test_what_is_too_old_goes_however_few_there_are(export, lago, settings):
    settings.SNAPSHOT_KEEP_DAYS = 10
    old, recent = aged(lago, export(), days=11), aged(lago, export(), days=9)
    published = export().id
    assert ids(lago) == [published, recent]
    assert lago.keys(f"snapshots/{old}") == []


def test_the_published_one_stays_however_old(export, lago, settings):
    settings.SNAPSHOT_KEEP_DAYS = 1
    old = aged(lago, export(), days=5)
    assert retire(lago) == []
    assert sound(lago, old)


def test_what_is_held_stays_until_it_is_released(export, lago, settings):
    first = export().id
    hold(lago, first, "Cierre de año")
    settings.SNAPSHOT_KEEP = 1
    export()
    assert first in ids(lago)
    assert held_as(lago, first) == "Cierre de año"
    assert sound(lago, first)
    release(lago, first)
    assert held_as(lago, first) == ""
    assert retire(lago) == [first]
    assert lago.keys(f"snapshots/{first}") == []


def test_files_that_a_kept_snapshot_names_stay(export, lago, settings):
    settings.SNAPSHOT_KEEP = 1
    first = export().id
    UsuarioFactory()
    second = export("mysql").id
    assert list(complete_ids(lago)) == [second]
    left = lago.keys(f"snapshots/{first}")
    assert claim_key(first) in left
    assert {key.split("/")[2] for key in left} == {"claim", "cassandra", "mongodb", "postgresql"}
    assert sound(lago, second)
    # And they go with the last that names them.
    third = export().id
    assert list(complete_ids(lago)) == [third]
    assert all(key.startswith(f"snapshots/{third}/") for key in lago.keys(f"snapshots/{third}"))


def test_files_that_nobody_names_any_more_are_swept_with_their_claim(export, lago, settings):
    first = aged(lago, export(), days=3)
    export()
    lago.remove(manifest_key(first))
    export()
    assert first not in ids(lago)


@pytest.mark.parametrize("death", range(8))
def test_a_killed_removal_leaves_no_manifest_that_names_what_is_gone(
    export, lago, settings, monkeypatch, death
):
    first, second = aged(lago, export(), days=4), aged(lago, export(), days=3)
    export()
    settings.SNAPSHOT_KEEP = 1
    remove, removed = type(lago).remove, []

    def die(self, key):
        if len(removed) == death:
            raise Killed
        removed.append(key)
        remove(self, key)

    monkeypatch.setattr(type(lago), "remove", die)
    with pytest.raises(Killed):
        retire(lago)
    monkeypatch.setattr(type(lago), "remove", remove)
    assert all(sound(lago, found) for found in complete_ids(lago))
    retire(lago)
    sweep(lago)
    assert not {first, second} & set(ids(lago))


def test_an_export_that_published_is_done_though_retention_fails(run, lago, monkeypatch):
    def refuse(lake):
        raise OSError("no se puede borrar")

    monkeypatch.setattr(module, "retire", refuse)
    job = run()
    assert job.estado == "terminado"
    assert current_id(lago) == job.resultado["snapshot"]


# Held by name.


def test_only_a_snapshot_that_is_there_is_held(lago):
    for verb in (lambda key: hold(lago, key, "x"), lambda key: release(lago, key)):
        for key in ("20260101T000000Z", "../../etc", ""):
            with pytest.raises(JobFailed, match="No hay ningún snapshot"):
                verb(key)
    assert lago.keys("snapshots") == []


def test_one_that_goes_while_it_is_being_held_is_not_said_to_be(export, lago, monkeypatch):
    first = export()
    write = type(lago).write

    def gone_meanwhile(self, key):
        self.remove(manifest_key(first.id))
        return write(self, key)

    monkeypatch.setattr(type(lago), "write", gone_meanwhile)
    with pytest.raises(JobFailed, match="No hay ningún snapshot"):
        hold(lago, first.id, "tarde")
    assert lago.size(hold_key(first.id)) is None


def test_releasing_twice_is_harmless(export, lago):
    first = export().id
    hold(lago, first, "x")
    release(lago, first)
    release(lago, first)
    assert held_as(lago, first) == ""
