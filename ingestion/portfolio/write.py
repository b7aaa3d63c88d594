"""The second pass: each row is made, changed or left as it is; a dry run only counts."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils.translation import gettext as _

from core.entities import Entity, VersionConflict
from core.references import batched
from ingestion.portfolio.balances import BALANCES
from ingestion.portfolio.build import Builder, Built
from ingestion.portfolio.check import BATCH, Census
from ingestion.portfolio.errors import ImportRefused
from ingestion.portfolio.files import BadRow
from ingestion.portfolio.kinds import KINDS, Kind
from ingestion.portfolio.report import Finding, Report
from ingestion.portfolio.store import current, written_by
from ingestion.portfolio.values import Row

NEW, CHANGED, SAME, KEPT = "nuevas", "cambiadas", "iguales", "respetadas"
ADOPTED = "ya_existian"


@dataclass(eq=False)
class Plan:
    """What is to be done with one row: `differs` names the columns where the store says otherwise."""

    built: Built
    source: Row
    there: Entity | None = None
    differs: list[str] = field(default_factory=list)
    kept: bool = False

    @property
    def outcome(self) -> str:
        if self.there is None:
            return NEW
        return KEPT if self.kept else CHANGED if self.differs else SAME


class Writer:
    """Writes what the census says each line brings in."""

    def __init__(self, census: Census, reason: str, report: Report, *, dry_run: bool) -> None:
        self.census, self.reason, self.report, self.dry_run = census, reason, report, dry_run
        self.counts: dict[str, Counter[str]] = {kind: Counter() for kind in KINDS}
        for kind, seen in census.seen.items():
            if adopted := len(seen.keys() & census.adopted.keys()):
                self.counts[kind][ADOPTED] = adopted

    def file(self, builder: Builder, rows: Iterable[Row | BadRow]) -> Iterator[int]:
        """Write the lines of a file; yields how many each batch had."""
        for batch in batched(rows, BATCH):
            good = [
                row for row in batch if isinstance(row, Row) and row.serial not in self.census.bad
            ]
            plans = self._plans(builder, good)
            for kind in KINDS.values():
                if plans[kind.name]:
                    self._write(kind, list(plans[kind.name].values()))
            yield len(batch)

    def _plans(self, builder: Builder, rows: Iterable[Row]) -> dict[str, dict[UUID, Plan]]:
        plans: dict[str, dict[UUID, Plan]] = defaultdict(dict)
        for row in rows:
            for built in builder.line(row).built:
                if self.census.brings(built, row.serial):
                    self._complete(built)
                    plans[built.kind.name].setdefault(built.id, Plan(built, row))
        for name, several in plans.items():
            self._compare(KINDS[name], several)
        _keep_sums(plans)
        return plans

    def _complete(self, built: Built) -> None:
        """Give the row what only the whole of the files could tell."""
        seen = self.census.seen[built.kind.name][built.id]
        values = dict(built.values)
        values.update(zip(built.section.smallest, seen.smallest, strict=False))
        for name, _reference in built.section.references:
            column = built.kind.field(name).attname
            values[column] = self.census.adopted.get(values[column], values[column])
        for column, value in values.items():
            if getattr(built.row, column) != value:
                setattr(built.row, column, value)
        built.values = values

    def _compare(self, kind: Kind, plans: dict[UUID, Plan]) -> None:
        there = current(kind, plans)
        for key, row in there.items():
            plan = plans[key]
            plan.there, told = row, plan.built.row
            told.prepare()  # as it would be written
            plan.differs = [n for n in plan.built.values if getattr(row, n) != getattr(told, n)]
        differing = {key: row for key, row in there.items() if plans[key].differs}
        ours = written_by(self.reason, kind, differing.values())
        for key in differing.keys() - ours:
            plans[key].kept = True

    def _write(self, kind: Kind, plans: list[Plan]) -> None:
        if not self.dry_run:
            try:
                self._create(kind, [plan.built.row for plan in plans if plan.outcome == NEW])
                for plan in plans:
                    if plan.outcome == CHANGED:
                        self._change(plan)
            except (IntegrityError, ValidationError) as error:
                raise ImportRefused(
                    _(
                        "Alguien escribe lo mismo a la vez (%(kind)s: %(error)s). Repita la orden: sigue donde quedó."
                    )
                    % {"kind": kind.titles, "error": error}
                ) from error
        for plan in plans:
            self.counts[kind.name][plan.outcome] += 1
            if plan.outcome == KEPT:
                self._tell(plan)

    def _create(self, kind: Kind, rows: list[Entity]) -> None:
        for row in rows:
            row._change_reason = self.reason  # type: ignore[attr-defined]
        if rows:
            kind.model.objects.bulk_create(rows)

    def _change(self, plan: Plan) -> None:
        row: Any = plan.there
        for name in plan.differs:
            setattr(row, name, getattr(plan.built.row, name))
        row._change_reason = self.reason
        try:
            row.save()
        except VersionConflict:
            plan.kept = True

    def _tell(self, plan: Plan) -> None:
        kind = plan.built.kind
        titles = {field.attname: str(field.verbose_name) for field in kind.fields.values()}
        names = ", ".join(titles[column] for column in plan.differs)
        reason = _("Aviso: %(kind)s «%(row)s» se cambió aquí y se deja como está (%(names)s).") % {
            "kind": kind.title,
            "row": plan.there,
            "names": names,
        }
        self.report.add(Finding(plan.source.file, plan.source.line, "", "", reason))


def _keep_sums(plans: dict[str, dict[UUID, Plan]]) -> None:
    """Leave alone, too, what would no longer add up with a row that is left alone."""
    for balance in BALANCES:
        for child in plans[balance.child].values():
            parent = plans[balance.parent].get(getattr(child.built.row, balance.pointer))
            if parent is None or not (parent.kept or child.kept):
                continue
            if balance.amount in child.differs or balance.limit_column in parent.differs:
                child.kept = bool(child.differs)
                parent.kept = bool(parent.differs)
