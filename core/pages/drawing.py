"""What the templates of a page are given."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.http import QueryDict
from django.urls import get_resolver, get_urlconf, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from core import rights
from core.api.errors import OF_THE_WHOLE
from core.api.filters import SEARCH, Fields
from core.entities import Entity
from core.formats import whole
from core.pages import once
from core.pages.boxes import Box, box_of, filter_box, with_typed
from core.pages.fields import NamedField

Errors = Mapping[str, Sequence[str]]


def drawn(view: Any, rows: Sequence[Entity], errors: Errors | None = None) -> dict[str, Any]:
    """Return the list with its form; with `errors`, what was typed and what is wrong with it."""
    opts, errors, sent = view.model._meta, errors or {}, view.action == "create"
    serializer = view.get_serializer()
    may_add = rights.may(view.user, "add", view.model)
    groups = form_of(view, serializer, errors if sent else {}) if may_add else []
    filters = filters_of(view, serializer)
    boxes = [box for group in groups for box in group["boxes"]] if sent else filters
    return (
        frame(view)
        | {
            "template": "paginas/lista.html",
            "title": capfirst(opts.verbose_name_plural),
            "one": opts.verbose_name,
            "many": opts.verbose_name_plural,
            "columns": view.columns,
            "rows": [_drawn_row(view, row) for row in rows],
            "search": view.request.query_params.get(SEARCH, ""),
            "filters": filters,
            "filtered": bool({SEARCH, *view.filters} & view.request.query_params.keys()),
            "groups": groups,
            "problems": problems(errors, boxes),
            "sent": sent,
            "once": {"name": once.MARK, "value": once.mark(view.user)},
        }
        | _pages(view)
    )


def refused(view: Any, code: int, sentences: Sequence[str]) -> dict[str, Any]:
    """Return the page that says only why not."""
    titles = {403: _("No tiene permiso"), 503: _("No disponible por ahora")}
    return frame(view) | {
        "template": "paginas/rechazo.html",
        "title": titles.get(code, _("No se pudo hacer")),
        "sentences": sentences,
    }


def frame(view: Any) -> dict[str, Any]:
    """Return what is around any of the pages: the others, and who is signed in."""
    signed_in = view.user if getattr(view.user, "is_authenticated", False) else None
    return {
        "person": signed_in,
        "path": view.request.path,
        "navigation": [
            {
                "title": capfirst(page.serializer_class.Meta.model._meta.verbose_name_plural),
                "url": reverse(name),
                "current": isinstance(view, page),
            }
            for name, page in doors()
            if rights.may(view.user, "view", page.serializer_class.Meta.model)
        ],
    }


def doors() -> Iterator[tuple[str, Any]]:
    """Yield the name and the class of each page, in the order of the table of contents."""
    patterns: Any = get_resolver(get_urlconf()).url_patterns
    for pattern in patterns:
        page = getattr(getattr(pattern, "callback", None), "cls", None)
        if getattr(page, "interface", "") == "pages":
            yield pattern.name, page


def _pages(view: Any) -> dict[str, Any]:
    pages = view.paginator
    if not hasattr(pages, "page"):  # nothing was read: there is nothing to count
        return {}
    page = pages.page
    return {
        "count": whole(page.paginator.count),
        "several": page.paginator.count != 1,
        "page": page,
        "numbers": pages.numbers(),
        "previous": pages.link(page.previous_page_number()) if page.has_previous() else "",
        "next": pages.link(page.next_page_number()) if page.has_next() else "",
    }


def _drawn_row(view: Any, row: Entity) -> dict[str, Any]:
    return {
        "cells": [column.cell(row) for column in view.columns],
        "url": view.office_url(row) if getattr(view.user, "is_staff", False) else "",
    }


# The form.


def form_of(view: Any, serializer: Any, errors: Errors) -> list[dict[str, Any]]:
    """Return the groups of the form with their boxes."""
    typed = _typed(view) if errors else None
    boxes = _boxes(view, serializer)
    groups = []
    for group in view.form:
        own = [boxes[name] for name in group.fields]
        if typed is not None:
            own = with_typed(own, typed, errors)
        is_open = not group.folded or any(box.errors for box in own)
        groups.append({"group": group, "boxes": own, "open": is_open})
    return groups


def _boxes(view: Any, serializer: Any) -> dict[str, Box]:
    """Return every box of the form, as who begins to fill it in finds it."""
    addresses = {page.serializer_class.Meta.model: reverse(name) for name, page in doors()}
    only = view.only_choices(serializer)
    found = {}
    for name in [name for group in view.form for name in group.fields]:
        field = serializer.fields[name]
        box = box_of(name, field, view.model)
        if isinstance(field, NamedField) and field.may_look():
            box = replace(box, lookup=addresses.get(field.target, ""), key=field.column)
        if name in only:
            box = replace(box, values=(field.name_of(only[name]),))
        found[name] = box
    return found


def _typed(view: Any) -> dict[str, list[str]]:
    data = view.request.data
    if not isinstance(data, QueryDict):
        return {}
    return {name: [str(value) for value in values] for name, values in data.lists()}


def problems(errors: Errors, boxes: Sequence[Box]) -> list[dict[str, str]]:
    """Return each thing that is wrong, with the box where it is put right if there is one."""
    labels = {box.name: box.label for box in boxes}
    order = [name for name in labels if name in errors]
    order += [name for name in errors if name not in labels]
    return [
        {
            "box": name if name in labels else "",
            "label": labels.get(name, "" if name == OF_THE_WHOLE else name),
            "sentence": sentence,
        }
        for name in order
        for sentence in errors[name]
    ]


# The filters.


def filters_of(view: Any, serializer: Any) -> list[Box]:
    """Return the boxes of the filters that people are offered."""
    asked = view.request.query_params
    form = Fields().get_filterset_class(view, view.model._default_manager.all())
    if not view.filters or form is None:
        return []
    fields = form(data=asked, queryset=view.model._default_manager.none()).form.fields
    return [
        replace(
            _catalogue(serializer.fields.get(name)) or filter_box(name, fields[name]),
            label=str(label),
            values=tuple(asked.getlist(name)[-1:]),
        )
        for name, label in view.filters.items()
    ]


def _catalogue(field: Any) -> Box | None:
    """Return the box of a filter by a reference whose form lists what there is to choose from."""
    if not isinstance(field, NamedField) or (rows := field.offered()) is None:
        return None
    options = [(str(row.pk), str(row)) for row in rows]
    return Box(field.field_name or "", label="", kind="select", options=options)
