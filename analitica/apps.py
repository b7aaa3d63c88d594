from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AnaliticaConfig(AppConfig):
    name = "analitica"
    verbose_name = _("Analítica")
