"""What a page says where one of its stores does not answer, so that the rest of it is shown."""

from collections.abc import Callable
from typing import TypeVar

import structlog
from django.db import InterfaceError, OperationalError
from django.db.models import Model
from django.utils.translation import gettext as _

from core.lookups import TooManyKeys
from core.stores import store_of

Answer = TypeVar("Answer")

log = structlog.get_logger()


def told(model: type[Model], ask: Callable[[], Answer]) -> tuple[Answer | None, str]:
    """Return what `ask` brings of `model`, or None and the sentence that says why there is nothing."""
    try:
        return ask(), ""
    except TooManyKeys as refusal:
        return None, " ".join(refusal.messages)
    except (OperationalError, InterfaceError) as failure:
        store = store_of(model._meta.app_label)
        log.warning("store_unavailable", store=store, error=type(failure).__name__)
        return None, _("No disponible: el almacén de %(name)s no responde ahora.") % {
            "name": model._meta.verbose_name_plural
        }
