"""What stops the start: a key of the backups that is none."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured

from ingestion.backups.key import backup_key


@register()
def the_key_of_the_backups_is_one(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    if not settings.BACKUP_KEY.strip():
        return []  # the first backup makes it
    try:
        backup_key()
    except ImproperlyConfigured as refusal:
        return [Error(str(refusal), id="ingestion.E010")]
    return []
