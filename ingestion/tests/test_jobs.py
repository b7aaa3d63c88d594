from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.utils import timezone
from kombu.exceptions import OperationalError

from core.leases import LeaseLost, lease
from core.models import Lease
from ingestion import jobs, work
from ingestion.jobs import JobFailed, JobStopped
from ingestion.models import Job

pytestmark = pytest.mark.django_db(databases=["default"])

Estado = Job.Estado
KIND = Job.Kind.EXPORTACION


class Killed(BaseException):
    """What a test raises where a process would die."""


@pytest.fixture
def job():
    return jobs.pedir(KIND)


def grow_stale(job):
    Job.objects.filter(pk=job.pk).update(heartbeat=timezone.now() - timedelta(minutes=2))
    Lease.objects.update(expires=timezone.now() - timedelta(minutes=1))


def killed(job):
    """Leave the job as a process that died with it would."""
    with pytest.raises(Killed), jobs.claim(job.pk):
        raise Killed
    job.refresh_from_db()
    return job


# Asking.


def test_pedir_leaves_a_row_and_wakes_a_worker_after_commit(
    woken, django_capture_on_commit_callbacks
):
    ana = User.objects.create(username="ana")
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        job = jobs.pedir(KIND, params={"databases": ["mysql"]}, user_id=ana.pk)
        assert woken == []
    assert len(callbacks) == 1
    assert woken == [job.pk]
    job.refresh_from_db()
    assert job.estado == Estado.PENDIENTE
    assert job.parametros == {"databases": ["mysql"]}
    assert job.pedido_por == ana


def test_a_broker_that_is_away_is_no_reason_to_fail(monkeypatch, job):
    def refuse(*args):
        raise OperationalError("amqp://usuario:secreto@servidor")

    monkeypatch.undo()
    monkeypatch.setattr(jobs.current_app, "send_task", refuse)
    jobs.wake(job.pk)


def test_wake_sends_the_key_alone(monkeypatch, job):
    monkeypatch.undo()
    sent = []
    monkeypatch.setattr(jobs.current_app, "send_task", lambda *args: sent.append(args))
    jobs.wake(job.pk)
    assert sent == [("ingestion.tasks.run_job", [str(job.pk)])]


# Taking in hand.


def test_claim_marks_the_job_and_then_its_end(job):
    with jobs.claim(job.pk) as running:
        held = Job.objects.get(pk=job.pk)
        assert held.estado == Estado.EN_CURSO
        assert held.heartbeat and held.empezado and held.intentos == 1
        running.job.resultado = {"snapshot": "x"}
    job.refresh_from_db()
    assert job.estado == Estado.TERMINADO
    assert job.terminado >= job.empezado
    assert job.resultado == {"snapshot": "x"}
    assert job.percent == 100


def test_passing_twice_is_harmless(job):
    with jobs.claim(job.pk) as running, jobs.claim(job.pk) as second:
        assert running is not None
        assert second is None
    with jobs.claim(job.pk) as again:
        assert again is None
    job.refresh_from_db()
    assert job.intentos == 1


def test_a_job_that_is_not_there_is_nobody_s():
    with jobs.claim(uuid4()) as running:
        assert running is None


def test_one_job_of_a_kind_runs_at_a_time(job):
    other, check = jobs.pedir(KIND), jobs.pedir(Job.Kind.VERIFICACION)
    with jobs.claim(job.pk):
        with jobs.claim(other.pk) as busy:
            assert busy is None
        with jobs.claim(check.pk) as running:
            assert running is not None
    other.refresh_from_db()
    assert other.estado == Estado.PENDIENTE
    assert other.intentos == 0
    with jobs.claim(other.pk) as running:
        assert running is not None


def test_a_failure_is_told_in_a_sentence_and_raised(job):
    with pytest.raises(JobFailed), jobs.claim(job.pk):
        raise JobFailed("No se pudo leer mysql.")
    job.refresh_from_db()
    assert job.estado == Estado.FALLIDO
    assert job.error == "No se pudo leer mysql."
    assert job.terminado


@pytest.mark.parametrize(
    ("failure", "told"),
    [
        (ValidationError(["Falta esto.", "Y esto."]), "Falta esto. Y esto."),
        (ImproperlyConfigured("LAKE_URL: mal."), "LAKE_URL: mal."),
        (
            RuntimeError("clave=secreto"),
            "Error inesperado (RuntimeError): el registro del trabajador dice más.",
        ),
    ],
)
def test_what_was_not_foreseen_is_told_to_the_log_alone(failure, told):
    assert jobs.sentence(failure) == told


