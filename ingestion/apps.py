from pathlib import Path

from django.apps import AppConfig
from django.conf import settings
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class IngestionConfig(AppConfig):
    name = "ingestion"
    verbose_name = _("Lago y trabajos")

    def ready(self) -> None:
        from ingestion import checks  # noqa: F401  (registers them)
        from ingestion.arrow import spare_pandas
        from ingestion.backups import checks as backup_checks  # noqa: F401
        from ingestion.schedules import seed

        spare_pandas()
        post_migrate.connect(seed, sender=self, dispatch_uid="ingestion.schedules.seed")
        if not settings.REDIS_URL:
            # The folders of the embedded broker: it fails to send and to receive where they are not.
            for folder in map(str, settings.CELERY_BROKER_TRANSPORT_OPTIONS.values()):
                Path(folder).mkdir(parents=True, exist_ok=True)
