"""The doors of the description: for programs as OpenAPI, and for who reads it as Swagger UI and as ReDoc."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.urls import NoReverseMatch, URLPattern, path, reverse
from drf_spectacular.views import SpectacularRedocView, SpectacularSwaggerView
from rest_framework.renderers import JSONRenderer, TemplateHTMLRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from analitica.api import INTERFACE, AnalyticsView
from analitica.descripcion.document import Part, document

SCHEMA = "analitica-openapi"


class OpenAPI(AnalyticsView):
    """The description itself, of the parts that it is told of."""

    parts: Sequence[Callable[[], Part]] = ()

    def get(self, request: Request) -> Response:
        parts = [part() for part in self.parts]
        open_interfaces = settings.OPEN_INTERFACES
        return Response(document(parts, version=settings.VERSION, open_interfaces=open_interfaces))


class Page(AnalyticsView):
    """A page that shows it; who may not see it is told so in JSON, or led to the sign-in in a browser."""

    renderer_classes = [TemplateHTMLRenderer]
    title: Any = "Cartera"
    url_name = SCHEMA

    def handle_exception(self, exc: Exception) -> Any:
        request = self.request
        if "text/html" in request.headers.get("Accept", "") and not request.user.is_authenticated:
            with suppress(NoReverseMatch):  # an interface served alone has no sign-in
                return redirect_to_login(request.get_full_path(), reverse("admin:login"))
        request.accepted_renderer = JSONRenderer()
        request.accepted_media_type = JSONRenderer.media_type
        return super().handle_exception(exc)


class Swagger(Page, SpectacularSwaggerView):
    pass


class Redoc(Page, SpectacularRedocView):
    pass


def doors(*parts: Callable[[], Part], interface: str = INTERFACE) -> list[URLPattern]:
    """Return the addresses of the description of `parts`, for who may ask at `interface`."""
    return [
        path("docs", Swagger.as_view(interface=interface), name="analitica-docs"),
        path("redoc", Redoc.as_view(interface=interface), name="analitica-redoc"),
        path("openapi.json", OpenAPI.as_view(interface=interface, parts=parts), name=SCHEMA),
    ]
