"""The doors of the analytics: the root, its health, what there is, and an address for each question."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers
from rest_framework.exceptions import NotAcceptable
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import JSONRenderer, TemplateHTMLRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from analitica import sources
from analitica.answers import Question, answers
from analitica.endpoints import Endpoint
from analitica.failures import Unanswered
from analitica.metrics import ENDPOINTS
from analitica.parameters import BadParameters, asked
from analitica.scope import scope_of
from analitica.tables import ALL, DATABASES, by_database, summary
from core import rights
from core.access import InterfaceAccess
from core.api.errors import handle
from ingestion.lake import lake
from polizas.models import Poliza

INTERFACE = "analytics"


class JSONByDefault(DefaultContentNegotiation):
    """Who accepts nothing that a view has gets its JSON."""

    def select_renderer(self, request: Request, renderers: Any, format_suffix: Any = None) -> Any:
        try:
            return super().select_renderer(request, renderers, format_suffix)
        except NotAcceptable:
            return renderers[0], renderers[0].media_type


class FiguresAccess(InterfaceAccess):
    """Lets in who may see pólizas, and anyone where the interface is open."""

    def has_permission(self, request: Request, view: Any) -> bool:
        who = rights.who(request, INTERFACE)
        return super().has_permission(request, view) and rights.may(who, "view", Poliza)


class AnalyticsView(APIView):
    """A door of the analytics: GET only, open where OPEN_INTERFACES says so."""

    interface = INTERFACE
    permission_classes = [InterfaceAccess]
    content_negotiation_class = JSONByDefault
    renderer_classes = [JSONRenderer]
    http_method_names = ["get", "head", "options"]
    schema = None

    def get_exception_handler(self) -> Any:
        return handle


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
                "available_databases": list(DATABASES),
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
            found, objects = sources.current(), lake().objects()
        except (Unanswered, OSError):
            return Response({"status": "ERROR", "timestamp": moment}, status=503)
        there = {table.path: table.path in found.tables for table in ALL}
        return Response(
            {
                "status": "OK" if all(there.values()) else "DEGRADED",
                "timestamp": moment,
                "data_availability": by_database(there),
                "bucket_summary": summary({key: said.bytes for key, said in objects.items()}),
            }
        )


class Info(AnalyticsView):
    """The tables that the analytics read, and where the CSV of each lies."""

    def get(self, request: Request) -> Response:
        paths = by_database({table.path: table.key for table in ALL})
        names = {database: list(tables) for database, tables in paths.items()}
        return Response({"available_data": names, "data_paths": paths})


class Figures(AnalyticsView):
    """What answers one of the questions."""

    permission_classes = [FiguresAccess]

    def get(self, request: Request, endpoint: Endpoint) -> HttpResponse:
        query = request.query_params
        try:
            found = (
                sources.snapshot(query["snapshot"]) if "snapshot" in query else sources.current()
            )
            said = asked(query, endpoint.asks, now=found.moment)
            scope = scope_of(rights.who(request, INTERFACE))
            question = Question(endpoint, found, said, scope)
            answer = self._answer(request, question)
        except BadParameters as refusal:
            return JsonResponse({"detail": refusal.detail}, status=422)
        except Unanswered as failure:
            return refused(failure)
        answer["X-Snapshot"] = found.id
        answer["Cache-Control"] = "private, no-cache"
        patch_vary_headers(answer, ["Authorization", "X-API-Key", "Cookie"])
        return answer

    def _answer(self, request: Request, question: Question) -> HttpResponse:
        """Return the answer, or 304 to who has it, for whom nothing is read."""
        etag = f'"{question.mark}"'
        if known := get_conditional_response(request._request, etag=etag):
            known["ETag"] = etag
            return known
        found = HttpResponse(answers.to(question), content_type="application/json")
        found["ETag"] = etag
        return found


def refused(failure: Unanswered) -> HttpResponse:
    return JsonResponse(
        {"detail": failure.sentence},
        status=failure.status,
        json_dumps_params={"ensure_ascii": False},
    )


def figures() -> list[URLPattern]:
    """Return the address of every question."""
    return [
        path(
            address.removeprefix("/"),
            Figures.as_view(),
            {"endpoint": endpoint},
            name=f"figures{address}",
        )
        for address, endpoint in ENDPOINTS.items()
    ]
