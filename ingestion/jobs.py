"""Ask for work, take it in hand, give signs of life: a killed process leaves nothing stuck."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from threading import Event, Thread
from time import monotonic
from typing import Any
from uuid import UUID, uuid4

import structlog
from celery import current_app
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.db import DatabaseError, connections, transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from kombu.exceptions import KombuError, OperationalError

from core.leases import LeaseLost, LeaseTaken, lease
from core.stores import store_for
from ingestion.models import Job

STALE = timedelta(minutes=1)
BEAT = 10.0  # seconds between signs of life
STEP = 1.0  # seconds, at least, between two writings of the progress
ATTEMPTS = 5

log = structlog.get_logger()


class JobStopped(Exception):
    """The job was cancelled, or another process has taken it over: what is under way must stop."""


def pedir(
    kind: Job.Kind, *, params: dict[str, Any] | None = None, user_id: int | None = None
) -> Job:
    """Leave a job for a worker, which is woken once the row is committed."""
    job = Job.objects.create(kind=kind, parametros=params or {}, pedido_por_id=user_id)
    transaction.on_commit(lambda: wake(job.pk), using=store_for(Job).alias)
    return job


def wake(job_id: UUID) -> None:
    """Send a worker to the job; where no message can be sent, wake_stale() comes to it later."""
    try:
        current_app.send_task("ingestion.tasks.run_job", [str(job_id)])
    except (OperationalError, KombuError, OSError) as failure:
        log.warning("broker_unreachable", job=str(job_id), error=type(failure).__name__)


def wake_stale() -> int:
    """Send workers to what nobody works on; give up what has killed worker after worker."""
    # A part is taken in hand by its whole.
    waiting = Job.objects.claimable(timezone.now() - STALE).filter(de=None)
    given_up = list(waiting.filter(intentos__gte=ATTEMPTS).values_list("pk", flat=True))
    waiting.filter(pk__in=given_up).update(
        estado=Job.Estado.FALLIDO,
        terminado=timezone.now(),
        error=_("Se interrumpió %(count)d veces sin llegar al final.") % {"count": ATTEMPTS},
    )
    _cancel(Job.objects.filter(de__in=given_up))
    keys = list(waiting.values_list("pk", flat=True))
    for key in keys:
        wake(key)
    return len(keys)


def cancel(job_id: UUID) -> None:
    """Stop the job and its parts at their next step, or before they begin."""
    if not _cancel(Job.objects.filter(pk=job_id)):
        raise ValidationError(_("El trabajo ya había acabado."))
    _cancel(Job.objects.filter(de=job_id))


def _cancel(some: QuerySet[Job]) -> int:
    still_open = some.filter(estado__in=Job.ABIERTOS)
    return still_open.update(estado=Job.Estado.CANCELADO, terminado=timezone.now())


class Running:
    """A job in the hands of this process."""

    def __init__(self, job: Job, watch: Callable[[Job], None] | None = None) -> None:
        self.job = job
        self.lost = False
        self._watch = watch
        self._written = monotonic()

    @property
    def mine(self) -> QuerySet[Job]:
        """The row, while it is this run's: not cancelled, not taken over."""
        return Job.objects.filter(
            pk=self.job.pk, holder=self.job.holder, estado=Job.Estado.EN_CURSO
        )

    def plan(self, tables: Iterable[str], *, expected: Mapping[str, int] | None = None) -> None:
        """Say which tables there will be, and how many rows each is `expected` to have."""
        empty = {"rows": 0, "bytes": 0, "started": None, "finished": None}
        known = expected or {}
        self.job.progreso = {table: empty | {"expected": known.get(table)} for table in tables}
        self.step(now=True)

    def keep(self, **known: Any) -> None:
        """Write at once what another run of the job must find in its `resultado`."""
        self.job.resultado = known
        if not self.mine.update(resultado=known):
            raise JobStopped

    def advance(self, table: str, *, rows: int, size: int, finished: bool = False) -> None:
        """Say how far `table` is; raise JobStopped if the job is no longer this run's."""
        moment = timezone.now().isoformat(timespec="seconds")
        entry = self.job.progreso[table]
        entry |= {"rows": rows, "bytes": size, "started": entry["started"] or moment}
        entry["finished"] = moment if finished else None
        self.step()

    def step(self, *, now: bool = False) -> None:
        """Stop here if the job is no longer this run's; asks at most once a second unless `now`."""
        if self.lost:
            raise JobStopped
        if not now and monotonic() - self._written < STEP:
            return
        self._written = monotonic()
        if not self.mine.update(progreso=self.job.progreso, heartbeat=timezone.now()):
            raise JobStopped
        if self._watch:
            self._watch(self.job)


