"""What a domain shows outside its own pages: plain data that it declares in its `overview` module.

SECTIONS and RATIOS are of the page that gathers all that is known of one row, FINDERS answer the search
over every store, FIGURES and NOTICES make the home. What shows them asks for them here and names no domain.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from importlib import import_module
from typing import Any, Literal
from uuid import UUID

from django.apps import apps
from django.db.models import ForeignKey, Model, Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.module_loading import module_has_submodule

from core.references import target_of

Text = str | Promise
Tone = Literal["", "warning", "danger"]
Rows = Callable[[QuerySet[Any]], QuerySet[Any]]
RowsOfDay = Callable[[Any, date], QuerySet[Any]]

MODULE = "overview"


def as_they_are(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows


@dataclass(frozen=True)
class Total:
    """How many rows of a section are as `where` says on a day and, by currency, what their `amount` adds up to.

    `query` shows those rows in the list of their model. Without a label, it only serves a Ratio.
    """

    name: str
    where: Callable[[date], Q]
    label: Text = ""
    amount: Any = None
    amount_label: Text = ""
    query: str = ""
    tone: Tone = ""


@dataclass(frozen=True)
class Section:
    """The newest rows of `model` that belong to the row whose page it is.

    `of` are the lookups, inside the store of `model`, any of which leads to the key of that row; the list of
    `model` takes the first as a filter. `columns` are names that its admin page shows, or fields, and
    `related` what these speak of in the same store. The totals are by the currency that `currency` leads
    to. Without columns, a section only speaks in the history.
    """

    model: str
    of: Sequence[str]
    columns: Sequence[str] = ()
    newest: Sequence[str] = ("-creado", "-id")
    related: Sequence[str] = ()
    totals: Sequence[Total] = ()
    currency: str = ""
    prepare: Rows = as_they_are
    add_label: Text = ""
    add: str = ""  # the field of a new row that takes the key of the page's row
    order: int = 50


@dataclass(frozen=True)
class Ratio:
    """What one total is of another, in per cent, by currency: each named as "app.Model.total"."""

    label: Text
    part: str
    whole: str
    hint: Text = ""


@dataclass(frozen=True)
class Finder:
    """How rows of `model` are found by what a person types.

    `exact` are the columns, with an index, that hold what identifies a row; `to` the reference whose page
    answers for a row that has none of its own; `detail` the columns that tell one row from another.
    """

    model: str
    icon: str
    exact: Sequence[str] = ()
    detail: Sequence[str] = ()
    related: Sequence[str] = ()
    to: str = ""
    order: int = 50


@dataclass(frozen=True)
class Figure:
    """How many rows of `model` are as `rows` says on a day; `query` shows the same in their list."""

    group: Text
    label: Text
    model: str
    rows: RowsOfDay
    query: str
    icon: str
    amount: Any = None
    currency: str = ""
    prepare: Rows = as_they_are
    tone: Tone = ""
    order: int = 50


@dataclass(frozen=True)
class News:
    """What a notice has to say."""

    value: str
    detail: str = ""
    tone: Tone = ""


@dataclass(frozen=True)
class Notice:
    """Something of the day that is no number of rows, for who may view `model`."""

    group: Text
    label: Text
    model: str
    tell: Callable[[], News]
    icon: str
    query: str = ""
    order: int = 50


@dataclass
class Reading:
    """How many, up to what is counted, and what they add up to by currency."""

    count: int = 0
    amounts: Mapping[str, Decimal] = field(default_factory=dict)


@cache
def declared(name: str) -> tuple[Any, ...]:
    """Return what every app declares under `name`, in the order of the apps."""
    return tuple(
        declaration
        for config in apps.get_app_configs()
        if config.module is not None and module_has_submodule(config.module, MODULE)
        for declaration in getattr(import_module(f"{config.name}.{MODULE}"), name, ())
    )


# Pages that gather what is known of a row: model label → name of their address.

PAGES: dict[str, str] = {}


def page(model: type[Model], key: UUID | str) -> str | None:
    """Return the address of the page that gathers all about a row, if its model has one."""
    name = PAGES.get(model._meta.label)
    return reverse(name, args=[key]) if name else None


def pages_of(row: Model) -> Iterator[tuple[ForeignKey[Any, Any] | None, str]]:
    """Yield the pages about `row` (None) and about each row that it refers to, once each."""
    seen = {own := page(type(row), row.pk)}
    if own:
        yield None, own
    for reference in row._meta.fields:
        key = getattr(row, reference.attname)
        if isinstance(reference, ForeignKey) and key is not None:
            url = page(target_of(reference), key)
            if url and url not in seen:
                seen.add(url)
                yield reference, url
