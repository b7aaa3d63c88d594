from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BienesConfig(AppConfig):
    name = "bienes"
    verbose_name = _("Bienes")
    store = "bienes"
