"""What the API refuses, in sentences: {field: [sentence]} for what was sent, {"detail": sentence} otherwise."""

from collections.abc import Container, Iterator
from typing import Any

import structlog
from django.core.exceptions import NON_FIELD_ERRORS, ObjectDoesNotExist, RequestDataTooBig
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import IntegrityError, InterfaceError, OperationalError
from django.db.models import ProtectedError, RestrictedError
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import exception_handler

from core import rights
from core.entities import VersionConflict
from core.outages import StoreBusy, StoreDown

OF_THE_WHOLE = "detail"

log = structlog.get_logger()


class Refusal(exceptions.APIException):
    """What can't be done as asked, and why."""


class Conflict(Refusal):
    status_code = status.HTTP_409_CONFLICT
    default_detail = _("Choca con lo que ya hay guardado.")
    default_code = "conflict"


class Gone(Refusal):
    status_code = status.HTTP_410_GONE
    default_detail = _("Lo que se hizo con esta Idempotency-Key se borró después.")
    default_code = "gone"


class Stale(Refusal):
    status_code = status.HTTP_412_PRECONDITION_FAILED
    default_detail = _("Otra persona lo ha cambiado mientras tanto: vuelva a leerlo.")
    default_code = "stale"


class TooLarge(Refusal):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_detail = _("El cuerpo es demasiado grande.")
    default_code = "too_large"


class KeyReused(Refusal):
    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY
    default_detail = _("Esta Idempotency-Key ya se usó con otro cuerpo.")
    default_code = "key_reused"


class Unavailable(Refusal):
    status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    default_detail = _("Un almacén no responde: inténtelo de nuevo en unos momentos.")
    default_code = "unavailable"


def by_field(
    refusal: DjangoValidationError, fields: Container[str] | None = None
) -> dict[str, list[str]]:
    """Return the sentences of `refusal` by field; those of no field, or of none of `fields`, as "detail"."""
    if not hasattr(refusal, "error_dict"):
        return {OF_THE_WHOLE: list(refusal.messages)}
    found: dict[str, list[str]] = {}
    for name, messages in refusal.message_dict.items():
        known = name != NON_FIELD_ERRORS and (fields is None or name in fields)
        found.setdefault(name if known else OF_THE_WHOLE, []).extend(messages)
    return found


def handle(exc: Exception, context: dict[str, Any]) -> Response | None:
    """Answer what a view raised; what is nobody's fault but ours stays a 500."""
    response = exception_handler(translated(exc, context["request"]), context)
    if response is not None and response.status_code == status.HTTP_400_BAD_REQUEST:
        response.data = dict(_flat(response.data))
    return response


def translated(exc: Exception, request: Any) -> Exception:
    """Return `exc` as the answer that it means."""
    match exc:
        case VersionConflict():
            kind = Stale if "If-Match" in request.headers else Conflict
            return kind(" ".join(exc.messages))
        case DjangoValidationError():
            return exceptions.ValidationError(by_field(exc))
        case ProtectedError():
            return Conflict(rights.refusal_for(request.user, exc))
        case RestrictedError() | IntegrityError():
            # What the database says may repeat the row: the log has its kind alone.
            log.warning("api_conflict", error=type(exc).__name__)
            return Conflict()
        case ObjectDoesNotExist():
            return Http404()
        case RequestDataTooBig():
            return TooLarge()
        case StoreDown() | StoreBusy():
            log.warning(
                "store_unavailable", error=type(exc).__name__, store=getattr(exc, "alias", "")
            )
            return Unavailable(str(exc))
        case OperationalError() | InterfaceError():
            log.exception("store_unavailable")
            return Unavailable()
    return exc


def _flat(detail: Any, name: str = "") -> Iterator[tuple[str, list[str]]]:
    """Yield (field, sentences); a field inside another by its path, with dots."""
    if isinstance(detail, dict):
        for key, inner in detail.items():
            yield from _flat(inner, f"{name}.{key}" if name else str(key))
    elif isinstance(detail, list) and any(isinstance(inner, dict | list) for inner in detail):
        for position, inner in enumerate(detail):
            yield from _flat(inner, f"{name}.{position}" if name else str(position))
    elif detail:
        yield name or OF_THE_WHOLE, [str(one) for one in _listed(detail)]


def _listed(detail: Any) -> list[Any]:
    return detail if isinstance(detail, list) else [detail]
