"""The page of an entity: constant queries, no counting, history, versions, protected deletes."""

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.admin import ShowFacets
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db.models import ForeignKey, ProtectedError, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from simple_history.admin import SimpleHistoryAdmin
from unfold.admin import ModelAdmin, TabularInline
from unfold.views import ChangeList

from core.admin.forms import EntityForm
from core.admin.paginator import LIMIT, BoundedPaginator
from core.references import holders_of
from core.text import normalizar


class EntityChangeList(ChangeList):
    """Brings the rows that the columns speak of in one query each, from whatever store."""

    def apply_select_related(self, qs: QuerySet[Any]) -> QuerySet[Any]:
        return qs.prefetch_related(*self.model_admin.list_prefetch)

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.full_result_count = (
            self.result_count
        )  # the pages below say how many, and how far it counts


class EntityInline(TabularInline):
    """Parts of an entity, edited with it."""

    extra = 0
    show_change_link = False
    tab = True


class EntityAdmin(SimpleHistoryAdmin, ModelAdmin):
    """Declares a page; the rules stay in the domain."""

    form = EntityForm
    list_prefetch: ClassVar[Sequence[str]] = ()
    search_fields: ClassVar[Sequence[str]] = ("busqueda",)
    paginator = BoundedPaginator
    show_full_result_count = False
    show_facets = ShowFacets.NEVER
    list_per_page = 50
    history_list_per_page = 25
    list_filter_submit = True
    list_fullwidth = True
    warn_unsaved_form = True
    change_form_outer_before_template = "core/verbos.html"
    object_history_list_template = "core/historia.html"

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[EntityChangeList]:
        return EntityChangeList

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """The declared fieldsets, and the version that the person saw, hidden in the first."""
        (name, options), *others = super().get_fieldsets(request, obj)
        fields = [field for field in options["fields"] if field != "version_leida"]
        return [(name, options | {"fields": [*fields, "version_leida"]}), *others]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        found: tuple[QuerySet[Any], bool] = super().get_search_results(
            request, queryset, normalizar(search_term)
        )
        return found

    # Verbs: on the chosen rows of the list, and as buttons of each row's own page.

    def each(
        self, request: HttpRequest, queryset: Iterable[Any], verb: Callable[[Any], object]
    ) -> None:
        """Run `verb` on each row; say how many went well, and why each of the others did not."""
        done = 0
        for row in queryset:
            try:
                verb(row)
            except ValidationError as refusal:
                messages.error(request, f"{row}: {' '.join(refusal.messages)}")
            else:
                done += 1
        if done:
            text = ngettext("Hecho en %(count)d fila.", "Hecho en %(count)d filas.", done)
            messages.success(request, text % {"count": done})

    def response_action(self, request: HttpRequest, queryset: QuerySet[Any]) -> Any:
        across = request.POST.get("select_across") == "1"
        if across and self.get_paginator(request, queryset, self.list_per_page).is_bounded:
            text = _("Son más de %(limit)d filas: afine los filtros antes de actuar sobre todas.")
            messages.error(request, text % {"limit": LIMIT})
            return None
        response = super().response_action(request, queryset)
        back = request.POST.get("_back", "")
        if isinstance(response, HttpResponseRedirect) and url_has_allowed_host_and_scheme(
            back, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        ):
            return HttpResponseRedirect(back)
        return response

    # What the stores refuse is told, not thrown.

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return self._told(
            request, lambda: super(EntityAdmin, self).changelist_view(request, extra_context)
        )

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        extra = {"verbs": self._verbs(request) if object_id else []} | (extra_context or {})
        return self._told(
            request,
            lambda: super(EntityAdmin, self).changeform_view(request, object_id, form_url, extra),
        )

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        return self._told(
            request, lambda: super(EntityAdmin, self).delete_view(request, object_id, extra_context)
        )

    def _told(self, request: HttpRequest, view: Callable[[], HttpResponse]) -> HttpResponse:
        try:
            return view()
        except ProtectedError as refusal:
            messages.error(request, str(refusal.args[0]))
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        return HttpResponseRedirect(request.path)

    def _verbs(self, request: HttpRequest) -> list[tuple[str, str]]:
        return [
            (name, capfirst(description))
            for name, (_function, _name, description) in self.get_actions(request).items()
            if name != "delete_selected"
        ]

    # Deleting.

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        to_delete, counts, lacking, protected = super().get_deleted_objects(objs, request)
        held = [
            f"{capfirst(holder._meta.verbose_name)}: {holder}"
            for holder in dict.fromkeys(holders_of(list(objs)))
        ]
        return to_delete, counts, lacking, [*protected, *held]

    # History.

    def get_history_queryset(
        self, request: HttpRequest, history_manager: Any, pk_name: str, object_id: Any
    ) -> QuerySet[Any]:
        relations = [
            field.name
            for field in history_manager.model.tracked_fields
            if isinstance(field, ForeignKey)
        ]
        rows: QuerySet[Any] = history_manager.filter(**{pk_name: object_id})
        return rows.prefetch_related(*relations)

    def set_history_delta_changes(
        self,
        request: HttpRequest,
        historical_records: Any,
        foreign_keys_are_objs: bool = True,  # noqa: FBT001, FBT002
    ) -> None:
        """Tell what changed from each record to the next, and bring who did it in one query."""
        records = list(historical_records)
        users = get_user_model()._default_manager
        people = users.in_bulk({record.history_user_id for record in records} - {None})
        for record in records:
            record.known_user = people.get(record.history_user_id)
        for newer, older in pairwise(records):
            delta = newer.diff_against(
                older,
                included_fields=told_in_history(newer),
                foreign_keys_are_objs=foreign_keys_are_objs,
            )
            helper = self.get_historical_record_context_helper(request, newer)
            newer.history_delta_changes = helper.context_for_delta_changes(delta)


def told_in_history(record: Any) -> set[str]:
    """Return the fields whose changes people read; simple-history leaves out what no form edits."""
    fields = [*record.tracked_fields, *record._history_m2m_fields]
    return {field.name for field in fields} - {"version", "modificado", "busqueda"}
