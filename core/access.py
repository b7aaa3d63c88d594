"""Which interfaces answer without credentials: the one place that every door asks."""

import re
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from core import tokens
from core.models import Token

INTERFACES = ("pages", "analytics", "sky", "archivos", "reportes", "ingestion")


SECRET = re.compile(r"[!-~]{1,200}")


class TokenSignIn(BaseAuthentication):
    """A program with a token, as `Authorization: Token …` or `X-API-Key: …`; anybody else is told 401."""

    def authenticate(self, request: Request) -> tuple[Any, Token] | None:
        secret = _secret(request)
        if secret is None:
            return None
        token = tokens.find(secret) if SECRET.fullmatch(secret) else None
        if token is None:
            raise AuthenticationFailed(_("Este token no vale."))
        if token.vencido(timezone.now()):
            raise AuthenticationFailed(
                _("Este token venció el %(day)s.") % {"day": f"{token.vence:%d/%m/%Y}"}
            )
        if not token.user.is_active:
            raise AuthenticationFailed(_("La cuenta de este token está desactivada."))
        if token.alcance == Token.Alcance.LECTURA and request.method not in SAFE_METHODS:
            raise PermissionDenied(_("Este token es de solo lectura."))
        tokens.note_use(token)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return "Token"


def _secret(request: Request) -> str | None:
    """Return what `request` signs in with, "" for a header that has nothing."""
    if (key := request.headers.get("X-API-Key")) is not None:
        return key.strip()
    scheme, _blank, secret = request.headers.get("Authorization", "").strip().partition(" ")
    return secret.strip() if scheme.casefold() == "token" else None


class SignedIn(SessionAuthentication):
    """Who signed in to the back office; anybody else is told 401, not 403."""

    def authenticate_header(self, request: Request) -> str:
        return "Session"

    def enforce_csrf(self, request: Request) -> None:
        try:
            super().enforce_csrf(request)
        except PermissionDenied:
            raise PermissionDenied(
                _("Falta la señal CSRF de la sesión: vuelva a abrir la página.")
            ) from None


class InterfaceAccess(BasePermission):
    """Lets in who is signed in, and anyone where OPEN_INTERFACES names the view's `interface`."""

    def has_permission(self, request: Request, view: Any) -> bool:
        signed_in = bool(request.user and request.user.is_authenticated)
        return signed_in or view.interface in settings.OPEN_INTERFACES
