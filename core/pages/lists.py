"""Numbered pages of a list, counted exactly."""

import re
from typing import Any, Final

from django.core.paginator import EmptyPage, Paginator
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

PAGE: Final = "page"
SIZE: Final = "page_size"
ROWS, ROWS_TO_READ, MAX_ROWS = 50, 25, 200


class NumberedPages(BasePagination):
    """{count, next, previous, results}: ?page=2&page_size=100."""

    def paginate_queryset(
        self, queryset: QuerySet[Any], request: Request, view: Any = None
    ) -> list[Any]:
        size = _asked(request, SIZE, ROWS_TO_READ if view.for_people else ROWS, MAX_ROWS)
        number = _asked(request, PAGE, 1)
        paginator = Paginator(queryset.order_by(*view.order_asked()), size)
        self.address = request.get_full_path() if view.for_people else request.build_absolute_uri()
        try:
            # Who reads is brought to the last page rather than told that there is none so far on.
            self.page = paginator.get_page(number) if view.for_people else paginator.page(number)
        except EmptyPage:
            sentence = _("No hay tantas páginas: la última es la %(last)d.")
            raise NotFound(sentence % {"last": paginator.num_pages}) from None
        return list(self.page)

    def get_paginated_response(self, data: Any) -> Response:
        page = self.page
        return Response(
            {
                "count": page.paginator.count,
                "next": self.link(page.next_page_number()) if page.has_next() else None,
                "previous": self.link(page.previous_page_number()) if page.has_previous() else None,
                "results": data,
            }
        )

    def link(self, number: int) -> str:
        return replace_query_param(self.address, PAGE, number)

    def numbers(self) -> list[dict[str, Any]]:
        """Return the links to other pages: the first, the last and those around this one."""
        paginator = self.page.paginator
        if paginator.num_pages == 1:
            return []
        return [
            {"number": number, "url": self.link(number) if isinstance(number, int) else None}
            for number in paginator.get_elided_page_range(
                self.page.number, on_each_side=1, on_ends=1
            )
        ]


def _asked(request: Request, name: str, default: int, most: int | None = None) -> int:
    """Return the number that the address gives as `name`; raise ValidationError for one that is none."""
    text = request.query_params.get(name, str(default))
    number = int(text) if re.fullmatch(r"[0-9]{1,9}", text) else 0
    if number < 1 or (most and number > most):
        within = (
            _("Un número de 1 a %(most)d.") % {"most": most} if most else _("Un número desde 1.")
        )
        raise ValidationError({name: [within]})
    return number
