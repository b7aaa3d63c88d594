"""The first pass: every line is judged, nothing is written."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import UUID
from zlib import crc32

from django.utils.translation import gettext as _

from core.references import batched
from ingestion.portfolio.balances import Ledger, SumKey, Told
from ingestion.portfolio.build import Builder, Built, Line
from ingestion.portfolio.files import BadRow
from ingestion.portfolio.kinds import KINDS
from ingestion.portfolio.report import Finding, Report
from ingestion.portfolio.store import Taken, present, taken
from ingestion.portfolio.values import Row, columns_of

BATCH = 1000
PRINT = 4


class Seen(NamedTuple):
    """The line that brings a row in, a print of each value, and the smallest of those asked so."""

    serial: int
    line: int
    prints: bytes
    smallest: tuple[Any, ...]


@dataclass
class Census:
    """What the first pass learnt, for the second to write by: keys, and no values but those of sums."""

    seen: dict[str, dict[UUID, Seen]] = field(default_factory=lambda: defaultdict(dict))
    adopted: dict[UUID, UUID] = field(default_factory=dict)
    bad: set[int] = field(default_factory=set)
    told: dict[SumKey, Told] = field(default_factory=dict)
    lines: int = 0
    warnings: int = 0

    def brings(self, built: Built, serial: int) -> bool:
        """Whether the row is to be written from this line."""
        found = self.seen[built.kind.name].get(built.id)
        return found is not None and found.serial == serial and built.id not in self.adopted


class Checker:
    """Judges lines in the order of the files."""

    def __init__(self, report: Report, bad: set[int]) -> None:
        self.report = report
        self.known_bad = frozenset(bad)
        self.ledger = Ledger()
        self.census = Census(bad=set(bad), told=self.ledger.told)
        self.owners: dict[tuple[Any, ...], UUID] = {}

    def file(self, builder: Builder, rows: Iterable[Row | BadRow]) -> Iterator[int]:
        """Judge the lines of a file; yields how many each batch had."""
        for batch in batched(rows, BATCH):
            lines = [builder.line(row) for row in batch if self._readable(row)]
            built = [one for line in lines for one in line.built]
            fresh = [one for one in built if one.id not in self.census.seen[one.kind.name]]
            there = present(fresh, self.census.seen)
            others = taken(fresh)
            for line in lines:
                self._judge(line, there, others)
            self.census.lines += len(batch)
            yield len(batch)

    def settle(self) -> bool:
        """Judge what only the whole of the files can tell; return whether that found a line bad."""
        before = len(self.census.bad)
        for found, reason in self.ledger.wrong(lambda kind, key: key in self.census.seen[kind]):
            for serial, file, line in found.lines:
                self._refuse(serial, [Finding(file, line, "", "", reason)])
        return len(self.census.bad) > before

    def _readable(self, row: Row | BadRow) -> bool:
        if row.serial in self.known_bad:
            return False
        if isinstance(row, BadRow):
            self._refuse(row.serial, [Finding(row.file, row.line, "", "", row.reason)])
            return False
        return True

    def _judge(self, line: Line, there: set[UUID], others: Taken) -> None:
        if not line.findings:
            self._references(line, there)
            for built in line.built:
                self._uniqueness(built, line, others)
                self._repetition(built, line)
        if line.findings:
            self._refuse(line.source.serial, line.findings)
        else:
            self._accept(line)

    def _refuse(self, serial: int, findings: Iterable[Finding]) -> None:
        self.census.bad.add(serial)
        for finding in findings:
            self.report.add(finding)

    def _warn(self, line: Line, column: str, value: str, reason: str) -> None:
        source = line.source
        text = _("Aviso: %s") % reason
        self.report.add(Finding(source.file, source.line, column, value, text))
        self.census.warnings += 1

    def _references(self, line: Line, there: set[UUID]) -> None:
        here = {built.id for built in line.built}
        for built in line.built:
            for name, reference in built.section.references:
                key = getattr(built.row, built.kind.field(name).attname)
                seen = self.census.seen[reference.kind]
                if key is not None and key not in here and key not in seen and key not in there:
                    reason = _("No se trae ni existe: %s.") % KINDS[reference.kind].title
                    line.find(list(reference.key), reason)

    def _uniqueness(self, built: Built, line: Line, others: Taken) -> None:
        for columns in built.kind.unique_sets:
            value = tuple(getattr(built.row, column) for column in columns)
            other = others.get((built.kind.name, columns, value), built.id)
            if other != built.id and built.kind.adopted and len(columns) == 1:
                self.census.adopted[built.id] = other
            elif other != built.id:
                self._not_unique(built, columns, line, _("ya existe, de otro origen"))
            elif None not in value:
                owner = self.owners.setdefault((built.kind.name, columns, value), built.id)
                if owner != built.id:
                    self._not_unique(built, columns, line, _("otra línea ya lo trae"))

    def _not_unique(self, built: Built, columns: tuple[str, ...], line: Line, reason: str) -> None:
        fields = {built.kind.field(n).attname: s for n, s in built.section.fields.items()}
        used = [column for name in columns if name in fields for column in columns_of(fields[name])]
        line.find(used, f"{built.kind.title}: {reason}.")

    def _repetition(self, built: Built, line: Line) -> None:
        """Refuse two lines that tell one póliza in two ways; of a cliente, keep the first and tell."""
        first = self.census.seen[built.kind.name].get(built.id)
        if first is None or first.prints == prints(built):
            return
        for name in _differing(built, first.prints):
            columns = columns_of(built.section.fields[name])
            reason = _("la línea %(line)s dice otra cosa de lo mismo (%(kind)s)") % {
                "line": first.line,
                "kind": built.kind.title,
            }
            if not built.kind.shared:
                line.find(columns, f"{reason[:1].upper()}{reason[1:]}.")
            else:
                cells = " + ".join(line.source.cells[column] for column in columns)
                self._warn(line, " + ".join(columns), cells, _("%s, y vale aquella.") % reason)

    def _accept(self, line: Line) -> None:
        new: dict[UUID, Built] = {}
        for built in line.built:
            seen = self.census.seen[built.kind.name]
            lowest = tuple(getattr(built.row, name) for name in built.section.smallest)
            if first := seen.get(built.id):
                both = zip(lowest, first.smallest, strict=False)
                smallest = tuple(_smaller(*pair) for pair in both)
                if smallest != first.smallest:
                    seen[built.id] = first._replace(smallest=smallest)
                continue
            source = line.source
            seen[built.id] = Seen(source.serial, source.line, prints(built), lowest)
            new[built.id] = built
            self._flag(built, line)
        self.ledger.add(line, new.values())

    def _flag(self, built: Built, line: Line) -> None:
        value = tuple(getattr(built.row, column) for column in built.kind.flagged)
        if value and all(value):
            owner = self.owners.setdefault((built.kind.name, "flagged", value), built.id)
            if owner != built.id:
                fields = [
                    built.section.fields[n] for n in built.kind.flagged if n in built.section.fields
                ]
                columns = [column for source in fields for column in columns_of(source)]
                cells = " + ".join(line.source.cells[column] for column in columns)
                first = self.census.seen[built.kind.name][owner].line
                reason = _(
                    "la línea %(line)s tiene el mismo valor en estas columnas (%(kind)s)."
                ) % {
                    "kind": built.kind.title,
                    "line": first,
                }
                self._warn(line, " + ".join(columns), cells, reason)


def _smaller(one: Any, other: Any) -> Any:
    """Return the smaller value; a blank is none."""
    return min((value for value in (one, other) if value is not None), default=None)


def told(built: Built) -> list[str]:
    """Return the fields that every line of a row must tell alike."""
    smallest = built.section.smallest
    return [name for name in built.section.fields if name not in smallest]


def prints(built: Built) -> bytes:
    """Return four bytes for each value told, to compare lines without keeping what they say."""
    values = (built.values[built.kind.field(name).attname] for name in told(built))
    return b"".join(crc32(repr(value).encode()).to_bytes(PRINT) for value in values)


def _differing(built: Built, first: bytes) -> Iterator[str]:
    now = prints(built)
    for position, name in enumerate(told(built)):
        place = slice(position * PRINT, (position + 1) * PRINT)
        if now[place] != first[place]:
            yield name
