from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EmpleadosConfig(AppConfig):
    name = "empleados"
    verbose_name = _("Empleados")
    store = "polizas"
    limit = "empleados.selectors.su_oficina"
