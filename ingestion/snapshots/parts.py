"""The stores of a snapshot, each a job of its own, shared out among the workers that are free."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from functools import partial
from time import monotonic, sleep
from types import TracebackType

from django.conf import settings
from django.utils import timezone

from ingestion import jobs
from ingestion.catalog import databases
from ingestion.jobs import JobFailed, JobStopped, Running
from ingestion.lake import Lake
from ingestion.models import Job
from ingestion.schema import BITACORA, LakeTable
from ingestion.snapshots.manifest import Manifest, TableEntry
from ingestion.snapshots.stores import StoreRead, result

MOMENT = 1.0  # seconds that other workers have to take a part
POLL = 0.2  # seconds between two looks at what others do


class Parts:
    """The reads of a snapshot: what others do not take is read here, all those stores at one moment."""

    def __init__(
        self,
        running: Running,
        target: Lake,
        snapshot_id: str,
        tables: Sequence[LakeTable],
        published: Manifest | None,
    ) -> None:
        self.running, self.lake, self.tables = running, target, tables
        self.snapshot_id = snapshot_id
        # The bitácora first: what its events speak of is then in the others.
        stores = sorted(databases(tables).items(), key=lambda item: item[1] != BITACORA)
        self.stores = dict(stores)
        self._offered = False
        known = published.tables if published else {}
        running.plan(
            (table.path for table in tables),
            expected={path: entry.rows for path, entry in known.items()},
        )

    def read(self) -> tuple[dict[str, datetime], dict[str, TableEntry]]:
        """Return the moment of each database and every table, once all parts are done."""
        self._prepare()
        while not self._done():
            if not self._read_here():
                sleep(POLL)
        as_of: dict[str, datetime] = {}
        tables: dict[str, TableEntry] = {}
        for database, part in self._parts().items():
            as_of[database], found = result(part.resultado)
            tables |= found
        return as_of, tables

    def _parts(self) -> dict[str, Job]:
        found = {part.parametros["database"]: part for part in self.running.job.partes.all()}
        return {database: found[database] for database in self.stores if database in found}

    def _prepare(self) -> None:
        """Have one part a database; one that was finished stays so if the others can be read near it."""
        for part in self._parts().values():
            if part.parametros["snapshot"] != self.snapshot_id:
                part.delete()
        parts = self._parts()
        for database in self.stores.keys() - parts.keys():
            Job.objects.create(
                kind=Job.Kind.LECTURA,
                de=self.running.job,
                pedido_por_id=self.running.job.pedido_por_id,
                parametros={"snapshot": self.snapshot_id, "database": database},
            )
        kept = [part for part in parts.values() if part.estado == Job.Estado.TERMINADO]
        oldest = min((result(part.resultado)[0] for part in kept), default=None)
        if oldest and (timezone.now() - oldest).total_seconds() > settings.SNAPSHOT_MAX_SKEW:
            again = Job.objects.filter(pk__in=[part.pk for part in kept])
            again.update(estado=Job.Estado.PENDIENTE, resultado={})

    def _done(self) -> bool:
        """Whether every part is done; what a part failed for, the whole fails for."""
        parts = list(self._parts().values())
        for part in parts:
            self._follow(part)
        self.running.step(now=True)
        for part in parts:
            if part.estado == Job.Estado.FALLIDO:
                raise JobFailed(part.error)
            if part.estado == Job.Estado.CANCELADO:
                raise JobFailed(f"Se canceló la lectura de {part.parametros['database']}.")
        return all(part.estado == Job.Estado.TERMINADO for part in parts)

    def _follow(self, part: Job) -> None:
        """Tell the progress of a part as the whole's."""
        for path, table in part.progreso.items():
            known = self.running.job.progreso[path]
            self.running.job.progreso[path] = table | {"expected": known.get("expected")}

    def _watch(self, part: Job) -> None:
        self._follow(part)
        self.running.step()

    def _read_here(self) -> bool:
        """Read the stores that nobody has in hand; return whether there was any."""
        with ExitStack() as stack:
            held = []
            for database, part in self._parts().items():
                if part.estado == Job.Estado.TERMINADO:
                    continue
                if self.stores[database] != BITACORA:
                    self._offer()
                own = ExitStack()
                stack.push(partial(_let_go, own))
                if read := self._opened(own, part):
                    held.append((own, read))
            for own, read in held:
                with _alone(own):
                    read.write()
                    own.close()
                self.running.step(now=True)
        return bool(held)

    def _opened(self, own: ExitStack, part: Job) -> StoreRead | None:
        """Return the part's store, held until `own` closes; None if others have it."""
        with _alone(own):
            running = own.enter_context(jobs.claim(part.pk, self._watch))
            if running is not None:
                return StoreRead(running, self.lake, own, self.tables)
        return None

    def _offer(self) -> None:
        """Wake other workers for the parts that are left, and give them a moment, once.

        Without Redis there is one worker, which has its hands full here.
        """
        if self._offered or not settings.REDIS_URL or len(self.stores) == 1:
            return
        self._offered = True
        waiting = self.running.job.partes.claimable(timezone.now() - jobs.STALE)
        for key in waiting.values_list("pk", flat=True):
            jobs.wake(key)
        deadline = monotonic() + MOMENT
        while monotonic() < deadline and waiting.exists():
            sleep(POLL)


@contextmanager
def _alone(own: ExitStack) -> Iterator[None]:
    """What the block raises ends the part that `own` holds; a part that was only stopped ends nothing else."""
    try:
        yield
    except BaseException:
        if not own.__exit__(*sys.exc_info()):
            raise


def _let_go(
    own: ExitStack,
    kind: type[BaseException] | None,
    failure: BaseException | None,
    trace: TracebackType | None,
) -> None:
    """Let go of what `own` still holds: another part's failure is not its own."""
    if kind is not None and issubclass(kind, Exception):
        kind, failure, trace = JobStopped, JobStopped(), None
    own.__exit__(kind, failure, trace)
