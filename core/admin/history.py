"""The history of a row as people read it: who changed what, from what to what."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.contrib.admin.utils import display_for_field, unquote
from django.contrib.auth import get_user_model
from django.db.models import ForeignKey, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.text import capfirst
from simple_history.admin import SimpleHistoryAdmin

# What the machinery writes at each change, whatever people do.
UNTOLD = {"version", "modificado", "busqueda"}


class EntityHistoryAdmin(SimpleHistoryAdmin):
    """Asks for the people and for each relation once a page, and tells what only verbs change too."""

    require_row: Callable[[HttpRequest, str], None]  # PortfolioAdmin's
    object_history_list_template = "core/historia.html"
    history_list_per_page = 25

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        _require_key(object_id)
        self.require_row(request, unquote(object_id))
        response: HttpResponse = super().history_view(request, object_id, extra_context)
        return response

    def history_form_view(
        self, request: HttpRequest, object_id: str, version_id: str, extra_context: Any = None
    ) -> HttpResponse:
        _require_key(object_id)
        _require_key(version_id)
        self.require_row(request, unquote(object_id))
        response: HttpResponse = super().history_form_view(
            request, object_id, version_id, extra_context
        )
        return response

    def get_history_queryset(
        self, request: HttpRequest, history_manager: Any, pk_name: str, object_id: Any
    ) -> QuerySet[Any]:
        fields = history_manager.model.tracked_fields
        relations = [field.name for field in fields if isinstance(field, ForeignKey)]
        rows: QuerySet[Any] = history_manager.filter(**{pk_name: object_id})
        return rows.prefetch_related(*relations)

    def set_history_delta_changes(
        self,
        request: HttpRequest,
        historical_records: Any,
        foreign_keys_are_objs: bool = True,  # noqa: FBT001, FBT002  (simple-history's own signature)
    ) -> None:
        records = list(historical_records)
        users = get_user_model()._default_manager
        people = users.in_bulk({record.history_user_id for record in records} - {None})
        for record in records:
            record.known_user = people.get(record.history_user_id)
        for newer, older in pairwise(records):
            newer.history_delta_changes = [
                *_changes(newer, older),
                *self._changes_of_many(request, newer, older),
            ]

    def _changes_of_many(self, request: HttpRequest, newer: Any, older: Any) -> Any:
        many = {field.name for field in newer._history_m2m_fields}
        delta = newer.diff_against(older, included_fields=many, foreign_keys_are_objs=True)
        helper = self.get_historical_record_context_helper(request, newer)
        return helper.context_for_delta_changes(delta)


def _require_key(text: str) -> None:
    """Answer 404 to an address whose key is none."""
    try:
        UUID(unquote(text))
    except ValueError:
        raise Http404 from None


def _changes(newer: Any, older: Any) -> Iterator[dict[str, Any]]:
    for field in newer.tracked_fields:
        before, after = (getattr(record, field.attname) for record in (older, newer))
        if before != after and field.name not in UNTOLD:
            yield {
                "field": capfirst(field.verbose_name),
                "old": _shown(older, field),
                "new": _shown(newer, field),
            }


def _shown(record: Any, field: Any) -> str:
    key = getattr(record, field.attname)
    if isinstance(field, ForeignKey):
        # A row that is there no more is told by its key.
        return str(getattr(record, field.name) or key or "")
    return str(display_for_field(key, field, ""))
