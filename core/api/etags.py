"""ETag and If-Match: the version of a row, said and asked for."""

from django.utils.http import parse_etags
from rest_framework.request import Request

from core.api.errors import Stale
from core.entities import Entity


def etag(row: Entity) -> str:
    return f'"{row.version}"'


def names(header: str, row: Entity) -> bool:
    """Whether an If-Match or If-None-Match names the version of `row`; one that a proxy weakened counts."""
    asked = [one.removeprefix("W/") for one in parse_etags(header)]
    return "*" in asked or etag(row) in asked


def require_match(request: Request, row: Entity) -> None:
    """Raise Stale if the request is for another version of `row`."""
    header = request.headers.get("If-Match")
    if header is not None and not names(header, row):
        raise Stale
