"""Which interfaces answer without credentials: the one place that every door asks."""

from typing import Any

from django.conf import settings
from rest_framework.authentication import SessionAuthentication
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

INTERFACES = ("pages", "analytics", "sky", "archivos", "reportes", "ingestion")


class SignedIn(SessionAuthentication):
    """Who signed in to the back office; anybody else is told 401, not 403."""

    def authenticate_header(self, request: Request) -> str:
        return "Session"


class InterfaceAccess(BasePermission):
    """Lets in who is signed in, and anyone where OPEN_INTERFACES names the view's `interface`."""

    def has_permission(self, request: Request, view: Any) -> bool:
        signed_in = bool(request.user and request.user.is_authenticated)
        return signed_in or view.interface in settings.OPEN_INTERFACES
