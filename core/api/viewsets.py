"""The viewsets of entities: what is theirs is declared, what is everyone's is here."""

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.filters import BaseFilterBackend
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from core import rights
from core.api import expand, filters, idempotency
from core.api.door import Door
from core.api.etags import etag, names, require_match
from core.api.pages import CursorPages, total_order
from core.api.permissions import ModelRights
from core.api.schema import EntitySchema
from core.api.serializers import EntitySerializer, VerbSerializer
from core.entities import Entity
from core.stores import atomic, store_for


def verb(
    name: str,
    *,
    takes: type[VerbSerializer] | None = None,
    makes: type[EntitySerializer] | str | None = None,
    description: str | Promise = "",
    **options: Any,
) -> Callable[[Callable[..., Entity]], Any]:
    """Make a method the door of a domain verb: POST /<collection>/{id}/<method>/ for who may `name`.

    The method is called with the row, locked, and what the body says by `takes`; it returns the row that
    changed or, where `makes` says how to write it, the row that it made: then it is also given the `id`
    that row must have. `description` and, among the options,
    `name` are what the documentation says.
    """

    def decorate(method: Callable[..., Entity]) -> Any:
        @wraps(method)
        def door(self: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
            return self.act(method)  # type: ignore[no-any-return]

        extra: dict[str, Any] = {
            "permission_verb": name,
            "takes": takes or VerbSerializer,
            "makes": makes,
        }
        told: dict[str, Any] = {"name": capfirst(method.__name__.replace("_", " "))} | options
        made: Any = action(detail=True, methods=["post"], **extra, **told)(door)
        made.kwargs["description"] = description  # action() itself takes the docstring
        return made

    return decorate


class ReadViewSet(Door, GenericViewSet):
    """Lists and shows the rows of an entity that the person sees."""

    serializer_class: type[EntitySerializer]
    search_fields: ClassVar[Sequence[str]] = ("busqueda",)
    ordering: ClassVar[Sequence[str]] = ()
    ordering_fields: ClassVar[Sequence[str]] = ()
    filterset_fields: ClassVar[Mapping[str, Sequence[str]] | Sequence[str]] = ()
    interface: ClassVar[str] = ""

    # What a verb declares.
    permission_verb: str | None = None
    takes: type[VerbSerializer] | None = None
    makes: type[EntitySerializer] | str | None = None

    permission_classes = [ModelRights]
    pagination_class = CursorPages
    filter_backends: Sequence[type[BaseFilterBackend]] = [
        filters.Fields,
        filters.Search,
        filters.Order,
    ]
    schema = EntitySchema()

    @property
    def model(self) -> type[Entity]:
        return self.serializer_class.Meta.model

    @property
    def user(self) -> Any:
        """Who asks: also the house itself, at the door of an interface that is open to anyone."""
        return rights.who(self.request, self.interface)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        filters.refuse_unknown(request, self.parameters())
        self.expanded = expand.asked(request, self.answer_class)

    def parameters(self) -> list[str]:
        """The names that the address may use after its question mark."""
        if self.action != "list":
            return []
        found = filters.Fields().get_filterset_class(self, self.model._default_manager.all())
        of_fields = found.base_filters if found else ()
        own = {*filters.OF_A_LIST} - (set() if self.search_fields else {filters.SEARCH})
        return [*of_fields, *own]

    # What is read.

    @property
    def answer_class(self) -> type[EntitySerializer]:
        """The serializer of what the action answers."""
        made: type[EntitySerializer] = expand.resolved(self.makes or self.serializer_class)
        return made

    def get_queryset(self) -> QuerySet[Any]:
        return rights.visible(self.user, self.serializer_class.rows())

    def get_serializer_context(self) -> dict[str, Any]:
        return super().get_serializer_context() | {"user": self.user, "expand": self.expanded}

    @property
    def order(self) -> Sequence[str]:
        """The order of who asks for none."""
        return self.ordering or self.model._meta.ordering or ()

    def orders(self) -> list[str]:
        """The columns that the list may be ordered by."""
        own = [name.lstrip("-") for name in self.order]
        return list(dict.fromkeys((*own, *self.ordering_fields)))

    def order_asked(self) -> list[str]:
        """Return the order of the list; raise ValidationError for one that it does not offer."""
        text = self.request.query_params.get(filters.ORDERING)
        if text is None:
            return total_order(self.model, self.order)
        asked = [name.strip() for name in text.split(",")]
        if any(name.removeprefix("-") not in self.orders() for name in asked):
            sentence = _("Se puede ordenar por %(known)s.") % {"known": ", ".join(self.orders())}
            raise ValidationError({filters.ORDERING: [sentence]})
        return total_order(self.model, asked)

    def brought(self, rows: QuerySet[Any], serializer: type[EntitySerializer]) -> QuerySet[Any]:
        return rows.prefetch_related(*expand.prefetches(self.user, serializer, self.expanded))

    def list(self, request: Request) -> Response:
        rows = self.filter_queryset(self.get_queryset())
        page = self.paginate_queryset(self.brought(rows, self.serializer_class))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    def retrieve(self, request: Request, pk: str) -> Response:
        row = self.get_object()
        header = request.headers.get("If-None-Match")
        plain = not self.expanded and request.accepted_renderer.format == "json"
        if header is not None and plain and names(header, row):
            return Response(status=304, headers={"ETag": etag(row)})
        return self.answer(row)

    def answer(self, row: Entity, status: int = 200) -> Response:
        """Answer `row` as its store now has it, with its version as ETag."""
        serializer = self.answer_class
        rows = self.brought(serializer.rows(), serializer)
        kept = rows.get(pk=row.pk)
        data = serializer(kept, context=self.get_serializer_context()).data
        return Response(data, status=status, headers={"ETag": etag(kept)})

    # What is written.

    def row_to_change(self) -> Entity:
        """Return the row of the address, locked; for use inside its store's transaction.

        Raises Http404 where the person has no such row, Stale where it is not the version asked for.
        """
        row: Entity = self.get_object()
        if store_for(self.model).supports_row_locks:
            self.model._base_manager.select_for_update().filter(pk=row.pk).first()
            row = self.get_object()
        require_match(self.request, row)
        return row

    def act(self, method: Callable[..., Entity]) -> Response:
        """Run the verb that `method` declares on the row of the address, and answer what came of it."""

        def do(pk: Any = None) -> Entity:
            with atomic(self.model):
                row = self.row_to_change()
                made = method(self, row, **self.told(), **({"id": pk} if self.makes else {}))
                rights.require_visible(self.user, made)
            return made

        if not self.makes:
            return self.answer(do())
        return self.answer(self.once(self.answer_class.Meta.model, do), status=201)

    def once(self, model: type[Entity], make: idempotency.Make) -> Entity:
        """Make a row, or find the one that the same request made before."""
        row = idempotency.once(idempotency.key_of(self.request, self.user), model, make)
        if not rights.sees(self.user, row):
            raise Http404
        return row

    def told(self) -> dict[str, Any]:
        """Return what the body tells the verb, valid."""
        assert self.takes is not None
        asked = self.takes(data=self.request.data, context=self.get_serializer_context())
        asked.is_valid(raise_exception=True)
        return dict(asked.validated_data)


class Creating(ReadViewSet):
    def create(self, request: Request) -> Response:
        return self.answer(self.once(self.model, self.make), status=201)

    def make(self, pk: Any = None) -> Entity:
        """Write the row that the body describes, with the key `pk` where it is given one."""
        with atomic(self.model):
            serializer = self.get_serializer(data=self.request.data)
            serializer.is_valid(raise_exception=True)
            row: Entity = serializer.save(**({"id": pk} if pk else {}))
            rights.require_visible(self.user, row)
        return row


class Changing(ReadViewSet):
    def update(self, request: Request, pk: str, *, partial: bool = False) -> Response:
        with atomic(self.model):
            row = self.row_to_change()
            serializer = self.get_serializer(row, data=request.data, partial=partial)
            serializer.is_valid(raise_exception=True)
            changed: Entity = serializer.save()
            rights.require_visible(self.user, changed)
        return self.answer(changed)

    def partial_update(self, request: Request, pk: str) -> Response:
        return self.update(request, pk, partial=True)


class Deleting(ReadViewSet):
    def destroy(self, request: Request, pk: str) -> Response:
        with atomic(self.model):
            self.row_to_change().delete()
        return Response(status=204)


class EntityViewSet(Creating, Changing, Deleting):
    """Lists, shows, makes, changes and deletes the rows of an entity, each as far as the person may."""
