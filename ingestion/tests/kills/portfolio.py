"""A small portfolio that grows by one row in each store, so that a reader can tell a mixed snapshot."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.utils import timezone

from bienes.models import Bien
from bienes.tests.factories import BienFactory
from bitacora.stores import bitacora
from clientes.tests.factories import UsuarioFactory
from core.models import Lease
from empleados.tests.factories import EmpleadoFactory
from ingestion import catalog as declared
from ingestion import jobs, work
from ingestion.lake import lake
from ingestion.models import Job
from ingestion.schema import LakeTable
from ingestion.snapshots import export, integrity, stores
from ingestion.snapshots.integrity import verify
from ingestion.snapshots.manifest import current, current_id
from siniestros.tests.factories import ReclamoFactory

# One of each store grows with every case: by how many rows it has, a reader knows its generation.
GROWING = ("mysql/users", "postgresql/empleados", "mongodb/bienes")
TABLES = (*GROWING, "mysql/clients", "mysql/agents", "cassandra/reclamos", "cassandra/pagos")


def few_tables() -> None:
    """Have exports take a few tables of each store: a death is as good among few as among many."""
    tables: list[LakeTable] = [t for t in declared.catalog() if t.path in TABLES]
    for module in (export, integrity, stores):
        module.catalog = lambda: tables  # type: ignore[attr-defined]
    jobs.wake = lambda job_id: None  # type: ignore[assignment]


class NoMigrations(dict[str, None]):
    """Tables as the models have them, without the way there."""

    def __contains__(self, app: object) -> bool:
        return True

    def __missing__(self, app: str) -> None:
        return None


def begin() -> None:
    """Make the stores, and publish a first snapshot."""
    settings.MIGRATION_MODULES = NoMigrations()
    for alias in connections:
        call_command("migrate", database=alias, run_syncdb=True, verbosity=0)
    bitacora().setup()
    ReclamoFactory()
    work.run(asked())


def asked() -> Any:
    """Grow by one row in each store, and ask for an export."""
    UsuarioFactory(username=f"u{timezone.now().timestamp()}")
    EmpleadoFactory(codigo=f"E{timezone.now().timestamp()}")
    first = Bien.objects.first()
    BienFactory(**({"cliente": first.cliente} if first else {}))
    return jobs.pedir(Job.Kind.EXPORTACION).pk


def bury() -> None:
    """Let time pass: what a dead process held is stale."""
    Job.objects.filter(estado=Job.Estado.EN_CURSO).update(
        heartbeat=timezone.now() - timedelta(minutes=2)
    )
    Lease.objects.update(expires=timezone.now() - timedelta(minutes=1))


def generations(manifest: Any) -> list[int]:
    """Return how many rows each growing table has."""
    return [manifest.tables[path].rows for path in GROWING]


def taken_up(job_id: Any) -> list[str]:
    """Go on with the job of a process that died; return what is wrong with what comes of it."""
    bury()
    finished = {
        part.parametros["database"]: part.intentos
        for part in Job.objects.filter(de=job_id, estado=Job.Estado.TERMINADO)
    }
    work.run(job_id)
    job = Job.objects.get(pk=job_id)
    if job.estado != Job.Estado.TERMINADO:
        return [f"{job.estado}: {job.error}"]
    target = lake()
    published = current(target)
    assert published is not None
    wrong = [problem for _path, found in verify(target, published) for problem in found]
    if current_id(target) != job.resultado["snapshot"]:
        wrong.append("the rerun did not publish its own")
    for part in job.partes.all():
        database = part.parametros["database"]
        if finished.get(database, part.intentos) != part.intentos:
            wrong.append(f"{database} was finished and was read again")
    wrong += [
        f"{key} was left"
        for key in target.keys(f"snapshots/{published.id}")
        if key.endswith(".csv")
        and published.tables[key.split("/", 2)[2].rpartition("/")[0]].waiting_csv == key
    ]
    return wrong
