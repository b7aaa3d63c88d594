from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BitacoraConfig(AppConfig):
    name = "bitacora"
    verbose_name = _("Bitácora")

    def ready(self) -> None:
        from bitacora import checks  # noqa: F401  (registers them)
