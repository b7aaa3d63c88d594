from django.contrib import admin
from django.db import models
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter
from unfold.widgets import UnfoldAdminURLInputWidget

from core.admin import EntityAdmin, EntityInline
from polizas.admin.columnas import dinero
from polizas.models import Aseguradora, Producto, TipoCobertura


@admin.register(Aseguradora)
class AseguradoraAdmin(EntityAdmin):
    list_display = ("nombre", "documento", "telefono", "telefono_asistencia", "email", "activa")
    list_filter = ("activa",)
    formfield_overrides = {
        models.URLField: {"assume_scheme": "https", "widget": UnfoldAdminURLInputWidget}
    }
    fieldsets = (
        (None, {"fields": (("nombre", "razon_social"), "activa")}),
        (
            _("Identificación"),
            {"fields": (("tipo_documento", "pais_documento", "numero_documento"),)},
        ),
        (
            _("Contacto"),
            {"fields": (("telefono", "telefono_asistencia"), ("email", "web"))},
        ),
    )

    @admin.display(description=_("documento"))
    def documento(self, aseguradora: Aseguradora) -> str:
        return aseguradora.documento


class TipoCoberturaInline(EntityInline):
    model = TipoCobertura
    fields = ("nombre", "limite", "deducible")
    verbose_name_plural = _("coberturas que ofrece")
    hide_title = True


@admin.register(Producto)
class ProductoAdmin(EntityAdmin):
    list_display = ("codigo", "nombre", "aseguradora", "ramo", "prima_base_con_moneda", "activo")
    list_display_links = ("codigo", "nombre")
    list_prefetch = ("aseguradora",)
    list_filter = (
        "activo",
        ("ramo", ChoicesDropdownFilter),
        ("aseguradora", AutocompleteSelectFilter),
    )
    autocomplete_fields = ("aseguradora",)
    inlines = (TipoCoberturaInline,)
    fieldsets = (
        (None, {"fields": (("codigo", "nombre"), ("aseguradora", "ramo"), "activo")}),
        (_("Tarifa"), {"fields": (("moneda", "prima_base"),)}),
        (_("Descripción"), {"fields": ("descripcion",)}),
    )

    @admin.display(description=_("prima base"), ordering="prima_base")
    def prima_base_con_moneda(self, producto: Producto) -> str:
        return dinero(producto.prima_base, producto.moneda)
