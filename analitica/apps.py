from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class AnaliticaConfig(AppConfig):
    name = "analitica"
    verbose_name = _("Analítica")

    def ready(self) -> None:
        from ingestion.snapshots.export import published

        published.connect(_published, dispatch_uid="analitica.warm")


def _published(**kwargs: Any) -> None:
    if settings.ANALYTICS_WARM:
        # Only who publishes pays for what it takes to load the questions.
        from analitica.warming import warm

        warm()
