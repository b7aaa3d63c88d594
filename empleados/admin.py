from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter

from core.admin import EntityAdmin
from empleados.models import Empleado


@admin.register(Empleado)
class EmpleadoAdmin(EntityAdmin):
    list_display = ("codigo", "nombre_completo", "rol", "oficina", "telefono", "cuenta", "activo")
    list_display_links = ("codigo", "nombre_completo")
    list_prefetch = autocomplete_fields = ("cuenta",)
    list_filter = (
        "activo",
        ("rol", ChoicesDropdownFilter),
        "oficina",
    )
    fieldsets = (
        (None, {"fields": (("codigo", "rol"), ("nombres", "apellidos"), "activo")}),
        (_("Contacto"), {"fields": ("oficina", ("email", "telefono"))}),
        (_("Acceso"), {"fields": (("cuenta", "solo_su_oficina"),)}),
    )

    @admin.display(description=_("nombre"), ordering="apellidos")
    def nombre_completo(self, empleado: Empleado) -> str:
        return empleado.nombre_completo
