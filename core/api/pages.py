"""Pages of a list of any length: each begins where the last one ended, and nothing is counted."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ImproperlyConfigured
from django.core.signing import BadSignature, Signer
from django.db.models import Field, Model, Q, QuerySet
from django.template import loader
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

SIZE, MAX_SIZE = 50, 200
CURSOR, LIMIT = "cursor", "limit"

signer = Signer(salt="core.api.pages")


def total_order(model: type[Model], order: Sequence[str]) -> list[str]:
    """Return `order` by the columns of `model` alone, ended by the key: no two rows are in one place.

    Raises ImproperlyConfigured for a column that may hold nothing, which would have no place.
    """
    columns: list[str] = []
    for name in order:
        field = _field(model, name)
        if field.null:
            raise ImproperlyConfigured(
                f"{model._meta.label} can't be paged by {name}: it has nulls"
            )
        columns.append(("-" if name.startswith("-") else "") + field.attname)
    if "id" not in [column.lstrip("-") for column in columns]:
        columns.append("-id" if columns and columns[0].startswith("-") else "id")
    return columns


def _field(model: type[Model], name: str) -> "Field[Any, Any]":
    name = name.lstrip("-")
    try:
        found = model._meta.get_field(name)
    except FieldDoesNotExist:
        found = next((f for f in model._meta.fields if f.attname == name), None)  # type: ignore[assignment]
    if not isinstance(found, Field):
        raise ImproperlyConfigured(f"{model._meta.label} has no column {name!r} to be ordered by")
    return found


@dataclass(frozen=True)
class Cursor:
    """A place in a list: just after, or before, the row that has these values in these columns.

    Without values, it is an end of the list.
    """

    order: tuple[str, ...]
    values: tuple[str, ...]
    backwards: bool = False

    @classmethod
    def at(cls, row: Model, order: Sequence[str], *, backwards: bool = False) -> "Cursor":
        columns = [column.lstrip("-") for column in order]
        values = (_field(type(row), name).value_to_string(row) for name in columns)
        return cls(tuple(order), tuple(values), backwards)

    @classmethod
    def read(cls, text: str, order: Sequence[str]) -> "Cursor":
        """Return what `text` says; raise ValidationError if it was not made here for this order."""
        try:
            made_for, values, backwards = signer.unsign_object(text)
        except (BadSignature, ValueError, TypeError):
            made_for, values, backwards = None, (), False
        if made_for != list(order):
            sentence = _("Este cursor no es de esta lista en este orden: empiece sin él.")
            raise ValidationError({CURSOR: [sentence]})
        return cls(tuple(order), tuple(values), backwards)

    def __str__(self) -> str:
        return signer.sign_object([self.order, self.values, self.backwards])

    def beyond(self, model: type[Model]) -> Q:
        """The rows past this place: those that differ first in a column, and go on from there."""
        past, equal, bound = Q(), Q(), Q()
        for column, text in zip(self.order, self.values, strict=bool(self.values)):
            name = column.lstrip("-")
            value = _field(model, name).to_python(text)
            ahead = "lt" if column.startswith("-") != self.backwards else "gt"
            past |= equal & Q((f"{name}__{ahead}", value))
            equal &= Q((name, value))
            # Said of the first column apart, it lets an index begin there.
            bound = bound or Q((f"{name}__{ahead}e", value))
        return bound & past


class CursorPages(BasePagination):
    """{next, previous, results}, in the order of the view, whatever its ties."""

    display_page_controls = False
    next: Cursor | None = None
    previous: Cursor | None = None
    template = "core/api_paginas.html"

    def paginate_queryset(
        self, queryset: QuerySet[Any], request: Request, view: Any = None
    ) -> list[Any]:
        size = size_asked(request)
        order = view.order_asked()
        self.address = request.build_absolute_uri()
        text = request.query_params.get(CURSOR)
        start = Cursor.read(text, order) if text is not None else None
        rows = self._rows(queryset, order, start, size + 1)
        backwards = start is not None and start.backwards
        more, page = len(rows) > size, rows[:size]
        if backwards:
            page.reverse()
        if page and (more if not backwards else True):
            self.next = Cursor.at(page[-1], order)
        if page and (more if backwards else start is not None):
            self.previous = Cursor.at(page[0], order, backwards=True)
        if not page and start is not None:
            # Past either end, which others may have moved, the way back is from that end.
            back = replace(start, values=(), backwards=not backwards)
            self.next, self.previous = (back, None) if backwards else (None, back)
        self.display_page_controls = bool(self.next or self.previous)
        return page

    def _rows(
        self, queryset: QuerySet[Any], order: list[str], start: Cursor | None, size: int
    ) -> list[Any]:
        if start is None:
            return list(queryset.order_by(*order)[:size])
        rows = queryset.filter(start.beyond(queryset.model)).order_by(*order)
        return list((rows.reverse() if start.backwards else rows)[:size])

    def _link(self, cursor: Cursor | None) -> str | None:
        return replace_query_param(self.address, CURSOR, str(cursor)) if cursor else None

    def get_paginated_response(self, data: Any) -> Response:
        links = self.get_html_context()
        return Response(
            {"next": links["next_url"], "previous": links["previous_url"], "results": data}
        )

    def get_html_context(self) -> dict[str, Any]:
        return {"previous_url": self._link(self.previous), "next_url": self._link(self.next)}

    def to_html(self) -> str:
        return loader.get_template(self.template).render(self.get_html_context())

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": ["string", "null"], "format": "uri", "example": None}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": link, "previous": link, "results": schema},
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        return [
            _parameter(CURSOR, _("El de «next» o «previous» de la página anterior."), "string"),
            _parameter(
                LIMIT,
                _("Cuántas filas trae una página."),
                "integer",
                minimum=1,
                maximum=MAX_SIZE,
                default=SIZE,
            ),
        ]


def _parameter(name: str, description: str, kind: str, **more: Any) -> dict[str, Any]:
    schema = {"type": kind, **more}
    return {
        "name": name,
        "in": "query",
        "required": False,
        "description": description,
        "schema": schema,
    }


def size_asked(request: Request) -> int:
    """Return how many rows the address asks for; raise ValidationError for a number that is none."""
    text = request.query_params.get(LIMIT, str(SIZE))
    if not (text.isascii() and text.isdecimal() and 1 <= int(text[:9]) <= MAX_SIZE):
        sentence = _("Un número de 1 a %(limit)d.") % {"limit": MAX_SIZE}
        raise ValidationError({LIMIT: [sentence]})
    return int(text)
