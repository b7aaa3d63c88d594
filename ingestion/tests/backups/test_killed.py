"""Interrupted at any batch, the same order ends it; and a backup that was cut is no backup."""

from datetime import timedelta
from itertools import count

import pytest
from django.utils import timezone

from bitacora import relay
from core.models import Lease
from core.stores import Store
from ingestion import jobs, work
from ingestion.backups import restore as module
from ingestion.backups import take
from ingestion.backups.manifest import complete_ids, ids
from ingestion.backups.retention import sweep
from ingestion.models import Job
from ingestion.tests.backups.conftest import contents, differing, empty

pytestmark = [
    pytest.mark.django_db(databases="__all__"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


class Killed(BaseException):
    """What a test raises where a process would die."""


def dying(function, at):
    steps = count(1)

    def step(*args, **kwargs):
        if next(steps) == at:
            raise Killed
        return function(*args, **kwargs)

    return step


def test_a_restore_that_was_killed_is_ended_by_the_same_order(
    portfolio, back_up, restore, empty_bitacora, monkeypatch
):
    relay.run()
    before = contents()
    backup_id = back_up()
    empty()
    empty_bitacora()
    insert = module._insert
    for at in (2, 10, 20):
        monkeypatch.setattr(module, "_insert", dying(insert, at))
        with pytest.raises(Killed):
            restore(backup_id, write=True)
        Lease.objects.all().delete()  # what the dead held runs out
    monkeypatch.setattr(module, "_insert", insert)
    restore(backup_id, write=True)
    assert differing(before, contents()) == ["core.Operacion"]


@pytest.mark.parametrize("alias", ["clientes", "bienes"])
def test_a_store_with_transactions_is_written_whole_or_not_at_all(
    portfolio, back_up, restore, monkeypatch, alias
):
    backup_id = back_up()
    empty()
    monkeypatch.setattr(module, "_count_on", dying(module._count_on, 1))
    with pytest.raises(Killed):
        restore(backup_id, "--stores", alias, write=True)
    found = [name for name, rows in contents().items() if rows and "bitacora" not in name]
    assert bool(found) is not Store(alias).supports_transactions


@pytest.mark.parametrize("at", [1, 30, 66])
def test_a_backup_that_was_cut_is_never_listed_and_is_swept(
    portfolio, back_up, lago, monkeypatch, at
):
    write = take._Taking._write
    monkeypatch.setattr(take._Taking, "_write", dying(write, at))
    job = jobs.pedir(Job.Kind.RESPALDO)
    with pytest.raises(Killed):
        work.run(job.pk)
    [cut] = ids(lago)
    assert list(complete_ids(lago)) == []
    # The same job, once its worker is given up, makes another.
    monkeypatch.setattr(take._Taking, "_write", write)
    old = timezone.now() - timedelta(minutes=2)
    Job.objects.filter(pk=job.pk).update(heartbeat=old)
    Lease.objects.update(expires=old)
    assert work.run(job.pk)
    [made] = complete_ids(lago)
    assert made > cut
    sweep(lago)
    assert ids(lago) == [made, cut]  # another process may still be at it
    later = timezone.now() + timedelta(days=2)
    monkeypatch.setattr(timezone, "now", lambda: later)
    sweep(lago)
    assert ids(lago) == [made]
    assert lago.keys(f"backups/{cut}") == []
