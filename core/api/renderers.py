"""How an answer looks: JSON for programs, a page for who reads it in a browser."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.encoding import force_str
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException
from rest_framework.renderers import BrowsableAPIRenderer, JSONRenderer
from rest_framework.request import override_method

WRITING = ("POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True)
class Sending:
    """A method that the page offers to send, with the body that it begins with."""

    method: str
    body: str | None


class JSON(JSONRenderer):
    charset = None


class Browsable(BrowsableAPIRenderer):
    """A page to try the API by hand: bodies are written as JSON, and no list of choices is brought."""

    template = "core/api.html"

    def get_context(
        self, data: Any, accepted_media_type: Any, renderer_context: Mapping[str, Any]
    ) -> dict[str, Any]:
        view, request = renderer_context["view"], renderer_context["request"]
        response = renderer_context["response"]
        signed_in = response.status_code != 401
        paginator = getattr(view, "paginator", None)
        return {
            "view": view,
            "user": request.user,
            "signed_in": signed_in,
            "request": request,
            "response": response,
            "headers": {name: response[name] for name in ("ETag", "Allow") if name in response},
            "name": title_of(view),
            "collection": _collection(view),
            "description": force_str(getattr(view, "description", None) or ""),
            "content": self.get_content(JSON(), data, accepted_media_type, dict(renderer_context)),
            "paginator": paginator if getattr(paginator, "display_page_controls", False) else None,
            "verbs": verbs_of(view) if signed_in else {},
            "sendings": list(self.sendings(view, request, data)) if signed_in else [],
            "version": data.get("version") if isinstance(data, Mapping) else None,
        }

    def sendings(self, view: Any, request: Any, data: Any) -> Iterator[Sending]:
        """Yield what the person may send to this address."""
        for method in WRITING:
            if method in view.allowed_methods and self._may(view, request, method):
                body = None if method == "DELETE" else _body(view, method, data)
                yield Sending(method, body)

    def _may(self, view: Any, request: Any, method: str) -> bool:
        with override_method(view, request, method) as asked:
            try:
                view.check_permissions(asked)
            except APIException:
                return False
        return True


def title_of(view: Any) -> str:
    """Return what a page is about: one row, a collection of them or one of its verbs."""
    serializer = getattr(view, "serializer_class", None)
    if serializer is None:
        return _("API de Cartera")
    opts = serializer.Meta.model._meta
    if getattr(view, "takes", None):
        return str(capfirst((view.name or view.action or "").replace("_", " ")))
    return str(capfirst(opts.verbose_name if view.detail else opts.verbose_name_plural))


def verbs_of(view: Any) -> Mapping[str, str]:
    """Return the addresses of the verbs of a row, by name."""
    found: Mapping[str, str] = getattr(view, "get_extra_action_url_map", dict)()
    return found


def _collection(view: Any) -> tuple[str, str] | None:
    """Return the name and the address of the list that a page belongs to."""
    if not getattr(view, "basename", None):
        return None
    names = view.serializer_class.Meta.model._meta.verbose_name_plural
    return str(capfirst(names)), reverse(f"{view.basename}-list")


def _body(view: Any, method: str, data: Any) -> str:
    """Return the body that the page shows to begin with: what there is, or an example."""
    serializer = getattr(view, "takes", None) or getattr(view, "serializer_class", None)
    body: Mapping[str, Any] = getattr(getattr(serializer, "Meta", None), "example", {})
    if method in ("PUT", "PATCH") and isinstance(data, Mapping) and "id" in data:
        writable = view.get_serializer().fields
        keys = {name for name, field in writable.items() if not field.read_only}
        body = {name: value for name, value in data.items() if name in keys}
    if method == "PATCH":
        body = dict(list(body.items())[:1])
    return json.dumps(body, ensure_ascii=False, indent=2, default=str)
