from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import (
    AutocompleteSelectFilter,
    ChoicesDropdownFilter,
    DropdownFilter,
)
from unfold.decorators import display

from clientes import services
from clientes.models import (
    Beneficiario,
    Consentimiento,
    ConsentimientoQuerySet,
    Contacto,
    Direccion,
    ServicioContratado,
)
from core.admin import EntityAdmin, EntityInline, confirmed

DEL_CLIENTE = ("cliente", AutocompleteSelectFilter)


class ContactoInline(EntityInline):
    model = Contacto
    fields = ("tipo", "valor", "nota")


class DireccionInline(EntityInline):
    model = Direccion
    fields = ("tipo", "linea", "ciudad", "provincia", "codigo_postal", "pais")


class ConsentimientoInline(EntityInline):
    model = Consentimiento
    fields = ("finalidad", "otorgado", "fecha", "medio", "retirado")
    can_delete = False


class BeneficiarioInline(EntityInline):
    model = Beneficiario
    fields = ("nombres", "apellidos", "parentesco", "nacimiento")
    show_change_link = True


class ServicioInline(EntityInline):
    model = ServicioContratado
    fields = ("descripcion", "fecha")


@admin.register(Beneficiario)
class BeneficiarioAdmin(EntityAdmin):
    list_display = ("nombre_completo", "parentesco", "cliente", "documento", "nacimiento", "menor")
    list_prefetch = ("cliente",)
    list_filter = (
        ("parentesco", ChoicesDropdownFilter),
        DEL_CLIENTE,
        "creado",
    )
    search_fields = ("busqueda", "cliente__busqueda")
    autocomplete_fields = ("cliente",)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "cliente",
                    ("nombres", "apellidos"),
                    ("parentesco", "nacimiento"),
                    ("tipo_documento", "pais_documento"),
                    "numero_documento",
                )
            },
        ),
    )

    @admin.display(description=_("nombre"), ordering="nombres")
    def nombre_completo(self, beneficiario: Beneficiario) -> str:
        return beneficiario.nombre_completo

    @admin.display(description=_("documento"), ordering="numero_documento")
    def documento(self, beneficiario: Beneficiario) -> str:
        return beneficiario.documento

    @display(description=_("aviso"), label={"menor": "warning"}, empty_value="")  # type: ignore[untyped-decorator]
    def menor(self, beneficiario: Beneficiario) -> tuple[str, Any] | None:
        if beneficiario.es_menor(timezone.localdate()):
            return "menor", _("Menor de edad")
        return None


class VigenciaFilter(DropdownFilter):
    title = _("vigencia")
    parameter_name = "vigencia"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("vigente", _("Vigente")), ("retirado", _("Retirado")), ("negado", _("Negado"))]

    def queryset(
        self, request: HttpRequest, queryset: ConsentimientoQuerySet
    ) -> ConsentimientoQuerySet:
        match self.value():
            case "vigente":
                return queryset.vigentes(timezone.localdate())
            case "retirado":
                return queryset.filter(retirado__isnull=False)
            case "negado":
                return queryset.filter(otorgado=False)
        return queryset


@admin.register(Consentimiento)
class ConsentimientoAdmin(EntityAdmin):
    list_display = ("cliente", "finalidad", "otorgado", "fecha", "medio", "retirado")
    list_prefetch = ("cliente",)
    list_filter = (
        ("finalidad", ChoicesDropdownFilter),
        VigenciaFilter,
        DEL_CLIENTE,
        "medio",
        "fecha",
    )
    search_fields = ("cliente__busqueda",)
    autocomplete_fields = ("cliente",)
    actions = ("retirar",)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "cliente",
                    ("finalidad", "otorgado"),
                    ("fecha", "medio"),
                    "retirado",
                )
            },
        ),
    )

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.action(description=_("Retirar desde hoy"), permissions=["change"])
    @confirmed(question=_("¿Anotar que estos clientes retiran hoy su consentimiento?"))
    def retirar(self, request: HttpRequest, queryset: ConsentimientoQuerySet, form: None) -> None:
        dia = timezone.localdate()
        self.each(request, queryset, lambda row: services.retirar(row.pk, dia=dia))


@admin.register(ServicioContratado)
class ServicioContratadoAdmin(EntityAdmin):
    list_display = ("descripcion", "cliente", "fecha")
    list_prefetch = ("cliente",)
    list_filter = (DEL_CLIENTE, "fecha")
    search_fields = ("busqueda", "cliente__busqueda")
    autocomplete_fields = ("cliente",)
    fieldsets = ((None, {"fields": ("cliente", ("descripcion", "fecha"))}),)
