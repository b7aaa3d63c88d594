from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured

from bitacora.stores import bitacora


@register()
def bitacora_has_an_address(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """Refuse to start with a BITACORA_URL that names nothing known."""
    try:
        bitacora()
    except ImproperlyConfigured as refusal:
        return [Error(str(refusal), id="bitacora.E001")]
    return []
