"""Where the collections are, and what answers everywhere else."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponsePermanentRedirect
from django.urls import Resolver404, resolve
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import APIRootView, DefaultRouter
from rest_framework.views import APIView

from core.api.door import Door


class Root(Door, APIRootView):
    """Las colecciones de la API."""

    permission_classes = [IsAuthenticated]
    schema = None

    def get_view_name(self) -> str:
        return "Cartera"


class Nowhere(Door, APIView):
    """An address that is none: what lacks only its last slash is sent there, body and all."""

    permission_classes = [IsAuthenticated]
    schema = None

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        if not request.path.endswith("/") and _is_ours(request.path_info + "/"):
            moved = HttpResponsePermanentRedirect(_slashed(request))
            moved.status_code = 308  # 301 would turn a POST into a GET
            return moved
        return super().dispatch(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        raise Http404

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        raise Http404


def _is_ours(path: str) -> bool:
    try:
        return getattr(resolve(path).func, "cls", None) is not Nowhere
    except Resolver404:
        return False


def _slashed(request: Any) -> str:
    query = urlencode(list(request.GET.items())) if request.GET else ""
    return f"{request.path}/" + (f"?{query}" if query else "")


class Router(DefaultRouter):
    """Gives each collection its addresses, and lists them at the root."""

    include_format_suffixes = False
    APIRootView = Root

    def get_default_basename(self, viewset: Any) -> str:
        return str(viewset.serializer_class.Meta.model._meta.model_name)
