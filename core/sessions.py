"""Who comes in and goes out leaves an audit; nobody stays in for ever."""

import time
from collections.abc import Callable
from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY, logout
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils.translation import gettext as _

from core.models import auditar
from core.tries import client_address

SINCE: Final = "desde"  # when the person signed in
SEEN: Final = "visto"  # when they last asked for something, to the minute
MINUTE: Final = 60


class SessionLimits:
    """Ends a session that lasted too long, and says so to who comes back with one that ended.

    One without use ends by itself: it lasts SESSION_COOKIE_AGE from its last save, and is saved once
    in each minute of use.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.COOKIES.get(settings.SESSION_COOKIE_NAME):
            return self.get_response(request)
        ended = self._has_ended(request)
        response = self.get_response(request)
        if ended and response.headers.get("Location", "").startswith(
            resolve_url(settings.LOGIN_URL)
        ):
            messages.warning(request, _sentence(request))
        return response

    def _has_ended(self, request: HttpRequest) -> bool:
        session, now = request.session, int(time.time())
        if not request.user.is_authenticated:
            shut_out = SESSION_KEY in session  # an account that may not come in any more
            if shut_out:
                session.flush()
            return shut_out or session.session_key is None
        if now - session.setdefault(SINCE, now) >= settings.SESSION_TOTAL.total_seconds():
            logout(request)
            return True
        if now - session.get(SEEN, 0) >= MINUTE:
            session[SEEN] = now
        return False


def _sentence(request: HttpRequest) -> str:
    if request.method == "POST":
        return _(
            "Su sesión había terminado: lo último que envió no se guardó. Entre de nuevo y "
            "vuelva a hacerlo."
        )
    return _("Su sesión ha terminado. Entre de nuevo y volverá a donde estaba.")


@receiver(user_logged_in)
def audit_sign_in(request: Any, user: AbstractBaseUser, **kwargs: Any) -> None:
    if hasattr(request, "session"):
        request.session[SINCE] = request.session[SEEN] = int(time.time())
    auditar("auth", "entrada", user_id=user.pk, **_whence(request))


@receiver(user_logged_out)
def audit_sign_out(request: Any, user: AbstractBaseUser | None, **kwargs: Any) -> None:
    if user is not None:
        auditar("auth", "salida", user_id=user.pk, **_whence(request))


@receiver(user_login_failed)
def audit_failed_sign_in(credentials: dict[str, Any], request: Any = None, **kwargs: Any) -> None:
    username = str(credentials.get("username", ""))[:150]
    auditar("auth", "entrada_fallida", username=username, **_whence(request))


def _whence(request: Any) -> dict[str, Any]:
    return {} if request is None else {"direccion": client_address(request)}
