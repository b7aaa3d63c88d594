"""The description of the API: for programs, and for who reads it. Signed in, as for the rest."""

from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.views import (
    SpectacularAPIView,
    SpectacularRedocView,
    SpectacularSwaggerView,
)
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request

from core.access import SignedIn, TokenSignIn
from core.api.errors import handle


@cache
def described(language: str) -> Any:
    """Return the description in a language: two seconds of work, of which nothing changes while a process runs."""
    with override(language):
        return SchemaGenerator().get_schema(public=True)  # type: ignore[no-untyped-call]


class OncePerLanguage(SchemaGenerator):
    def get_schema(self, *_request: Any, **_public: Any) -> Any:
        return described(get_language())


class Schema(SpectacularAPIView):
    generator_class = OncePerLanguage
    permission_classes = [IsAuthenticated]
    authentication_classes = [TokenSignIn, SignedIn]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse a `?lang=` that there is not: without it, the language is the person's."""
        super().initial(request, *args, **kwargs)
        known = dict(settings.LANGUAGES)
        if (asked := request.query_params.get("lang")) and asked not in known:
            sentence = _("No se conoce este idioma; sí: %(known)s.") % {"known": ", ".join(known)}
            raise ValidationError({"lang": [sentence]})

    def get_exception_handler(self) -> Any:
        return handle


schema = Schema.as_view()
swagger = login_required(SpectacularSwaggerView.as_view(url_name="schema"))
redoc = login_required(SpectacularRedocView.as_view(url_name="schema"))
