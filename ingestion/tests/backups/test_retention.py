"""Backups go by number and by age, never the newest sound one, and a killed removal leaves none that is half there."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from ingestion.backups import retention
from ingestion.backups.manifest import complete_ids, expires, ids, manifest_key, moment_of
from ingestion.backups.retention import retain

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture(autouse=True)
def few_tables(monkeypatch):
    from ingestion.backups import take

    tables = take.copied_tables()[:2]
    monkeypatch.setattr(take, "copied_tables", lambda: tables)


@pytest.fixture
def on_day(monkeypatch, back_up):
    """Take a backup so many days from now; whatever comes then is of that day too."""
    today = timezone.now()

    def take(day):
        monkeypatch.setattr(timezone, "now", lambda: today + timedelta(days=day))
        return back_up()

    return take


def test_as_many_stay_as_are_to_be_kept(on_day, lago, settings):
    settings.BACKUP_KEEP = 2
    taken = [on_day(day) for day in range(4)]
    assert list(complete_ids(lago)) == [taken[3], taken[2]]
    for gone in taken[:2]:
        assert lago.keys(f"backups/{gone}") == []


def test_they_go_on_the_day_that_was_said(on_day, lago, settings):
    settings.BACKUP_KEEP_DAYS = 10
    first = on_day(0)
    said = expires(first)
    assert said - moment_of(first) == timedelta(days=10)
    on_day(9)
    assert first in complete_ids(lago)
    last = on_day(10)
    assert timezone.now() >= said
    assert first not in complete_ids(lago)
    assert last in complete_ids(lago)


def test_the_newest_stays_however_old_it_is(on_day, lago, settings, monkeypatch):
    settings.BACKUP_KEEP_DAYS = 1
    only = on_day(0)
    monkeypatch.setattr(timezone, "now", lambda: moment_of(only) + timedelta(days=400))
    assert retain(lago) == []
    assert list(complete_ids(lago)) == [only]


def test_one_that_lacks_a_file_is_not_the_newest_sound_one(on_day, lago, settings):
    sound, broken = on_day(0), on_day(1)
    name = next(key for key in lago.keys(f"backups/{broken}") if "default" in key)
    lago.remove(name)
    settings.BACKUP_KEEP = 1
    assert retain(lago) == []
    assert list(complete_ids(lago)) == [broken, sound]
    after = on_day(2)
    assert list(complete_ids(lago)) == [after]


def test_one_that_another_key_sealed_goes_by_age_like_the_others(on_day, lago, settings):
    settings.BACKUP_KEEP_DAYS = 3
    old = on_day(0)
    settings.BACKUP_KEY = "cd" * 32
    new = on_day(1)
    assert list(complete_ids(lago)) == [new, old]
    last = on_day(5)
    assert list(complete_ids(lago)) == [last]


def test_a_removal_that_is_killed_leaves_no_backup_that_is_half_there(
    on_day, lago, settings, monkeypatch
):
    taken = [on_day(0), on_day(1)]
    settings.BACKUP_KEEP = 1
    removed, remove = [], type(lago).remove

    def dying(self, key):
        if removed:
            raise KeyboardInterrupt
        removed.append(key)
        remove(self, key)

    monkeypatch.setattr(type(lago), "remove", dying)
    with pytest.raises(KeyboardInterrupt):
        retain(lago)
    monkeypatch.setattr(type(lago), "remove", remove)
    assert removed == [manifest_key(taken[0])]
    assert list(complete_ids(lago)) == [taken[1]]
    # The rest is swept with what was abandoned.
    monkeypatch.setattr(timezone, "now", lambda: moment_of(taken[1]) + timedelta(days=3))
    retention.sweep(lago)
    assert ids(lago) == [taken[1]]


def test_ids_sort_as_backups_are_taken_whatever_the_clock_does(on_day):
    taken = [on_day(2), on_day(0), on_day(0)]
    assert taken == sorted(set(taken))


def test_what_a_job_says_of_its_backup(run, settings):
    from ingestion.models import Job

    settings.BACKUP_KEEP = 1
    first = run(Job.Kind.RESPALDO).resultado
    second = run(Job.Kind.RESPALDO).resultado
    assert second["removed"] == [first["backup"]]
    assert datetime.fromisoformat(second["expires"]) == expires(second["backup"])
    assert second["rows"] > 0 and second["bytes"] > 0
