"""Doors for Celery: each may be passed twice."""

from uuid import UUID

from celery import shared_task

from bitacora import relay as bitacora_relay
from ingestion import jobs, work
from ingestion.models import Job


@shared_task
def run_job(job_id: str) -> None:
    work.run(UUID(job_id))


@shared_task
def wake_stale_jobs() -> None:
    jobs.wake_stale()


@shared_task
def export(databases: list[str] | None = None) -> None:
    jobs.pedir(Job.Kind.EXPORTACION, params={"databases": databases} if databases else {})


@shared_task
def backup() -> None:
    jobs.pedir(Job.Kind.RESPALDO)


@shared_task
def relay() -> None:
    bitacora_relay.run()
