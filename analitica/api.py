"""What the lake says of itself: the root of the analytics and its health."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from rest_framework.exceptions import NotAcceptable
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import JSONRenderer, TemplateHTMLRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from analitica.tables import availability, summary
from core.access import InterfaceAccess
from ingestion.lake import lake


class JSONByDefault(DefaultContentNegotiation):
    """Who accepts nothing that a view has gets its JSON."""

    def select_renderer(self, request: Request, renderers: Any, format_suffix: Any = None) -> Any:
        try:
            return super().select_renderer(request, renderers, format_suffix)
        except NotAcceptable:
            return renderers[0], renderers[0].media_type


class AnalyticsView(APIView):
    """A door of the analytics: GET only, open where OPEN_INTERFACES says so."""

    interface = "analytics"
    permission_classes = [InterfaceAccess]
    content_negotiation_class = JSONByDefault
    http_method_names = ["get", "head", "options"]


class Root(AnalyticsView):
    """What this is; a browser gets the home page, or the sign-in where it may not see it."""

    renderer_classes = [JSONRenderer, TemplateHTMLRenderer]
    template_name = "inicio.html"

    def get(self, request: Request) -> Response:
        return Response(
            {
                "message": "Cartera",
                "version": settings.VERSION,
                "status": "running",
                "data_source": source(),
                "available_databases": list(availability({})),
            }
        )

    def handle_exception(self, exc: Exception) -> Any:
        renderer = getattr(self.request, "accepted_renderer", None)
        wants_page = renderer is not None and renderer.format == "html"
        if wants_page and not self.request.user.is_authenticated:
            return redirect("admin:login")
        return super().handle_exception(exc)


def source() -> str:
    """Return where the lake is: a bucket by its name, a folder only as a folder."""
    is_folder = settings.LAKE_URL.startswith("file:")
    return "local" if is_folder else str(settings.LAKE_URL)


class Health(AnalyticsView):
    """Whether each table of the lake is there; 503 when the lake itself can't be read."""

    def get(self, request: Request) -> Response:
        moment = timezone.now().strftime("%Y-%m-%dT%H:%M:%SZ")
        try:
            objects = lake().sizes()
        except OSError:
            return Response({"status": "ERROR", "timestamp": moment}, status=503)
        tables = availability(objects)
        complete = all(there for tables_ in tables.values() for there in tables_.values())
        return Response(
            {
                "status": "OK" if complete else "DEGRADED",
                "timestamp": moment,
                "data_availability": tables,
                "bucket_summary": summary(objects),
            }
        )


def live(request: Any) -> HttpResponse:
    """Answers anyone: this process serves."""
    return HttpResponse("ok", content_type="text/plain")
