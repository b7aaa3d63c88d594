"""The page of an entity: constant queries, no counting, history, versions, protected deletes."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.admin import ShowFacets
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db.models import ForeignKey, Model, ProtectedError, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from unfold.admin import ModelAdmin, TabularInline
from unfold.views import ChangeList

from core import rights
from core.admin.actions import page_asked_from
from core.admin.forms import EntityForm
from core.admin.history import EntityHistoryAdmin
from core.admin.paginator import LIMIT, BoundedPaginator
from core.admin.portfolio import ChoicesOfPortfolio, PortfolioAdmin
from core.lookups import TooManyKeys
from core.overview import page, pages_of
from core.references import holders_of, store_references, target_of
from core.text import normalizar


class EntityChangeList(ChangeList):
    """Brings the rows that the columns speak of in one query each, from whatever store."""

    def url_for_result(self, result: Any) -> str:
        url: str = page(self.model, result.pk) or super().url_for_result(result)
        return url

    def apply_select_related(self, qs: QuerySet[Any]) -> QuerySet[Any]:
        return qs.prefetch_related(*self.model_admin.list_prefetch)

    def get_ordering_field(self, field_name: str) -> Any:
        # The order of another store's rows is not known here.
        return None if is_across(self.model, field_name) else super().get_ordering_field(field_name)

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        # The pages below say how many, and how far it counts.
        self.full_result_count = self.result_count


def may_hold(model: type[Model], name: str, value: Any) -> bool:
    """Whether `value`, from an address, can be the key of the row that field `name` refers to."""
    field = next((field for field in model._meta.fields if field.name == name), None)
    if not isinstance(field, ForeignKey):
        return True
    try:
        field.target_field.to_python(value)
    except ValidationError:
        return False
    return True


def is_across(model: type[Model], name: Any) -> bool:
    """Whether the column `name` is a reference to another store."""
    return name in {field.name for field in store_references(model)}


class EntityInline(ChoicesOfPortfolio, TabularInline):
    """Parts of an entity, edited with it."""

    extra = 0
    show_change_link = False
    tab = True


class EntityAdmin(PortfolioAdmin, EntityHistoryAdmin, ModelAdmin):
    """Declares a page; the rules stay in the domain."""

    form = EntityForm
    list_prefetch: ClassVar[Sequence[str]] = ()
    search_fields: ClassVar[Sequence[str]] = ("busqueda",)
    paginator = BoundedPaginator
    show_full_result_count = False
    show_facets = ShowFacets.NEVER
    list_per_page = 50
    list_filter_submit = True
    list_fullwidth = True
    warn_unsaved_form = True
    change_form_outer_before_template = "core/verbos.html"

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[EntityChangeList]:
        return EntityChangeList

    def get_sortable_by(self, request: HttpRequest) -> list[str]:
        names = super().get_sortable_by(request)
        return [name for name in names if not is_across(self.model, name)]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """The declared fieldsets, and the version that the person saw, hidden in the first."""
        (name, options), *others = super().get_fieldsets(request, obj)
        fields = [field for field in options["fields"] if field != "version_leida"]
        return [(name, options | {"fields": [*fields, "version_leida"]}), *others]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """What the address fills in beforehand, without what can't be a value of its field."""
        given = super().get_changeform_initial_data(request)
        return {name: value for name, value in given.items() if may_hold(self.model, name, value)}

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        try:
            return self.search(request, queryset, normalizar(search_term))
        except TooManyKeys as refusal:
            if request.resolver_match and request.resolver_match.url_name != "autocomplete":
                messages.warning(request, " ".join(refusal.messages))
            return queryset.none(), False

    def search(
        self, request: HttpRequest, queryset: QuerySet[Any], term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Return the rows that `term`, already normalised, finds, and whether some may come twice."""
        found: QuerySet[Any] = queryset.matching(term, self.search_fields)  # type: ignore[attr-defined]
        return found, False

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
            except ObjectDoesNotExist:
                messages.error(
                    request, _("%(row)s: alguien lo ha borrado mientras tanto.") % {"row": row}
                )
            else:
                done += 1
        if done:
            text = ngettext("Hecho en %(count)d fila.", "Hecho en %(count)d filas.", done)
            messages.success(request, text % {"count": done})

    def offers(self, row: Any, verb: str) -> bool:
        """Whether the page of `row` shows a button for `verb`; the verb itself decides if it may."""
        return True

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        row = kwargs.get("obj")
        context["verbs"] = [
            (name, capfirst(description))
            for name, (_function, _name, description) in self.get_actions(request).items()
            if row is not None and name != "delete_selected" and self.offers(row, name)
        ]
        context["pages"] = self._pages(request, row) if row is not None else []
        response: HttpResponse = super().render_change_form(request, context, *args, **kwargs)
        return response

    def _pages(self, request: HttpRequest, row: Model) -> list[tuple[str, str]]:
        """Return, with their names, the pages that gather all about `row` and what it refers to."""
        return [
            (_("Ficha: %(name)s") % {"name": field.verbose_name} if field else _("Ficha"), url)
            for field, url in pages_of(row)
            if rights.may(request.user, "view", target_of(field) if field else type(row))
        ]

    def response_action(self, request: HttpRequest, queryset: QuerySet[Any]) -> Any:
        across = request.POST.get("select_across") == "1"
        if across and self.get_paginator(request, queryset, self.list_per_page).is_bounded:
            text = _("Son más de %(limit)d filas: afine los filtros antes de actuar sobre todas.")
            messages.error(request, text % {"limit": LIMIT})
            return None
        response = super().response_action(request, queryset)
        if isinstance(response, HttpResponseRedirect) and (back := page_asked_from(request)):
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
        return self._told(
            request,
            lambda: super(EntityAdmin, self).changeform_view(
                request, object_id, form_url, extra_context
            ),
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
            messages.error(request, rights.refusal_for(request.user, refusal))
        except ValidationError as refusal:
            if isinstance(refusal, TooManyKeys) and not request.GET:
                raise  # without filters to take away, this page would only send to itself
            messages.error(request, " ".join(refusal.messages))
        return HttpResponseRedirect(request.path)

    # Deleting.

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        to_delete, counts, lacking, protected = super().get_deleted_objects(objs, request)
        holders = dict.fromkeys(holders_of(list(objs)))
        held = [
            f"{capfirst(holder._meta.verbose_name)}: {holder}"
            if rights.sees(request.user, holder)
            else _("Una fila fuera de su cartera")
            for holder in holders
        ]
        protected = [*protected, *held]
        # What keeps a row is named, rather than a permission that nobody has.
        return to_delete, counts, set() if protected else lacking, protected
