"""What each kind of job does."""

from collections.abc import Callable, Mapping
from uuid import UUID

from ingestion import jobs
from ingestion.backups.take import backup
from ingestion.jobs import Running
from ingestion.models import Job
from ingestion.snapshots.export import export
from ingestion.snapshots.stores import lectura
from ingestion.snapshots.verification import verification

WORK: Mapping[str, Callable[[Running], None]] = {
    Job.Kind.EXPORTACION: export,
    Job.Kind.LECTURA: lectura,
    Job.Kind.VERIFICACION: verification,
    Job.Kind.RESPALDO: backup,
}


def run(job_id: UUID, watch: Callable[[Job], None] | None = None) -> bool:
    """Do the job unless it is done or in other hands; return whether this call did it.

    `watch` hears of its progress.
    """
    with jobs.claim(job_id, watch) as running:
        if running is None:
            return False
        WORK[running.job.kind](running)
    return True