def test_a_failed_job_is_not_taken_again(job, woken):
    with pytest.raises(JobFailed), jobs.claim(job.pk):
        raise JobFailed("no")
    grow_stale(job)
    assert jobs.wake_stale() == 0
    with jobs.claim(job.pk) as running:
        assert running is None


# Dying.


def test_a_killed_job_is_taken_again_once_it_is_stale(job, woken):
    killed(job)
    assert job.estado == Estado.EN_CURSO
    assert jobs.wake_stale() == 0
    with jobs.claim(job.pk) as running:
        assert running is None
    grow_stale(job)
    assert jobs.wake_stale() == 1
    assert woken == [job.pk]
    with jobs.claim(job.pk) as running:
        assert running is not None
    job.refresh_from_db()
    assert job.estado == Estado.TERMINADO
    assert job.intentos == 2


def test_what_nobody_took_is_sent_again(job, woken):
    assert jobs.wake_stale() == 1
    assert woken == [job.pk]


def test_a_lease_left_by_the_dead_holds_nobody_for_long(job):
    with lease(f"job:{KIND}", duration=timedelta(minutes=1)):
        with jobs.claim(job.pk) as running:
            assert running is None
        Lease.objects.update(expires=timezone.now() - timedelta(seconds=1))
        with jobs.claim(job.pk) as running:
            assert running is not None


def test_what_kills_worker_after_worker_is_given_up(job, woken):
    for _ in range(jobs.ATTEMPTS):
        killed(job)
        grow_stale(job)
    assert jobs.wake_stale() == 0
    job.refresh_from_db()
    assert job.estado == Estado.FALLIDO
    assert "5 veces" in job.error


def test_who_comes_back_from_the_dead_finds_out_and_writes_nothing(job):
    with jobs.claim(job.pk) as lost:
        grow_stale(job)
        with jobs.claim(job.pk) as heir:
            heir.job.resultado = {"snapshot": "del heredero"}
            lost.job.resultado = {"snapshot": "del muerto"}
            with pytest.raises(JobStopped):
                lost.step(now=True)
    job.refresh_from_db()
    assert job.resultado == {"snapshot": "del heredero"}


# Signs of life.


def test_the_heartbeat_renews_the_job_and_its_turn(job):
    with jobs.claim(job.pk) as running:
        old = timezone.now() - timedelta(minutes=5)
        Job.objects.update(heartbeat=old)
        renewed = []
        jobs._beat(running, lambda: renewed.append(1))
        assert renewed == [1]
        assert Job.objects.get(pk=job.pk).heartbeat > old


def test_a_turn_that_was_lost_stops_the_work(job):
    def lost():
        raise LeaseLost("job")

    with jobs.claim(job.pk) as running:
        jobs._beat(running, lost)
        running.step()
        raise AssertionError("the step above stops the block")
    job.refresh_from_db()
    assert job.estado == Estado.EN_CURSO


def test_the_thread_beats_while_the_work_is_busy(monkeypatch, job):
    beats = []
    monkeypatch.setattr(jobs, "BEAT", 0.01)
    monkeypatch.setattr(jobs, "_beat", lambda running, renew: beats.append(running.job.pk))
    with jobs.claim(job.pk):
        while len(beats) < 2:
            pass
    count = len(beats)
    assert set(beats) == {job.pk}
    assert len(beats) == count


# Progress and cancelling.


def test_progress_is_told_by_table(job):
    with jobs.claim(job.pk) as running:
        running.plan(["mysql/users", "mysql/clients"])
        assert Job.objects.get(pk=job.pk).percent == 0
        running.advance("mysql/users", rows=10, size=500)
        running.advance("mysql/users", rows=20, size=900, finished=True)
        running.step(now=True)
        held = Job.objects.get(pk=job.pk)
        assert held.percent == 50
        assert held.rows == 20
        assert held.progreso["mysql/users"]["finished"]
        assert held.progreso["mysql/clients"]["started"] is None


MINUTE = timedelta(minutes=1)


