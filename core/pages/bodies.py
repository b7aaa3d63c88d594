"""What a form sends, as JSON would have said it; the judge is the same."""

import re
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import QueryDict
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError
from django.utils.formats import get_format
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ParseError, ValidationError
from rest_framework.parsers import FormParser, MultiPartParser

from core.api.negotiation import JSONBody
from core.pages.once import OURS

# What Django raises of a body that is broken, or more than it takes.
BROKEN = (SuspiciousOperation, BadRequest, MultiPartParserError, UnreadablePostError)


class Readable:
    """A body that can't be read is refused in a sentence, whatever its sender got wrong."""

    def parse(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().parse(*args, **kwargs)  # type: ignore[misc]
        except (ParseError, *BROKEN, LookupError, ValueError) as refusal:
            raise unreadable() from refusal


class JSONPosted(Readable, JSONBody):
    pass


class FormPosted(Readable, FormParser):
    pass


class MultiPartPosted(Readable, MultiPartParser):
    pass


PARSERS: Any = [JSONPosted, FormPosted, MultiPartPosted]


def unreadable() -> ParseError:
    return ParseError(_("El cuerpo de la petición no se entiende."))


def refuse_files(request: Any) -> None:
    """Raise ValidationError, by field, for a file: no page takes any."""
    if request.FILES:
        raise ValidationError({name: [_("Aquí no se envían archivos.")] for name in request.FILES})


def as_said(form: QueryDict, fields: Mapping[str, serializers.Field]) -> dict[str, Any]:
    """Return what `form` says of `fields`: numbers as people write them, what is blank left unsaid."""
    said: dict[str, Any] = {}
    for name in form:
        if name in OURS:
            continue
        values = [value for value in form.getlist(name) if value.strip()]
        match fields.get(name):
            case serializers.ManyRelatedField():
                said[name] = values
            case serializers.DecimalField() if values:
                said[name] = plain_number(values[-1])
            case serializers.CharField() | serializers.ChoiceField(allow_blank=True):
                said[name] = values[-1] if values else ""
            case None:
                said[name] = form[name]
            case _ if values:
                said[name] = values[-1]
    return said


def plain_number(text: str) -> str:
    """Return a number as it was typed, in the person's language, with a point and nothing else.

    What can't be such a number comes back as it was, for the judge to refuse.
    """
    mark = get_format("DECIMAL_SEPARATOR")
    group = "." if mark == "," else ","
    compact = re.sub(r"\s", "", text)
    grouped = rf"-?\d{{1,3}}(?:{re.escape(group)}\d{{3}})+(?:{re.escape(mark)}\d+)?"
    plain = rf"-?\d+(?:{re.escape(mark)}\d+)?"
    if re.fullmatch(f"{grouped}|{plain}", compact, re.ASCII):
        return compact.replace(group, "").replace(mark, ".")
    return compact
