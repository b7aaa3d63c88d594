from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import AutocompleteSelectFilter, DropdownFilter

from agentes import services
from agentes.models import Agente, AgenteQuerySet, Comision
from core.admin import EntityAdmin, EntityInline, confirmed
from especialidades.models import Especialidad


class EspecialidadFilter(DropdownFilter):
    """Agentes who have the especialidad, be it their principal one or not."""

    title = _("especialidad")
    parameter_name = "especialidad"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Sequence[tuple[Any, Any]]:
        return [(row.pk, row.nombre) for row in Especialidad.objects.all()]

    def queryset(self, request: HttpRequest, queryset: AgenteQuerySet) -> AgenteQuerySet:
        chosen = self.value()
        return queryset.con_especialidad(UUID(chosen)) if chosen else queryset


class RegistroFilter(DropdownFilter):
    title = _("registro")
    parameter_name = "registro"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Sequence[tuple[Any, Any]]:
        return [("vencido", _("Vencido"))]

    def queryset(self, request: HttpRequest, queryset: AgenteQuerySet) -> AgenteQuerySet:
        if self.value() == "vencido":
            return queryset.con_registro_vencido(timezone.localdate())
        return queryset


class ComisionInline(EntityInline):
    model = Comision
    verbose_name_plural = _("comisiones por ramo")


@admin.register(Agente)
class AgenteAdmin(EntityAdmin):
    list_display = (
        "codigo",
        "nombre_completo",
        "especialidad",
        "oficina",
        "supervisor",
        "telefono",
        "registro_vence",
        "activo",
    )
    list_display_links = ("codigo", "nombre_completo")
    list_prefetch = ("especialidad", "supervisor")
    list_filter = (
        "activo",
        EspecialidadFilter,
        "oficina",
        ("supervisor", AutocompleteSelectFilter),
        RegistroFilter,
    )
    autocomplete_fields = ("especialidad", "otras_especialidades", "supervisor", "cuenta")
    readonly_fields = ("activo",)
    inlines = (ComisionInline,)
    actions = ("dar_de_baja", "reactivar")
    fieldsets = (
        (None, {"fields": ("codigo", ("nombres", "apellidos"), "activo")}),
        (
            _("Identidad y contacto"),
            {
                "fields": (
                    ("tipo_documento", "pais_documento"),
                    "numero_documento",
                    ("email", "telefono"),
                    ("registro", "registro_vence"),
                )
            },
        ),
        (
            _("Trabajo"),
            {
                "fields": (
                    ("oficina", "supervisor"),
                    ("especialidad", "otras_especialidades"),
                    "cuenta",
                )
            },
        ),
    )

    @admin.display(description=_("nombre"), ordering="apellidos")
    def nombre_completo(self, agente: Agente) -> str:
        return agente.nombre_completo

    def offers(self, row: Agente, verb: str) -> bool:
        return row.activo == (verb == "dar_de_baja")

    @admin.action(description=_("Dar de baja"), permissions=["change"])
    @confirmed(question=_("¿Dar de baja a estos agentes? Sus pólizas siguen a su nombre."))
    def dar_de_baja(self, request: HttpRequest, queryset: AgenteQuerySet, form: None) -> None:
        self.each(request, queryset, lambda agente: services.dar_de_baja(agente.pk))

    @admin.action(description=_("Reactivar"), permissions=["change"])
    def reactivar(self, request: HttpRequest, queryset: AgenteQuerySet) -> None:
        self.each(request, queryset, lambda agente: services.reactivar(agente.pk))
