from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PolizasConfig(AppConfig):
    name = "polizas"
    verbose_name = _("Pólizas")
    store = "polizas"
