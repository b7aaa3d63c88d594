"""What a list may be asked for: words, values of fields and an order; anything else is refused by name."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import ForeignKey, IntegerField, QuerySet
from django.utils.translation import gettext as _
from django_filters import rest_framework as django_filters
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.exceptions import ValidationError
from rest_framework.filters import BaseFilterBackend
from rest_framework.request import Request

from core.api.pages import CURSOR, LIMIT

SEARCH, ORDERING = "search", "ordering"
EVERYWHERE = frozenset({"format", "expand"})
OF_A_LIST = frozenset({SEARCH, ORDERING, CURSOR, LIMIT})

# What any store takes for one: a longer number would break the query.
INTEGERS = {"min_value": -(2**63), "max_value": 2**63 - 1}


class YesOrNo(forms.NullBooleanField):
    """true or false; any other word is refused, rather than taken for no filter."""

    widget = forms.TextInput

    def to_python(self, value: Any) -> Any:
        if value in (None, ""):
            return None
        if value not in ("true", "false"):
            raise forms.ValidationError(_("Indique true o false."))
        return bool(value == "true")


class BooleanFilter(django_filters.Filter):
    field_class = YesOrNo


class ChoiceInFilter(django_filters.BaseInFilter, django_filters.ChoiceFilter):
    """One of several known values, between commas."""


class EntityFilterSet(django_filters.FilterSet):
    """Filters by the fields of an entity: references by key, choices by a known one."""

    @classmethod
    def filter_for_field(cls, field: Any, field_name: str, lookup_expr: Any = None) -> Any:
        column = field.target_field if isinstance(field, ForeignKey) else field
        found = super().filter_for_field(column, field_name, lookup_expr)
        if isinstance(found, django_filters.BooleanFilter):
            return BooleanFilter(field_name=field_name, lookup_expr=found.lookup_expr)
        if isinstance(column, IntegerField):
            found.extra |= INTEGERS
        return found

    @classmethod
    def filter_for_lookup(cls, field: Any, lookup_type: str) -> Any:
        if lookup_type == "in" and field.choices:
            return ChoiceInFilter, {"choices": field.choices}
        return super().filter_for_lookup(field, lookup_type)


class Fields(DjangoFilterBackend):
    """?estado=vigente&inicio__gte=2026-01-01, as the view declares in `filterset_fields`."""

    filterset_base = EntityFilterSet

    def to_html(self, request: Request, queryset: Any, view: Any) -> str:
        return ""


class Search(BaseFilterBackend):
    """?search=maria lopez: the rows that have every word, without accents or case."""

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: Any) -> Any:
        text = request.query_params.get(SEARCH)
        return queryset.matching(text, view.search_fields) if text else queryset  # type: ignore[attr-defined]

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        if not view.search_fields:
            return []
        description = _("Palabras que la fila ha de tener, sin acentos ni mayúsculas.")
        return [_query(SEARCH, description, {"type": "string"})]


class Order(BaseFilterBackend):
    """?ordering=-creado: the pages themselves are cut in this order."""

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: Any) -> Any:
        return queryset

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        names = [sign + name for name in view.orders() for sign in ("", "-")]
        description = _("Campo por el que ordenar; con - delante, de mayor a menor.")
        return [_query(ORDERING, description, {"type": "string", "enum": names})]


def _query(name: str, description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": name,
        "in": "query",
        "required": False,
        "description": description,
        "schema": schema,
    }


def refuse_unknown(request: Request, known: Iterable[str]) -> None:
    """Raise ValidationError, by name, for a parameter of the address that would be ignored."""
    allowed = {*known, *EVERYWHERE}
    refusals: dict[str, list[str]] = {}
    for name, values in request.query_params.lists():
        if name not in allowed:
            sentence = _("No se conoce este parámetro; sí: %(known)s.")
            refusals[name] = [sentence % {"known": ", ".join(sorted(allowed))}]
        elif len(values) > 1:
            refusals[name] = [_("Este parámetro se repite: indique uno solo.")]
        elif not values[0].strip():
            refusals[name] = [_("Indique un valor, o quite el parámetro.")]
    if refusals:
        raise ValidationError(refusals)
