from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    name = "core"
    verbose_name = _("Cartera")

    def ready(self) -> None:
        from core import checks, sessions  # noqa: F401  (both register receivers)
        from core.references import protect_holders

        protect_holders()
