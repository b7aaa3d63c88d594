"""Streams the lines of a file: what can't be a line of it is told, and the rest goes on."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from django.utils.translation import gettext as _

from ingestion.portfolio.errors import FileError
from ingestion.portfolio.mapping import FileForm
from ingestion.portfolio.values import Row


@dataclass(frozen=True)
class BadRow:
    """A line with another number of cells than the header."""

    serial: int
    file: str
    line: int
    reason: str


@dataclass(frozen=True)
class PortfolioFile:
    """One of the files of a portfolio, with the columns that the mapping asks of it."""

    path: Path
    form: FileForm
    columns: Sequence[str]

    def fingerprint(self) -> tuple[int, int, int]:
        """Tell whether the file is still the one that was checked."""
        try:
            found = self.path.stat()
        except OSError as error:
            raise FileError(self._sentence(_unreadable(error))) from None
        return found.st_ino, found.st_size, found.st_mtime_ns

    def rows(self, first: int = 0) -> Iterator[Row | BadRow]:
        """Yield the lines in order, numbered from `first`; FileError when the file can't be read on."""
        last = 0
        try:
            with self.path.open(encoding=self._encoding(), newline="") as stream:
                for line, row in self._read(stream, first):
                    last = line
                    yield row
        except OSError as error:
            raise FileError(self._sentence(_unreadable(error))) from None
        except UnicodeError:
            reason = _("no está escrito en %s") % self.form.encoding
            raise FileError(self._sentence(reason, after=last)) from None
        except csv.Error as error:
            raise FileError(self._sentence(_("no es CSV (%s)") % error, after=last)) from None

    def _encoding(self) -> str:
        # Excel starts a UTF-8 file with a byte order mark, which is no part of the first column's name.
        return (
            "utf-8-sig" if self.form.encoding.lower() in ("utf-8", "utf8") else self.form.encoding
        )

    def _read(self, stream: TextIO, first: int) -> Iterator[tuple[int, Row | BadRow]]:
        reader = csv.reader(stream, delimiter=self.form.separator, strict=True)
        header = self._header(next(reader, []))
        serial, before = first, reader.line_num
        for cells in reader:
            line, before = before + 1, reader.line_num
            if not cells:
                continue
            if len(cells) != len(header):
                reason = _("La línea tiene %(found)s celdas y la cabecera %(expected)s.") % {
                    "found": len(cells),
                    "expected": len(header),
                }
                yield line, BadRow(serial, self.path.name, line, reason)
            else:
                texts = {name: cells[at].strip() for name, at in self._wanted(header)}
                yield line, Row(serial, self.path.name, line, texts)
            serial += 1

    def _wanted(self, header: Sequence[str]) -> list[tuple[str, int]]:
        return [(name, header.index(name)) for name in self.columns]

    def _header(self, cells: Sequence[str]) -> list[str]:
        header = [cell.strip() for cell in cells]
        if not header:
            raise FileError(self._sentence(_("está vacío")))
        if missing := [name for name in self.columns if name not in header]:
            raise FileError(
                _("Al archivo %(path)s le faltan las columnas %(names)s.")
                % {"path": self.path, "names": ", ".join(missing)}
            )
        if twice := [name for name in self.columns if header.count(name) > 1]:
            raise FileError(self._sentence(_("repite las columnas %s") % ", ".join(twice)))
        return header

    def _sentence(self, reason: str, *, after: int = 0) -> str:
        where = _(" después de la línea %s") % after if after else ""
        return _("El archivo %(path)s%(where)s %(reason)s.") % {
            "path": self.path,
            "where": where,
            "reason": reason,
        }


def _unreadable(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return _("no existe")
    if isinstance(error, IsADirectoryError):
        return _("es una carpeta")
    return _("no se puede leer (%s)") % error.strerror
