"""An import from end to end: every line is judged, and then every row is written."""

import gc
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

from django.utils.translation import gettext as _

from core.models import auditar
from ingestion.portfolio.build import Builder
from ingestion.portfolio.check import Census, Checker
from ingestion.portfolio.errors import FileError
from ingestion.portfolio.files import PortfolioFile
from ingestion.portfolio.mapping import PortfolioMapping
from ingestion.portfolio.report import Report
from ingestion.portfolio.write import Writer

EVERY = 5.0
OBJECTS_A_COLLECTION = 20_000

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Outcome:
    """What an import did or, as a dry run, would do."""

    lines: int
    bad: int
    warnings: int
    refused: bool = False
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Import:
    """One portfolio to be brought in.

    It may be stopped anywhere and run again: a row has the same key on every run, each batch is written
    with its history or not at all, and what is there already is found equal.
    """

    mapping: PortfolioMapping
    paths: Mapping[str, Path]
    report: Report
    tell: Tell

    def run(self, *, rest: bool, dry_run: bool) -> Outcome:
        """Bring in every line; with a bad one nothing, or the others where `rest` says so."""
        with few_collections():
            return self._run(rest=rest, dry_run=dry_run)

    def _run(self, *, rest: bool, dry_run: bool) -> Outcome:
        files = self._files()
        stamps = {name: file.fingerprint() for name, file in files.items()}
        census = self._check(files, rest=rest)
        if census.bad and not rest:
            return Outcome(census.lines, len(census.bad), census.warnings, refused=True)
        if stamps != {name: file.fingerprint() for name, file in files.items()}:
            raise FileError(_("Un archivo cambió mientras se comprobaba: repita la orden."))
        writer = Writer(census, self.mapping.reason, self.report, dry_run=dry_run)
        self._write(files, writer, title=_("Simulación") if dry_run else _("Importación"))
        counts = {kind: dict(found) for kind, found in writer.counts.items() if found}
        if not dry_run:
            auditar("ingestion", "importacion", mapeo=self.mapping.name, filas=counts)
        return Outcome(census.lines, len(census.bad), census.warnings, counts=counts)

    def _files(self) -> dict[str, PortfolioFile]:
        return {
            name: PortfolioFile(path, self.mapping.files[name], self.mapping.columns_of(name))
            for name, path in self.paths.items()
        }

    def _check(self, files: Mapping[str, PortfolioFile], *, rest: bool) -> Census:
        """Judge every line, and again without those that only the whole of the files found bad.

        What such a line brought, others refer to.
        """
        bad: set[int] = set()
        while True:
            checker = Checker(self.report, bad)
            first = 0
            for name, file in files.items():
                builder = Builder(self.mapping, name)
                title = _("Comprobación de %s") % file.path.name
                first += self._followed(title, checker.file(builder, file.rows(first)))
            if not checker.settle() or not rest:
                return checker.census
            bad = checker.census.bad

    def _write(self, files: Mapping[str, PortfolioFile], writer: Writer, *, title: str) -> None:
        first = 0
        for name, file in files.items():
            builder = Builder(self.mapping, name, judged=True)
            rows = writer.file(builder, file.rows(first))
            first += self._followed(f"{title}: {file.path.name}", rows)

    def _followed(self, title: str, batches: Iterator[int]) -> int:
        """Say how far the work has come, every few seconds and at its end; return the lines done."""
        start = said = monotonic()
        done = 0
        for size in batches:
            done += size
            if monotonic() - said > EVERY:
                said = monotonic()
                self.tell(_progress(title, done, said - start))
        self.tell(_progress(title, done, monotonic() - start))
        return done


@contextmanager
def few_collections() -> Iterator[None]:
    """Look for garbage less often while the block runs.

    Rows are made by the ten thousand and none is part of a cycle: by default, looking for cycles takes a
    quarter of the time.
    """
    before = gc.get_threshold()
    gc.set_threshold(OBJECTS_A_COLLECTION, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _progress(title: str, lines: int, seconds: float) -> str:
    rate = lines / seconds if seconds else 0
    return _("%(title)s: %(lines)d líneas, %(rate)d por segundo") % {
        "title": title,
        "lines": lines,
        "rate": rate,
    }
