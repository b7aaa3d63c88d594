"""What was found wrong, line by line, in a CSV for whoever must correct the files."""

import csv
import os
from dataclasses import astuple, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TextIO

from django.utils.translation import gettext as _

from ingestion.portfolio.errors import ImportRefused

HEADER = ("archivo", "linea", "columna", "valor", "motivo")


@dataclass(frozen=True)
class Finding:
    """One thing found in a line: an error, or something that whoever imports should know."""

    file: str
    line: int
    column: str
    value: str
    reason: str


class Report:
    """Writes the findings as they come; no file is left behind when there was none."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.written = 0
        self._told: set[int] = set()
        self._stream: TextIO | None = None
        self._writer: Any = None

    def add(self, finding: Finding) -> None:
        if hash(finding) in self._told:
            return  # lines may be judged twice
        self._told.add(hash(finding))
        if self._stream is None:
            self._open()
        self._writer.writerow(astuple(finding))
        self.written += 1

    def _open(self) -> None:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            # The values are people's data.
            handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        except OSError as error:
            reason = _("No se puede escribir el informe %(path)s (%(error)s).")
            raise ImportRefused(reason % {"path": self.path, "error": error.strerror}) from None
        self._stream = os.fdopen(handle, "w", encoding="utf-8", newline="")
        self._writer = csv.writer(self._stream, lineterminator="\n")
        self._writer.writerow(HEADER)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._stream is not None:
            self._stream.close()
