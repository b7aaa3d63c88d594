"""Sums that must agree before anything is written: recibos with the prima, shares with the whole."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ingestion.portfolio.build import Built, Line

CERO, CIEN = Decimal(0), Decimal(100)

# The place of a Balance in BALANCES, and the row of its parent.
SumKey = tuple[int, UUID]


@dataclass(frozen=True)
class Balance:
    """What the rows of `child` that point at a row of `parent` must add up to.

    Where `none_allowed`, a parent without any is right too.
    """

    parent: str
    limit: Callable[[Any], Decimal]
    limit_column: str
    child: str
    amount: str
    pointer: str
    sentence: str | Promise
    none_allowed: bool = True

    def agrees(self, total: Decimal, limit: Decimal | None) -> bool:
        return total == limit or (total == CERO and self.none_allowed)


BALANCES = (
    Balance(
        parent="poliza",
        limit=lambda poliza: poliza.prima,
        limit_column="prima",
        child="recibo",
        amount="importe",
        pointer="poliza_id",
        sentence=_("Los recibos de la póliza suman %(total)s y su prima es %(limit)s."),
    ),
    Balance(
        parent="poliza",
        limit=lambda poliza: CIEN,
        limit_column="",
        child="beneficiario",
        amount="porcentaje",
        pointer="poliza_id",
        sentence=_("Los beneficiarios de la póliza suman %(total)s %% y deben sumar %(limit)s %%."),
    ),
    Balance(
        parent="reclamo",
        limit=lambda reclamo: reclamo.pagado,
        limit_column="pagado",
        child="pago",
        amount="monto",
        pointer="reclamo_id",
        sentence=_("Los pagos del reclamo suman %(total)s y consta pagado %(limit)s."),
        none_allowed=False,
    ),
)


# The others of the same parent add up already, and were forgotten.
TOO_MANY = _("Sobra: sin esta línea, las demás ya suman lo que deben.")


@dataclass(eq=False)
class Open:
    """A sum that does not agree yet, with the lines that speak of it."""

    limit: Decimal | None = None
    total: Decimal = CERO
    lines: list[tuple[int, str, int]] = field(default_factory=list)


@dataclass(eq=False, slots=True)
class Told:
    """What the files say of a sum: its limit, if they bring the parent, and each row's amount."""

    limit: Decimal | None = None
    amounts: dict[UUID, Decimal] = field(default_factory=dict)


class Ledger:
    """Follows every sum: one that agrees is no longer open."""

    def __init__(self) -> None:
        self.open: dict[SumKey, Open] = {}
        self.told: dict[SumKey, Told] = {}

    def add(self, line: Line, built: Iterable[Built]) -> None:
        """Count the rows that a line brings in."""
        touched = dict.fromkeys(key for one in built for key in self._count(one))
        source = line.source
        for key in touched:
            found = self.open[key]
            if found.limit == found.total:
                del self.open[key]
            else:
                found.lines.append((source.serial, source.file, source.line))

    def _count(self, built: Built) -> Iterator[SumKey]:
        row: Any = built.row
        for number, balance in enumerate(BALANCES):
            if built.kind.name == balance.parent:
                key = (number, built.id)
                limit = balance.limit(row)
                self.open.setdefault(key, Open()).limit = limit
                self.told.setdefault(key, Told()).limit = limit
                yield key
            elif built.kind.name == balance.child:
                key = (number, getattr(row, balance.pointer))
                amount = getattr(row, balance.amount)
                self.open.setdefault(key, Open()).total += amount
                self.told.setdefault(key, Told()).amounts[built.id] = amount
                yield key

    def wrong(self, brought: Callable[[str, UUID], bool]) -> Iterator[tuple[Open, str]]:
        """Yield each sum that does not agree, and why; `brought` tells what the files brought in.

        Of a row that only the store has the sum can't be told.
        """
        for (number, parent), found in self.open.items():
            balance = BALANCES[number]
            if found.limit is None and not brought(balance.parent, parent):
                continue
            if balance.agrees(found.total, found.limit):
                continue
            sentence = balance.sentence if found.limit is not None else TOO_MANY
            yield found, str(sentence) % {"total": found.total, "limit": found.limit}
