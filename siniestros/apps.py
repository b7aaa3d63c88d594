from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SiniestrosConfig(AppConfig):
    name = "siniestros"
    verbose_name = _("Siniestros")
    store = "polizas"
