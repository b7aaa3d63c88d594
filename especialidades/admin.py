from django.contrib import admin
from unfold.contrib.filters.admin import ChoicesDropdownFilter

from core.admin import EntityAdmin
from especialidades.models import Especialidad


@admin.register(Especialidad)
class EspecialidadAdmin(EntityAdmin):
    list_display = ("nombre", "ramo", "descripcion")
    list_filter = (("ramo", ChoicesDropdownFilter),)
    fieldsets = ((None, {"fields": (("nombre", "ramo"), "descripcion")}),)
