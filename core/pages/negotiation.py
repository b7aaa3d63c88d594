"""Who gets a page and who gets JSON."""

from typing import Any

from django.template.loader import render_to_string
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from core.api.negotiation import Negotiation
from core.api.renderers import JSON as JSONAnswer

__all__ = ["ByPreference", "JSONAnswer", "PageAnswer"]


class PageAnswer(BaseRenderer):
    """Draws what the view answers with the template that it names."""

    media_type = "text/html"
    format = "html"
    charset = "utf-8"

    def render(self, data: Any, media_type: Any = None, context: Any = None) -> str:
        return render_to_string(data["template"], data, request=context["request"]._request)


class ByPreference(Negotiation):
    """A page for who prefers one; JSON for the rest, and for who speaks JSON or asks for no row."""

    def select_renderer(self, request: Request, renderers: Any, format_suffix: Any = None) -> Any:
        if asked := request.query_params.get(self.settings.URL_FORMAT_OVERRIDE):
            (chosen,) = self.filter_renderers(renderers, asked)
            return chosen, chosen.media_type
        sent = request.content_type or ""
        if request.method == "OPTIONS" or sent.startswith("application/json"):
            return renderers[0], renderers[0].media_type
        preferred = request._request.get_preferred_type([one.media_type for one in renderers])
        chosen = next((one for one in renderers if one.media_type == preferred), renderers[0])
        return chosen, chosen.media_type
