"""The page of an entity: for who reads a list with a form, for programs the same in JSON."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.db.models import Model, QuerySet
from django.http import HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext as _
from rest_framework import status
from rest_framework.exceptions import ParseError
from rest_framework.request import Request
from rest_framework.response import Response

from core import rights
from core.api import idempotency
from core.api.errors import TooLarge
from core.api.viewsets import Creating
from core.entities import Entity
from core.pages import bodies, once
from core.pages.boxes import Column, Group
from core.pages.drawing import drawn, refused
from core.pages.lists import PAGE, SIZE, NumberedPages
from core.pages.negotiation import ByPreference, JSONAnswer, PageAnswer
from core.pages.origin import require_own_origin

# Refusals after which the form comes back as it was sent.
TRY_AGAIN = frozenset({400, 409, 410, 422})


class EntityPage(Creating):
    """Lists the rows of an entity and registers one, for people and for programs, at one address.

    `door()` is its view. It goes before the viewset of the API in the bases of a page, which gives it
    the filters and the order; `serializer_class` is a PageSerializer.
    """

    interface = "pages"
    columns: ClassVar[Sequence[Column]] = ()
    form: ClassVar[Sequence[Group]] = ()
    filters: ClassVar[Mapping[str, Promise | str]] = {}  # those that people are offered, by label
    brings: ClassVar[Sequence[str]] = ()  # the references that the columns read

    parser_classes = bodies.PARSERS
    renderer_classes: Any = (JSONAnswer, PageAnswer)
    content_negotiation_class = ByPreference
    pagination_class = NumberedPages  # type: ignore[assignment]
    schema = None  # type: ignore[assignment]

    @classmethod
    def door(cls) -> Any:
        return cls.as_view({"get": "list", "post": "create"})

    @property
    def for_people(self) -> bool:
        renderer = getattr(self.request, "accepted_renderer", None)
        return bool(renderer and renderer.format == PageAnswer.format)

    # What is asked.

    def initialize_request(self, request: Any, *args: Any, **kwargs: Any) -> Request:
        request.GET = _filled_in(request.GET)
        return super().initialize_request(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and int(length) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise TooLarge
        super().initial(request, *args, **kwargs)
        if self.for_people:
            self.expanded = list(self.brings)
        if request.method == "POST" and not request.user.is_authenticated:
            require_own_origin(request)

    def parameters(self) -> list[str]:
        # What comes at the end of an address that people follow is not always ours.
        stray = [*self.request.query_params] if self.for_people else []
        known = [name for name in super().parameters() if name not in ("cursor", "limit")]
        return [*known, *stray, *([PAGE, SIZE] if self.action == "list" else [])]

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        serializer = super().get_serializer(*args, **kwargs)
        if "data" in kwargs:
            serializer.initial_data = self._completed(kwargs["data"], serializer)
        return serializer

    def _completed(self, data: Any, serializer: Any) -> Any:
        """Return what was sent as JSON says it, with the one agente of who has but one."""
        if isinstance(data, QueryDict):
            data = bodies.as_said(data, serializer.fields)
        if not isinstance(data, dict):
            return data
        only = self.only_choices(serializer)
        return data | {name: str(row.pk) for name, row in only.items() if not data.get(name)}

    def only_choices(self, serializer: Any) -> dict[str, Model]:
        """Return what of a row who has a portfolio need not say: there is but one that it may be."""
        if not rights.limits_of(self.user):
            return {}
        found: dict[str, Model] = {}
        for name in {*getattr(self.model, "portfolio", ())} & serializer.fields.keys():
            field: Any = serializer.fields[name]
            rows = list(field.get_queryset()[:2])
            found |= {name: rows[0]} if len(rows) == 1 else {}
        return found

    # What is answered.

    def list(self, request: Request) -> Response:
        page = self.read()
        if self.for_people:
            return Response(drawn(self, page))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    def read(self) -> Sequence[Entity]:
        """Return the rows of the page asked for."""
        rows: QuerySet[Any] = self.filter_queryset(self.get_queryset())
        return self.paginate_queryset(self.brought(rows, self.serializer_class)) or []

    def create(self, request: Request) -> Any:
        if not isinstance(request.data, QueryDict):
            return super().create(request)
        bodies.refuse_files(request)
        key = once.key_of(request, self.user) or idempotency.key_of(request, self.user)
        row = idempotency.once(key, self.model, self.make)
        if not self.for_people:
            return self.answer(row, status=status.HTTP_201_CREATED)
        self.tell(row)
        return HttpResponseRedirect(request.path)

    def tell(self, row: Entity) -> None:
        """Leave for the next page what there is to say of a row just registered."""
        messages.success(
            self.request._request,
            format_html("{} {}", _("Se registró:"), self.link(row) or row),
        )

    def link(self, row: Model) -> str:
        """Return a link to the row in the office, for who may enter it."""
        if not getattr(self.user, "is_staff", False):
            return ""
        return format_html('<a href="{}">{}</a>', self.office_url(row), row)

    def office_url(self, row: Model) -> str:
        opts = row._meta
        return reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[row.pk])

    # What is refused.

    def handle_exception(self, exc: Exception) -> Any:
        if isinstance(exc, bodies.BROKEN):
            exc = bodies.unreadable()
            if not hasattr(self.request, "_user"):  # it broke while finding out who asks
                self.request.user = AnonymousUser()
        response = super().handle_exception(exc)
        if not self.for_people:
            return response
        if response.status_code == status.HTTP_401_UNAUTHORIZED:
            return redirect_to_login(self.request.get_full_path(), login_url=settings.LOGIN_URL)
        said = {name: [*_listed(said)] for name, said in response.data.items()}
        if response.status_code in TRY_AGAIN and not isinstance(exc, ParseError):
            response.data = self._page_again(said)
        else:
            sentences = [one for sentences in said.values() for one in sentences]
            response.data = refused(self, response.status_code, sentences)
        return response

    def _page_again(self, said: Mapping[str, Sequence[str]]) -> dict[str, Any]:
        """Return the page with what was typed, to be put right and sent again."""
        if self.action == "list":
            return drawn(self, [], said)
        self.request._request.GET = QueryDict()
        return drawn(self, self.read() if rights.may(self.user, "view", self.model) else [], said)

    def finalize_response(self, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(*args, **kwargs)
        add_never_cache_headers(response)
        return response


def _filled_in(asked: QueryDict) -> QueryDict:
    """Return what an address asks for without what is blank: a form sends its empty boxes, too."""
    filled = QueryDict(mutable=True)
    for name, values in asked.lists():
        clean = [value.replace("\x00", "") for value in values]
        if kept := [value for value in clean if value.strip()]:
            filled.setlist(name, kept)
    return filled


def _listed(said: Any) -> Sequence[str]:
    return said if isinstance(said, list) else [str(said)]
