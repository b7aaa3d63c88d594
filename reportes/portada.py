"""The home: the figures of the day, each a way to the rows that it counts."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.apps import apps
from django.contrib.admin.utils import get_fields_from_path
from django.db.models import Count, F, Model, Q, QuerySet, Sum
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from core import rights
from core.admin.paginator import LIMIT
from core.formats import whole
from core.overview import Figure, Notice, Reading, Text, declared
from reportes import columnas
from reportes.almacenes import told
from reportes.tarjetas import CENT, Card, amounts


@dataclass
class Group:
    """The figures of one part of the business."""

    title: Text
    cards: list[Card] = field(default_factory=list)


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Add to the context of the home the figures of who looks at it."""
    today = timezone.localdate()
    return context | {"today": today, "groups": groups(request.user, today)}


def groups(user: Any, day: date) -> list[Group]:
    """Return the figures of the part of the house that `user` sees: one query each."""
    shown = sorted(
        (
            item
            for item in (*declared("FIGURES"), *declared("NOTICES"))
            if rights.may(user, "view", apps.get_model(item.model))
        ),
        key=lambda item: item.order,
    )
    titles = dict.fromkeys(item.group for item in shown)
    return [
        Group(title, [_card(item, user, day) for item in shown if item.group == title])
        for title in titles
    ]


def _card(item: Figure | Notice, user: Any, day: date) -> Card:
    model = apps.get_model(item.model)
    url = columnas.address_of_list(model, item.query)
    if isinstance(item, Notice):
        news, problem = told(model, item.tell)
        if news is None:
            return Card(item.label, columnas.EMPTY, icon=item.icon, problem=problem)
        return Card(item.label, news.value, (news.detail,), url, news.tone, item.icon)
    reading, problem = told(model, lambda: read(item, model, user, day))
    if reading is None:
        return Card(item.label, columnas.EMPTY, icon=item.icon, problem=problem)
    return Card(
        item.label,
        _counted(reading.count),
        _amounts(reading),
        url,
        item.tone if reading.count else "",
        item.icon,
    )


def rows(figure: Figure, model: type[Model], user: Any, day: date) -> QuerySet[Any]:
    """Return the rows that `figure` counts for `user`."""
    return figure.rows(rights.readable(user, model), day)


def read(figure: Figure, model: type[Model], user: Any, day: date) -> Reading:
    """Count by one query, up to what a list counts; no table is read whole to count it."""
    counted = rows(figure, model, user, day).order_by()
    if not figure.amount:
        return Reading(counted[: LIMIT + 1].count())
    currencies = dict(get_fields_from_path(model, figure.currency)[-1].flatchoices)
    each = figure.prepare(counted).annotate(_currency=F(figure.currency), _amount=F(figure.amount))
    totals = each[: LIMIT + 1].aggregate(
        _count=Count("pk"),
        **{code: Sum("_amount", filter=Q(_currency=code)) for code in currencies},
    )
    count = totals.pop("_count")
    return Reading(
        count, {code: amount.quantize(CENT) for code, amount in totals.items() if amount}
    )


def _counted(count: int) -> str:
    return whole(count) if count <= LIMIT else f"{whole(LIMIT)}+"


def _amounts(reading: Reading) -> list[str]:
    texts = amounts(reading.amounts)
    # What was not counted was not added up.
    return [_("más de:"), *texts] if texts and reading.count > LIMIT else texts
