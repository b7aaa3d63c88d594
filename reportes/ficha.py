"""The page of a cliente: all that is theirs, from every store, by one query a table."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.apps import apps
from django.db.models import Case, Count, F, Model, Q, QuerySet, Sum, Value, When, Window
from django.db.models.functions import RowNumber
from django.utils.formats import number_format
from django.utils.text import capfirst

from core import rights
from core.formats import whole
from core.overview import Reading, Section, Total, declared
from reportes import columnas
from reportes.almacenes import told
from reportes.tarjetas import CENT, Card, amounts

SHOWN = 10


@dataclass(frozen=True)
class Owner:
    """Whose page it is, and who reads it on what day."""

    model: type[Model]
    key: UUID
    user: Any
    day: date


@dataclass
class Row:
    url: str
    cells: list[str]


@dataclass
class Part:
    """A section as the page shows it."""

    section: Section
    model: type[Model]
    headers: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    all_url: str = ""
    has_more: bool = False
    problem: str = ""
    readings: dict[str, Reading] = field(default_factory=dict)

    @property
    def title(self) -> str:
        return capfirst(str(self.model._meta.verbose_name_plural))

    @property
    def key(self) -> str:
        return str(self.model._meta.label_lower).replace(".", "-")


def parts(owner: Owner) -> list[Part]:
    """Return the sections that `owner.user` may see, each with the newest of its rows."""
    shown = [
        section
        for section in sorted(declared("SECTIONS"), key=lambda section: section.order)
        if section.columns and rights.may(owner.user, "view", apps.get_model(section.model))
    ]
    return [_part(section, owner) for section in shown]


def _part(section: Section, owner: Owner) -> Part:
    model = apps.get_model(section.model)
    part = Part(section, model, headers=columnas.headers(model, section.columns))
    part.all_url = columnas.address_of_list(model, query_of(section, owner))
    found, part.problem = told(model, lambda: list(newest(section, owner)))
    if found is None:
        return part
    first = [row for row in found if row._place <= SHOWN] if section.totals else found[:SHOWN]
    part.rows = [
        Row(columnas.address(owner.user, row), columnas.cells(row, section.columns))
        for row in first
    ]
    part.has_more = len(found) > SHOWN and (not section.totals or found[SHOWN]._place == SHOWN + 1)
    part.readings = {total.name: _reading(total, found) for total in section.totals}
    return part


def query_of(section: Section, owner: Owner) -> str:
    return urlencode({f"{section.of[0]}__id__exact": owner.key})


# Rows.


def theirs(section: Section, owner: Owner) -> QuerySet[Any]:
    """Return the rows of a section that are of the owner and that who reads may see."""
    model = apps.get_model(section.model)
    rows: QuerySet[Any] = model._default_manager.filter(of_owner(section, owner))
    return rows if _goes_with_owner(section, owner) else rights.visible(owner.user, rows)


def of_owner(section: Section, owner: Owner) -> Q:
    return Q(*((path, owner.key) for path in section.of), _connector=Q.OR)


def _goes_with_owner(section: Section, owner: Owner) -> bool:
    """Whether who sees the owner sees, by the same lookups, these rows: the page has asked already."""
    given: Sequence[str] = getattr(owner.model, "portfolio", ())
    portfolio: Sequence[str] = getattr(apps.get_model(section.model), "portfolio", ())
    return {f"{path}__{lookup}" for path in section.of for lookup in given} <= set(portfolio)


def newest(section: Section, owner: Owner) -> QuerySet[Any]:
    """Return the newest rows, one more than are shown; with totals, also the first of each currency."""
    rows = section.prepare(theirs(section, owner))
    if section.related:
        rows = rows.select_related(*section.related)
    if section.totals:
        return _with_totals(rows, section, owner.day)
    return rows.order_by(*section.newest)[: SHOWN + 1]


def _with_totals(rows: QuerySet[Any], section: Section, day: date) -> QuerySet[Any]:
    # The engine adds up all rows, and sends only those shown and one of each currency, which carry the
    # totals: a cliente with thousands of rows costs one query and brings a dozen.
    each: Any = {"partition_by": [F(section.currency)]}
    totals: dict[str, Any] = {}
    for total in section.totals:
        met = total.where(day)
        totals[f"_{total.name}_count"] = Window(Count(Case(When(met, then=Value(1)))), **each)
        if total.amount:
            totals[f"_{total.name}_sum"] = Window(
                Sum(Case(When(met, then=F(total.amount)))), **each
            )
    order = list(section.newest)
    found: QuerySet[Any] = (
        rows.annotate(
            _currency=F(section.currency),
            _place=Window(RowNumber(), order_by=order),
            _first=Window(RowNumber(), order_by=order, **each),
            **totals,
        )
        .filter(Q(_place__lte=SHOWN + 1) | Q(_first=1))
        .order_by("_place")
    )
    return found


def _reading(total: Total, rows: Iterable[Any]) -> Reading:
    reading = Reading()
    amounts: dict[str, Decimal] = {}
    for row in rows:
        if row._first != 1:
            continue
        reading.count += getattr(row, f"_{total.name}_count")
        if total.amount and (amount := getattr(row, f"_{total.name}_sum")):
            amounts[row._currency] = Decimal(amount).quantize(CENT)
    reading.amounts = dict(sorted(amounts.items()))
    return reading


# Figures.


def cards(found: Sequence[Part], owner: Owner) -> list[Card]:
    """Return the figures of the sections, and what one is of another."""
    totals = [
        _card(part, total, owner) for part in found for total in part.section.totals if total.label
    ]
    readings = {
        f"{part.section.model}.{name}": reading
        for part in found
        for name, reading in part.readings.items()
    }
    ratios = [
        Card(ratio.label, _rates(readings[ratio.part], readings[ratio.whole]), (str(ratio.hint),))
        for ratio in declared("RATIOS")
        if {ratio.part, ratio.whole} <= readings.keys()
    ]
    return [*totals, *ratios]


def _card(part: Part, total: Total, owner: Owner) -> Card:
    if part.problem:
        return Card(total.label, columnas.EMPTY, problem=part.problem)
    reading = part.readings[total.name]
    query = "&".join(filter(None, (query_of(part.section, owner), total.query)))
    return Card(
        total.label,
        whole(reading.count),
        amounts(reading.amounts, total.amount_label),
        url=columnas.address_of_list(part.model, query),
        tone=total.tone if reading.count else "",
    )


def _rates(part: Reading, whole_: Reading) -> str:
    """Return what `part` is of `whole_`, for each currency in which there is a whole."""
    rates = {
        currency: 100 * part.amounts.get(currency, Decimal(0)) / amount
        for currency, amount in whole_.amounts.items()
    }
    texts = {currency: f"{number_format(rate, 1)} %" for currency, rate in rates.items()}
    if len(texts) == 1:
        return next(iter(texts.values()))
    return " · ".join(f"{text} {currency}" for currency, text in texts.items()) or columnas.EMPTY
