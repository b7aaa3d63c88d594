from argparse import ArgumentParser
from time import sleep
from typing import Any, ClassVar

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from ingestion import jobs, work
from ingestion.catalog import catalog
from ingestion.jobs import JobFailed
from ingestion.models import Job
from ingestion.snapshots.export import chosen_databases

PAUSE = 1.0  # seconds


class Command(BaseCommand):
    help = "Toma un snapshot de los almacenes y lo publica en el lago."
    only: ClassVar[str | None] = None

    def add_arguments(self, parser: ArgumentParser) -> None:
        if self.only is None:
            parser.add_argument(
                "--databases",
                type=lambda text: [name.strip() for name in text.split(",") if name.strip()],
                help="solo estas bases del lago, por comas: mysql,postgresql,mongodb,cassandra; "
                "las demás siguen como se publicaron la última vez",
            )
        parser.add_argument(
            "--wait",
            action="store_true",
            help="esperar a que termine; si ningún trabajador lo ha tomado, lo hace este proceso",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = [self.only] if self.only else options.get("databases")
        try:
            chosen_databases(catalog(), wanted)
        except (JobFailed, ImproperlyConfigured) as refusal:
            raise CommandError(str(refusal)) from None
        job = jobs.pedir(Job.Kind.EXPORTACION, params={"databases": wanted} if wanted else {})
        if options["wait"]:
            self._wait(job)
        else:
            self.stdout.write(
                f"Exportación pedida (trabajo {job.pk}): la hará el trabajador de Celery. "
                "Con --wait se hace aquí si no hay ninguno."
            )

    def _wait(self, job: Job) -> None:
        told = False
        while job.abierto:
            try:
                here = work.run(job.pk, self._progress)
            except Exception as failure:
                raise CommandError(jobs.sentence(failure)) from failure
            job.refresh_from_db()
            if not here and job.abierto:
                if not told:
                    self.stdout.write("Otro proceso está exportando: se espera a que termine.")
                told = True
                self._progress(job)
                sleep(PAUSE)
        self._tell(job)

    def _progress(self, job: Job) -> None:
        if job.rate:
            left = "" if job.time_left is None else f", faltan {job.time_left}"
            self.stdout.write(
                f"{job.percent} %: {job.rows} filas, {job.bytes} bytes, {job.rate} filas/s{left}"
            )

    def _tell(self, job: Job) -> None:
        if job.estado != Job.Estado.TERMINADO:
            raise CommandError(job.error or f"Trabajo {job.get_estado_display().lower()}.")
        done = job.resultado
        text = "Publicado el snapshot {snapshot}: {rows} filas, {bytes} bytes en Parquet."
        self.stdout.write(self.style.SUCCESS(text.format(**done)))
