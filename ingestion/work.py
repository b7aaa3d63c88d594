"""What each kind of job does."""

from collections.abc import Callable, Mapping
from uuid import UUID

from ingestion import jobs
from ingestion.jobs import Running
from ingestion.models import Job
from ingestion.snapshots.export import export
from ingestion.snapshots.verification import verification

WORK: Mapping[str, Callable[[Running], None]] = {
    Job.Kind.EXPORTACION: export,
    Job.Kind.VERIFICACION: verification,
}


def run(job_id: UUID) -> bool:
    """Do the job unless it is done or in other hands; return whether this call did it."""
    with jobs.claim(job_id) as running:
        if running is None:
            return False
        WORK[running.job.kind](running)
    return True
