"""Where a form comes from: an open door must not take what another site makes a browser send."""

from urllib.parse import urlsplit

from django.conf import settings
from rest_framework.request import Request

from core.access import SignedIn


def require_own_origin(request: Request) -> None:
    """Raise PermissionDenied for a form of a browser that is neither of our pages nor brings their token.

    A program says no origin, and carries nobody's credentials with it.
    """
    said = request.headers.get("Origin") or request.headers.get("Referer")
    is_json = (request.content_type or "").startswith("application/json")
    if said is None or is_json or _origin(said) in _ours(request):
        return
    SignedIn().enforce_csrf(request)


def _origin(address: str) -> str:
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}"


def _ours(request: Request) -> set[str]:
    own = f"{request._request.scheme}://{request.get_host()}"
    return {own, *settings.CSRF_TRUSTED_ORIGINS}
