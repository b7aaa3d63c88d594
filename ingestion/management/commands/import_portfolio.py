"""Brings in somebody else's portfolio."""

from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from ingestion.portfolio.errors import ImportRefused
from ingestion.portfolio.kinds import KINDS
from ingestion.portfolio.loading import load
from ingestion.portfolio.mapping import PortfolioMapping
from ingestion.portfolio.report import Report
from ingestion.portfolio.run import Import, Outcome
from ingestion.portfolio.write import ADOPTED, CHANGED, KEPT, NEW, SAME

COLUMNS = {
    NEW: "nuevas",
    CHANGED: "cambiadas",
    SAME: "iguales",
    KEPT: "respetadas",
    ADOPTED: "ya existían",
}


class Command(BaseCommand):
    help = "Trae una cartera ajena desde archivos CSV, según un mapeo TOML."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--polizas", type=Path, required=True, metavar="CSV")
        parser.add_argument("--reclamos", type=Path, metavar="CSV")
        parser.add_argument(
            "--mapping", required=True, help="nombre de un mapeo de la casa, o ruta de un TOML"
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="dice qué pasaría, sin escribir nada"
        )
        parser.add_argument(
            "--on-error",
            choices=("nothing", "rest"),
            default="nothing",
            help="con alguna línea mala: no traer nada (nothing) o traer las demás (rest)",
        )
        parser.add_argument(
            "--report", type=Path, metavar="CSV", help="dónde dejar el informe de líneas malas"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            outcome, report = self._run(options)
        except ImportRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        except KeyboardInterrupt:
            raise CommandError("Interrumpido: repita la orden y terminará lo que falta.") from None
        self._show(outcome, dry_run=options["dry_run"])
        if report.written:
            self.stdout.write(f"Informe: {report.path}")
        if outcome.refused:
            raise CommandError(
                f"Líneas malas: {outcome.bad}. No se ha escrito nada: corríjalas, o use "
                "--on-error rest para traer las demás."
            )

    def _run(self, options: dict[str, Any]) -> tuple[Outcome, Report]:
        mapping = load(options["mapping"])
        paths = self._paths(mapping, options)
        path = options["report"] or _report_path(mapping)
        _refuse_to_overwrite(path, [*paths.values(), Path(options["mapping"])])
        with Report(path) as report:
            importing = Import(mapping, paths, report, self._progress)
            rest, dry_run = options["on_error"] == "rest", options["dry_run"]
            return importing.run(rest=rest, dry_run=dry_run), report

    def _progress(self, text: str) -> None:
        self.stderr.write(text, lambda plain: plain)  # no error, so not in its colour

    def _paths(self, mapping: PortfolioMapping, options: dict[str, Any]) -> dict[str, Path]:
        given = {name: options[name] for name in ("polizas", "reclamos") if options[name]}
        for name in given:
            if name not in mapping.files:
                raise ImportRefused(f"El mapeo {mapping.name} no describe el archivo de {name}.")
        return given

    def _show(self, outcome: Outcome, *, dry_run: bool) -> None:
        if dry_run and not outcome.refused:
            self.stdout.write("Simulación: no se ha escrito nada.")
        for kind, counts in outcome.counts.items():
            told = ", ".join(
                f"{counts[key]} {name}" for key, name in COLUMNS.items() if key in counts
            )
            self.stdout.write(f"{KINDS[kind].titles}: {told}")
        changes = sum(
            counts.get(NEW, 0) + counts.get(CHANGED, 0) for counts in outcome.counts.values()
        )
        self.stdout.write(
            f"Líneas: {outcome.lines}, malas: {outcome.bad}, avisos: {outcome.warnings}, cambios: {changes}"
        )


def _refuse_to_overwrite(report: Path, read: Iterable[Path]) -> None:
    for path in read:
        if report.exists() and path.exists() and report.samefile(path):
            raise ImportRefused(f"El informe no puede ir en {report}: es un archivo que se lee.")


def _report_path(mapping: PortfolioMapping) -> Path:
    moment = timezone.localtime().strftime("%Y%m%d-%H%M%S")
    return settings.VAR_DIR / "importaciones" / f"{mapping.name}-{moment}.csv"
