from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import (
    AutocompleteSelectFilter,
    ChoicesDropdownFilter,
    DropdownFilter,
    RangeNumericFilter,
)

from bienes.formulario import DocumentoAdmin
from bienes.models import Bien


class AseguradoFilter(DropdownFilter):
    title = _("seguro")
    parameter_name = "seguro"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Sequence[tuple[Any, str]]:
        return [("si", gettext("Con póliza")), ("no", gettext("Sin póliza"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Bien]) -> QuerySet[Bien]:
        match self.value():
            case "si":
                return queryset.asegurados()  # type: ignore[attr-defined, no-any-return]
            case "no":
                return queryset.sin_asegurar()  # type: ignore[attr-defined, no-any-return]
        return queryset


@admin.register(Bien)
class BienAdmin(DocumentoAdmin):
    list_display = ("bien", "tipo", "cliente", "poliza", "valor")
    list_prefetch = autocomplete_fields = ("cliente", "poliza")
    search_fields = ("busqueda", "cliente__busqueda")
    list_filter = (
        ("tipo", ChoicesDropdownFilter),
        AseguradoFilter,
        ("cliente", AutocompleteSelectFilter),
        ("valor", RangeNumericFilter),
    )
    fieldsets = ((None, {"fields": (("cliente", "poliza"), ("tipo", "valor"), "descripcion")}),)

    @admin.display(description=_("bien"))
    def bien(self, bien: Bien) -> str:
        return str(bien)
