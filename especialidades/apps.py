from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EspecialidadesConfig(AppConfig):
    name = "especialidades"
    verbose_name = _("Especialidades")
    store = "clientes"
