from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BitacoraConfig(AppConfig):
    name = "bitacora"
    verbose_name = _("Bitácora")
