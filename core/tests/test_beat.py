"""Two beats: one sends, and the other takes over where it left."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django_celery_beat.models import IntervalSchedule, PeriodicTask

from config.celery import app
from core.beat import OneBeat
from core.models import Lease

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sent(monkeypatch):
    """The names of the tasks that the beats send."""
    names = []
    monkeypatch.setattr(
        OneBeat, "apply_async", lambda self, entry, **options: names.append(entry.task)
    )
    return names


@pytest.fixture
def daily():
    PeriodicTask.objects.all().delete()
    every, _made = IntervalSchedule.objects.get_or_create(every=1, period="days")
    return PeriodicTask.objects.create(
        name="diaria",
        task="ninguna",
        interval=every,
        last_run_at=timezone.now() - timedelta(days=2),
    )


@pytest.fixture
def beat(monkeypatch):
    monkeypatch.setattr(OneBeat, "setup_schedule", lambda self: None)
    made = []

    def make():
        made.append(OneBeat(app=app))
        return made[-1]

    yield make
    for one in made:
        one.close()


def ticks(scheduler, times=4):
    for _again in range(times):
        scheduler.tick()


def test_of_two_beats_one_sends(beat, daily, sent):
    first, second = beat(), beat()
    ticks(first)
    ticks(second)
    ticks(first)
    assert sent == ["ninguna"]


def test_who_stops_leaves_its_turn_and_what_it_sent_is_not_sent_again(beat, daily, sent):
    first, second = beat(), beat()
    ticks(second, 0)
    ticks(first)
    first.close()
    ticks(second)
    assert sent == ["ninguna"]
    assert Lease.objects.filter(name="beat").exists()


def test_who_died_is_replaced_once_its_time_is_over(beat, daily, sent):
    first, second = beat(), beat()
    ticks(first)
    first.sync()  # CELERY_BEAT_SYNC_EVERY = 1 does it after each task
    ticks(second)
    Lease.objects.update(expires=timezone.now() - timedelta(seconds=1))
    ticks(second)
    PeriodicTask.objects.update(last_run_at=timezone.now() - timedelta(days=2))
    ticks(first)  # it wakes up, and is told that it was replaced
    assert sent == ["ninguna"]


def test_a_beat_that_waits_looks_again_soon(beat, daily, sent):
    first, second = beat(), beat()
    ticks(first)
    assert second.tick() == 5


def test_each_task_that_is_sent_is_written_down_at_once(settings):
    assert app.conf.beat_sync_every == 1