def half_way(**changes):
    """A job that has had a minute, and of 4,000 rows in two tables has done 1,500."""
    now = timezone.now()
    began = (now - MINUTE).isoformat(timespec="seconds")
    table = {"bytes": 0, "started": began, "finished": None}
    progreso = {
        "a/b": table | {"rows": 1000, "expected": 1000, "finished": began},
        "a/c": table | {"rows": 500, "expected": 3000},
        "a/d": table | {"rows": 0, "expected": None, "started": None},
    }
    known = {"estado": Estado.EN_CURSO, "empezado": now - MINUTE, "progreso": progreso}
    return Job(**known | changes)


def test_how_much_is_done_goes_by_rows_where_they_are_known():
    assert half_way().percent == 37
    assert half_way(estado=Estado.TERMINADO).percent == 100
    more = half_way()
    more.progreso["a/c"] |= {"rows": 9000}
    assert more.percent == 99  # more rows than last time are not more than all


def test_the_rate_is_of_this_run_alone():
    ended = half_way(terminado=timezone.now(), estado=Estado.FALLIDO)
    assert ended.rate == 25
    ended.progreso["a/b"]["started"] = "2026-01-01T00:00:00+00:00"  # of a run before
    assert ended.rate == 8
    assert ended.time_left is None


def test_what_is_left_goes_by_the_rows_of_last_time():
    assert MINUTE < half_way().time_left < MINUTE * 3
    assert half_way(estado=Estado.PENDIENTE).time_left is None
    assert half_way(empezado=None).time_left is None
    nobody_knows = half_way()
    for table in nobody_knows.progreso.values():
        table["expected"] = None
    assert nobody_knows.time_left is None
    assert half_way(progreso={}).percent == 0


def test_who_watches_hears_as_often_as_it_is_written(job):
    heard = []
    with jobs.claim(job.pk, lambda job: heard.append(job.rows)) as running:
        running.plan(["a/b"])
        running.advance("a/b", rows=10, size=1)
        running.advance("a/b", rows=20, size=2)
        running.step(now=True)
    assert heard == [0, 20]


def test_what_is_kept_is_there_for_another_run(job):
    with pytest.raises(Killed), jobs.claim(job.pk) as running:
        running.keep(snapshot="x")
        raise Killed
    grow_stale(job)
    with jobs.claim(job.pk) as heir:
        assert heir.job.resultado == {"snapshot": "x"}
        with pytest.raises(JobStopped):
            running.keep(snapshot="del muerto")


def test_cancelling_cancels_the_parts(job):
    part = Job.objects.create(kind=Job.Kind.LECTURA, de=job)
    done = Job.objects.create(kind=Job.Kind.LECTURA, de=job, estado=Estado.TERMINADO)
    jobs.cancel(job.pk)
    part.refresh_from_db()
    done.refresh_from_db()
    assert (part.estado, done.estado) == (Estado.CANCELADO, Estado.TERMINADO)


def test_progress_is_written_at_most_once_a_second(job, django_assert_num_queries):
    with jobs.claim(job.pk) as running:
        running.plan(["mysql/users"])
        with django_assert_num_queries(0):
            for rows in range(100):
                running.advance("mysql/users", rows=rows, size=0)


def test_a_cancelled_job_stops_at_its_next_step(job):
    done = []
    with jobs.claim(job.pk) as running:
        jobs.cancel(job.pk)
        running.step(now=True)
        done.append("after")
    job.refresh_from_db()
    assert done == []
    assert job.estado == Estado.CANCELADO


def test_a_job_cancelled_before_it_begins_never_does(job):
    jobs.cancel(job.pk)
    with jobs.claim(job.pk) as running:
        assert running is None
    assert jobs.wake_stale() == 0


def test_cancelling_what_has_ended_is_refused(job):
    with jobs.claim(job.pk):
        pass
    with pytest.raises(ValidationError, match="ya había acabado"):
        jobs.cancel(job.pk)


def test_done_is_done_whoever_cancels_too_late(job):
    with jobs.claim(job.pk):
        jobs.cancel(job.pk)
    job.refresh_from_db()
    assert job.estado == Estado.TERMINADO


# Doing.


def test_run_does_what_the_kind_says_once(monkeypatch, job):
    done = []
    monkeypatch.setattr(work, "WORK", {KIND: lambda running: done.append(running.job.pk)})
    assert work.run(job.pk)
    assert not work.run(job.pk)
    assert done == [job.pk]


def test_every_kind_has_its_work():
    assert set(work.WORK) == set(Job.Kind)


def test_it_says_what_it_is(job):
    assert str(job).startswith("Exportación al lago · ")
