"""The doors of the report: JSON for programs, and for a browser a page with charts."""

from contextlib import suppress
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.db import connections
from django.urls import NoReverseMatch, reverse
from django.utils.cache import patch_cache_control
from rest_framework.exceptions import NotAuthenticated, ValidationError
from rest_framework.renderers import JSONRenderer, TemplateHTMLRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core import rights
from core.access import InterfaceAccess
from core.api.errors import Unavailable, handle
from core.api.negotiation import Negotiation
from core.refusals import PASSING, unavailable
from reportes.operativo import dibujo
from reportes.operativo.anterior import EMPLEADOS, DelServicioAnterior
from reportes.operativo.casa import READS, DeLaCasa
from reportes.operativo.filtro import FiltroForm
from reportes.operativo.informe import Fuente, informe

INTERFACE = "reportes"
UNAVAILABLE = (*PASSING, Unavailable)


class Access(InterfaceAccess):
    """Lets in who may see what the report reads, and anyone where it is open."""

    def has_permission(self, request: Request, view: Any) -> bool:
        person = rights.who(request, INTERFACE)
        may_read = all(rights.may(person, "view", model) for model in READS)
        return super().has_permission(request, view) and may_read


class Dashboard(APIView):
    interface = INTERFACE
    permission_classes = [Access]
    renderer_classes = [JSONRenderer, TemplateHTMLRenderer]
    content_negotiation_class = Negotiation
    template_name = "reportes/operativo.html"
    http_method_names = ["get", "head", "options"]
    schema = None

    def get(self, request: Request) -> Response:
        form = FiltroForm(FiltroForm.DEFAULTS | request.query_params.dict())
        is_page = request.accepted_renderer.format == "html"
        around = {"titulo": settings.REPORT_TITLE, "form": form, "office": self.office()}
        if not form.is_valid():
            if not is_page:
                raise ValidationError(
                    {name: [str(one) for one in said] for name, said in form.errors.items()}
                )
            return Response(around, status=400)
        filtro = form.filtro()
        found = informe(self.source(), filtro)
        answer = Response(around | dibujo.page(found, filtro) if is_page else found.as_json())
        patch_cache_control(answer, private=True, no_cache=True)
        return answer

    def source(self) -> Fuente:
        if EMPLEADOS in connections.settings:
            return DelServicioAnterior()
        return DeLaCasa(rights.who(self.request, INTERFACE))

    def office(self) -> str:
        """Return where the back office is, for who works there; the report alone has none."""
        if not getattr(self.request.user, "is_staff", False):
            return ""
        try:
            return reverse("admin:index")
        except NoReverseMatch:
            return ""

    def get_exception_handler(self) -> Any:
        return handle

    def handle_exception(self, exc: Exception) -> Any:
        """Tell a browser in a page, or lead it to the sign-in; what else is refused is JSON."""
        if "text/html" in self.request.headers.get("Accept", ""):
            if isinstance(exc, UNAVAILABLE):
                return unavailable(exc)
            if isinstance(exc, NotAuthenticated):
                with suppress(NoReverseMatch):  # the report alone has no sign-in
                    return redirect_to_login(self.request.get_full_path(), reverse("admin:login"))
        self.request.accepted_renderer = JSONRenderer()
        self.request.accepted_media_type = JSONRenderer.media_type
        return super().handle_exception(exc)
