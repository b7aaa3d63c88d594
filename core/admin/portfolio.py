"""The back office shows each person their part of the house, and lets them choose from nothing else."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import ForeignKey, Model, QuerySet
from django.http import Http404, HttpRequest

from core import rights
from core.lookups import TooManyKeys


class ChoicesOfPortfolio:
    """Limits what the fields of a form offer and accept."""

    def get_field_queryset(self, db: Any, db_field: Any, request: HttpRequest) -> QuerySet[Any]:
        ordered = super().get_field_queryset(db, db_field, request)  # type: ignore[misc]
        offered = db_field.remote_field.model._default_manager.all() if ordered is None else ordered
        return rights.visible(request.user, offered)


class PortfolioAdmin(ChoicesOfPortfolio):
    """Limits the rows of a page to the portfolio of who looks: elsewhere there is nothing."""

    model: type[Model]

    def get_queryset(self, request: HttpRequest) -> Any:
        rows: QuerySet[Any] = super().get_queryset(request)  # type: ignore[misc]
        try:
            return rights.visible(request.user, rows)
        except TooManyKeys as refusal:
            messages.warning(request, " ".join(refusal.messages))
            return rows.none()

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Also what refers to somebody else's: it is told, and nobody takes it over by saving."""
        fields = super().get_readonly_fields(request, obj)  # type: ignore[misc]
        if obj is None or not rights.limits_of(request.user):
            return fields
        return (*fields, *(name for name in _foreign(request.user, obj) if name not in fields))

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]
        if field and rights.limits_of(request.user) and self._decides(db_field):
            only = list(field.queryset[:2])
            field.initial = only[0].pk if len(only) == 1 else None
        return field

    def _decides(self, db_field: Any) -> bool:
        """Whether `db_field` alone puts a row in a portfolio: who has but one choice needs not make it."""
        return db_field.name in getattr(self.model, "portfolio", ())

    def save_related(self, request: HttpRequest, form: Any, *args: Any, **kwargs: Any) -> None:
        super().save_related(request, form, *args, **kwargs)  # type: ignore[misc]
        rights.require_visible(request.user, form.instance)

    def require_row(self, request: HttpRequest, key: UUID | str) -> None:
        """Answer 404 for a row, there or removed, that the portfolio of who asks does not have."""
        if (
            rights.limits_of(request.user)
            and not self.get_queryset(request).filter(pk=key).exists()
        ):
            raise Http404


def _foreign(user: Any, row: Model) -> list[str]:
    """Return the references of `row` to rows that `user` does not see."""
    return [
        field.name
        for field in row._meta.fields
        if isinstance(field, ForeignKey)
        and field.editable
        and (target := getattr(row, field.name)) is not None
        and not rights.sees(user, target)
    ]
