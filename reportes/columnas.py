"""The columns of a row as its own page in the back office shows them."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import label_for_field, lookup_field, quote
from django.db.models import Model
from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.text import capfirst
from unfold.utils import display_for_field, display_for_label, display_for_value

from core import rights
from core.overview import page

EMPTY = "–"


def page_for(model: type[Model]) -> Any:
    """Return the page that the back office has for `model`; None where it has none."""
    return admin.site._registry.get(model)


def headers(model: type[Model], columns: Sequence[str]) -> list[str]:
    return [capfirst(str(label_for_field(name, model, page_for(model)))) for name in columns]


def cells(row: Model, columns: Sequence[str]) -> list[str]:
    return [_cell(row, name) for name in columns]


def words(row: Model, columns: Sequence[str]) -> str:
    """Return the columns as one line of plain text."""
    found = (strip_tags(cell).strip() for cell in cells(row, columns))
    return " · ".join(text for text in found if text not in ("", EMPTY))


def _cell(row: Model, name: str) -> str:
    field, attribute, value = lookup_field(name, row, page_for(type(row)))
    label = getattr(attribute, "label", None)
    if value in (None, ""):
        return EMPTY
    if label:
        return str(display_for_label(value, EMPTY, label))
    if isinstance(value, Model):
        return str(value)
    if field is None:
        return str(display_for_value(value, EMPTY, getattr(attribute, "boolean", False)))
    return str(display_for_field(value, field, EMPTY))


# Where a row, or the list of its model, is.


def address(user: Any, row: Model) -> str:
    """Return where `user` reads about `row`; "" where there is no page, or none for them."""
    model = type(row)
    if not rights.may(user, "view", model):
        return ""
    if own := page(model, row.pk):
        return own
    return _reverse(model, "change", quote(row.pk)) if page_for(model) else ""


def address_of_history(row: Model) -> str:
    return _reverse(type(row), "history", quote(row.pk)) if page_for(type(row)) else ""


def address_of_list(model: type[Model], query: str = "") -> str:
    """Return where the rows of `model` are listed; "" where they have no page."""
    if not page_for(model):
        return ""
    return _reverse(model, "changelist") + (f"?{query}" if query else "")


def address_to_add(model: type[Model], query: str = "") -> str:
    return _reverse(model, "add") + (f"?{query}" if query else "")


def _reverse(model: type[Model], view: str, *args: str) -> str:
    opts = model._meta
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_{view}", args=args)
