from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AgentesConfig(AppConfig):
    name = "agentes"
    verbose_name = _("Agentes")
    store = "clientes"
    limit = "agentes.selectors.su_cartera"
