"""The second pass: each row is made, changed or left as it is; a dry run only counts."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.entities import Entity, VersionConflict
from core.references import batched
from ingestion.portfolio.balances import BALANCES
from ingestion.portfolio.build import Builder, Built
from ingestion.portfolio.check import BATCH, Census
from ingestion.portfolio.errors import ImportRefused
from ingestion.portfolio.files import BadRow
from ingestion.portfolio.groups import unbalanced
from ingestion.portfolio.kinds import KINDS, Kind
from ingestion.portfolio.report import Finding, Report
from ingestion.portfolio.store import current, deleted, written_by
from ingestion.portfolio.values import Row

NEW, CHANGED, SAME, KEPT = "nuevas", "cambiadas", "iguales", "respetadas"
ADOPTED = "ya_existian"

# Why a row is left as it is.
CHANGED_HERE = gettext_lazy(
    "Aviso: %(kind)s «%(row)s» se cambió aquí y se deja como está (%(names)s)."
)
REMOVED_HERE = gettext_lazy("Aviso: se borró aquí y se respeta: no se vuelve a traer (%(kind)s).")
REFERS_TO_REMOVED = gettext_lazy(
    "Aviso: no se trae: se refiere a algo que se borró aquí y se respeta (%(kind)s)."
)
WOULD_NOT_ADD_UP = gettext_lazy(
    "Aviso: se respeta lo que hay: con lo que se hizo aquí, la suma no cuadraría (%(kind)s)."
)


@dataclass(eq=False)
class Plan:
    """What is to be done with one row: `differs` names the columns where the store says otherwise.

    `kept` says why the store is left as it is, if it is.
    """

    built: Built
    source: Row
    there: Entity | None = None
    differs: list[str] = field(default_factory=list)
    kept: str | Promise = ""

    @property
    def outcome(self) -> str:
        if self.there is not None and not self.differs:
            return SAME
        if self.kept:
            return KEPT
        return NEW if self.there is None else CHANGED

    @property
    def references(self) -> set[UUID]:
        """The keys of what the row refers to."""
        kind = self.built.kind
        return {
            getattr(self.built.row, kind.field(name).attname)
            for name, _reference in self.built.section.references
        }


class Writer:
    """Writes what the census says each line brings in."""

    def __init__(self, census: Census, reason: str, report: Report, *, dry_run: bool) -> None:
        self.census, self.reason, self.report, self.dry_run = census, reason, report, dry_run
        self.gone: set[UUID] = set()
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
        for name in KINDS:  # each after what it refers to
            self._compare(KINDS[name], plans[name])
        self._keep_sums(plans)
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
            plans[key].kept = CHANGED_HERE
        self._leave_out(kind, plans)

    def _leave_out(self, kind: Kind, plans: dict[UUID, Plan]) -> None:
        """Leave out what was removed here, and what refers to it."""
        missing = {key for key, plan in plans.items() if plan.there is None}
        removed = deleted(kind, missing)
        for key, plan in plans.items():
            if key in removed:
                plan.kept = REMOVED_HERE
            elif self.gone and not self.gone.isdisjoint(plan.references):
                plan.kept = REFERS_TO_REMOVED
        self.gone |= {key for key in missing if plans[key].kept}

    def _keep_sums(self, plans: dict[str, dict[UUID, Plan]]) -> None:
        """Leave alone every row of a sum that would not agree with what was done here."""
        for number, balance in enumerate(BALANCES):
            parents, children = plans[balance.parent], plans[balance.child]
            touched = [getattr(plan.built.row, balance.pointer) for plan in children.values()]
            kept = {key for rows in (parents, children) for key, plan in rows.items() if plan.kept}
            wrong = unbalanced(
                number, {*parents, *touched}, self.census.told, reason=self.reason, kept=kept
            )
            for parent, plan in zip(touched, children.values(), strict=True):
                if parent in wrong:
                    plan.kept = plan.kept or WOULD_NOT_ADD_UP
            for key in wrong & parents.keys() if balance.limit_column else ():
                parents[key].kept = parents[key].kept or WOULD_NOT_ADD_UP

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
            plan.kept = CHANGED_HERE

    def _tell(self, plan: Plan) -> None:
        kind = plan.built.kind
        titles = {field.attname: str(field.verbose_name) for field in kind.fields.values()}
        names = ", ".join(titles[column] for column in plan.differs)
        reason = str(plan.kept) % {"kind": kind.title, "row": plan.there, "names": names}
        self.report.add(Finding(plan.source.file, plan.source.line, "", "", reason))
