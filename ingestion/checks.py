"""What stops the start: a lake that can't be, datasets that contradict each other."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured

from ingestion.catalog import catalog, declared_personal
from ingestion.lake import lake
from ingestion.personal import undecided


@register()
def the_lake_is_known(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    try:
        lake()
    except ImproperlyConfigured as refusal:
        return [Error(str(refusal), id="ingestion.E001")]
    return []


@register()
def the_catalog_holds(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    try:
        catalog()
    except ImproperlyConfigured as refusal:
        return [Error(str(refusal), id="ingestion.E002")]
    return []


@register()
def personal_data_is_decided_on(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    try:
        tables = catalog()
    except ImproperlyConfigured:
        return []  # told above
    return [Error(told, id="ingestion.E003") for told in undecided(tables, declared_personal())]
