"""The language of each person: chosen once, kept with their account, the same on any machine."""

from typing import Any, Final

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.views.i18n import set_language

from core.models import Preferencias

CHOSEN: Final = "idioma"


class PersonalLocaleMiddleware(LocaleMiddleware):
    """The language that the person chose; without one, what their browser or program asks for."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        if not request.COOKIES.get(settings.SESSION_COOKIE_NAME):
            return
        chosen = request.session.get(CHOSEN)
        if chosen in dict(settings.LANGUAGES):
            translation.activate(chosen)
            request.LANGUAGE_CODE = translation.get_language()


def choose_language(request: HttpRequest) -> HttpResponseBase:
    """Answer as Django does, and keep the choice: with the account, or until somebody signs in."""
    response = set_language(request)
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES):
        request.session[CHOSEN] = chosen
        if request.user.is_authenticated:
            keep(request.user, chosen)
    return response


def keep(user: Any, language: str) -> None:
    Preferencias.objects.update_or_create(user=user, defaults={"idioma": language})


def language_of(user: Any) -> str:
    """Return the language that `user` chose, or "" where they never did."""
    known = Preferencias.objects.filter(user=user).values_list("idioma", flat=True).first()
    return known if known in dict(settings.LANGUAGES) else ""


@receiver(user_logged_in)
def follow(request: Any, user: AbstractBaseUser, **kwargs: Any) -> None:
    """Bring the language of who signs in; one just chosen at the door is theirs from now on."""
    session = getattr(request, "session", None)
    if session is None:
        return
    if chosen := session.get(CHOSEN):
        keep(user, chosen)
    elif known := language_of(user):
        session[CHOSEN] = known
