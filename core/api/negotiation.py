"""What comes in and goes out: JSON, unless a browser looks."""

import json
import re
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework.exceptions import NotAcceptable, ParseError, ValidationError
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import JSONParser
from rest_framework.request import Request

from core.api.errors import TooLarge

NUL = re.compile(r"(?<!\\)(\\\\)*\\u0000")


class Negotiation(DefaultContentNegotiation):
    """Who accepts nothing that we have gets JSON."""

    def select_renderer(self, request: Request, renderers: Any, format_suffix: Any = None) -> Any:
        try:
            return super().select_renderer(request, renderers, format_suffix)
        except NotAcceptable:
            return renderers[0], renderers[0].media_type

    def filter_renderers(self, renderers: Any, format: str) -> Any:
        if found := [one for one in renderers if one.format == format]:
            return found
        known = ", ".join(one.format for one in renderers)
        raise ValidationError({"format": [_("Hay %(known)s.") % {"known": known}]})


class JSONBody(JSONParser):
    """JSON that any store can hold: of a bounded size, without NUL, half characters or endless numbers."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        length = parser_context["request"].META.get("CONTENT_LENGTH") or "0"
        if int(length) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise TooLarge
        try:
            data = super().parse(stream, media_type, parser_context)
            text = json.dumps(data, ensure_ascii=False, allow_nan=False)
            text.encode()
        except (ParseError, RecursionError, ValueError) as refusal:
            raise ParseError(_("El cuerpo no es JSON que se pueda guardar.")) from refusal
        if NUL.search(text):
            raise ParseError(_("El cuerpo lleva un carácter nulo."))
        return data
