"""A lake of the test's own, a portfolio to fill it with, and no broker."""

import pytest

from ingestion import jobs, work
from ingestion.lake import Lake, lake
from ingestion.models import Job
from ingestion.snapshots import parts
from ingestion.snapshots.manifest import current


@pytest.fixture(autouse=True)
def woken(monkeypatch):
    """The jobs that a worker would have been sent to; nothing reaches the queue of the clone."""
    sent = []
    monkeypatch.setattr(jobs, "wake", sent.append)
    monkeypatch.setattr(parts, "MOMENT", 0.0)  # nobody comes
    return sent


@pytest.fixture
def lago() -> Lake:
    return lake()


@pytest.fixture
def run():
    """Ask for a job and do it here; what it raises is raised."""

    def do(kind=Job.Kind.EXPORTACION, **params) -> Job:
        job = jobs.pedir(kind, params=params)
        work.run(job.pk)
        job.refresh_from_db()
        return job

    return do


@pytest.fixture
def export(run, lago):
    """Take a snapshot and return its manifest."""

    def take(*databases):
        run(**({"databases": list(databases)} if databases else {}))
        return current(lago)

    return take


@pytest.fixture
def portfolio():
    """A row or more in every store, with a history that the relay has yet to tell."""
    from bienes.tests.factories import BienFactory
    from clientes.tests.factories import UsuarioFactory
    from polizas.tests.factories import CobroFactory, PolizaFactory
    from siniestros.tests.factories import ReclamoFactory

    UsuarioFactory.create_batch(3)
    PolizaFactory.create_batch(2)
    CobroFactory()
    ReclamoFactory()
    return BienFactory()