@contextmanager
def claim(job_id: UUID, watch: Callable[[Job], None] | None = None) -> Iterator[Running | None]:
    """Hold the job while the block runs; yields None if it is done, or another process has it.

    One job of a kind runs at a time, and one reading of a database: the others wait as they are. What the
    block raises ends the job as `fallido` with a sentence, and goes on; its parts end with it. `watch`
    hears of the progress as often as it is written.
    """
    asked = Job.objects.filter(pk=job_id).first()
    with ExitStack() as held:
        if asked is None:
            yield None
            return
        try:
            renew = held.enter_context(lease(asked.turn, duration=STALE))
        except LeaseTaken:
            yield None
            return
        job = _take(job_id)
        if job is None:
            yield None
            return
        running = Running(job, watch)
        with _sign_of_life(running, renew), _ending(running):
            yield running


def _take(job_id: UUID) -> Job | None:
    now, holder = timezone.now(), uuid4()
    taken = Job.objects.claimable(now - STALE).filter(pk=job_id)
    taken_now = taken.update(
        estado=Job.Estado.EN_CURSO,
        holder=holder,
        heartbeat=now,
        empezado=now,
        intentos=F("intentos") + 1,
        progreso={},
    )
    return Job.objects.get(pk=job_id) if taken_now else None


@contextmanager
def _ending(running: Running) -> Iterator[None]:
    """Write how the job ended, unless it is another run's by now."""
    rows = Job.objects.filter(pk=running.job.pk, holder=running.job.holder)
    try:
        yield
    except JobStopped:
        log.info("job_stopped", job=str(running.job.pk))
    except Exception as failure:
        log.exception("job_failed", job=str(running.job.pk), kind=running.job.kind)
        failed = rows.filter(estado=Job.Estado.EN_CURSO).update(
            estado=Job.Estado.FALLIDO,
            error=sentence(failure),
            progreso=running.job.progreso,
            terminado=timezone.now(),
        )
        if failed:
            _cancel(running.job.partes.all())
        raise
    else:
        # Done is done: one who cancels when it was too late sees that it was.
        rows.update(
            estado=Job.Estado.TERMINADO,
            resultado=running.job.resultado,
            progreso=running.job.progreso,
            terminado=timezone.now(),
        )


class JobFailed(Exception):
    """The work can't be done, for a reason that its message tells to the person who asked for it."""


def sentence(failure: Exception) -> str:
    """Say what went wrong to the person who asked; what was not foreseen is told to the log alone."""
    if isinstance(failure, ValidationError):
        return " ".join(failure.messages)
    if isinstance(failure, JobFailed | ImproperlyConfigured):
        return str(failure)
    return _("Error inesperado (%(name)s): el registro del trabajador dice más.") % {
        "name": type(failure).__name__
    }


@contextmanager
def _sign_of_life(running: Running, renew: Callable[[], None]) -> Iterator[None]:
    """Keep the job and its turn from going stale, whatever the block is busy with."""
    stop = Event()

    def beat() -> None:
        try:
            while not stop.wait(BEAT):
                _beat(running, renew)
        finally:
            connections[store_for(Job).alias].close()

    thread = Thread(target=beat, name=f"job-{running.job.pk}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _beat(running: Running, renew: Callable[[], None]) -> None:
    try:
        renew()
        running.mine.update(heartbeat=timezone.now())
    except LeaseLost:
        running.lost = True
    except DatabaseError as failure:
        log.warning("heartbeat_missed", error=type(failure).__name__)
