"""What each person may do, and what part of the house they see: the one place that every door asks."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import islice
from operator import or_
from typing import Any, Final, TypeVar

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Model, ProtectedError, Q, QuerySet
from django.db.models.constants import LOOKUP_SEP
from django.http import HttpRequest
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

QuerySetT = TypeVar("QuerySetT", bound=QuerySet[Any])

EVERYONE: Final = ("*",)  # a catalogue: no portfolio has it
ITSELF: Final = ("",)  # the agente, whose portfolio it is
NAMED: Final = 5  # of those that hold a row


@dataclass(frozen=True)
class Limit:
    """What a person is limited to: the rows whose agente has `value` in `lookup`."""

    lookup: str
    value: Any


class House:
    """Who stands behind an interface that OPEN_INTERFACES opens to anyone: the house itself."""

    pk = None
    is_authenticated = False
    is_superuser = True

    def has_perm(self, permission: str) -> bool:
        return True

    def __str__(self) -> str:
        return "—"


HOUSE: Final = House()


def who(request: HttpRequest, interface: str) -> Any:
    """Return who asks at a door of `interface`: the house, where it is open and nobody signed in."""
    is_open = interface in settings.OPEN_INTERFACES
    return HOUSE if is_open and not request.user.is_authenticated else request.user


def may(user: Any, verb: str, model: type[Model]) -> bool:
    """Whether `user` has the permission for `verb`: view, add, change, delete or one of the model's own."""
    return bool(user.has_perm(f"{model._meta.app_label}.{verb}_{model._meta.model_name}"))


def limits_of(user: Any) -> Sequence[Limit]:
    """Return what `user` is limited to; nothing for who sees the whole house.

    Each app may name in its AppConfig, as `limit`, the function that tells it of a user. Asked once
    for each user that a request reads.
    """
    if user.is_superuser or not user.is_authenticated:
        return ()
    if not hasattr(user, "_limits"):
        tellers = [
            import_string(app.limit) for app in apps.get_app_configs() if hasattr(app, "limit")
        ]
        user._limits = [limit for tell in tellers if (limit := tell(user)) is not None]
    limits: Sequence[Limit] = user._limits
    return limits


def visible(user: Any, queryset: QuerySetT) -> QuerySetT:
    """Return the part of `queryset` that the portfolio of `user` has.

    A model says in `portfolio` by which lookups its rows lead to their agente; the rows of one that
    says nothing are for those who see the whole house. Raises TooManyKeys for a portfolio that holds
    more than 10,000 rows of another store.
    """
    paths: Sequence[str] = getattr(queryset.model, "portfolio", ())
    if paths == EVERYONE:
        return queryset
    for limit in limits_of(user):
        theirs = [
            Q((LOOKUP_SEP.join(filter(None, (path, limit.lookup))), limit.value)) for path in paths
        ]
        queryset = queryset.filter(reduce(or_, theirs)) if theirs else queryset.none()
    return queryset


def readable(user: Any, model: type[Model]) -> QuerySet[Any]:
    """Return the rows of `model` that `user` may read: none without the permission to view them."""
    rows = model._default_manager.all()
    return visible(user, rows) if may(user, "view", model) else rows.none()


def sees(user: Any, row: Model) -> bool:
    """Whether the portfolio of `user` has `row`."""
    if not limits_of(user):
        return True
    return visible(user, type(row)._default_manager.filter(pk=row.pk)).exists()


def require_visible(user: Any, row: Model) -> None:
    """Raise ValidationError if `row`, just written, fell outside the portfolio of who wrote it."""
    if not sees(user, row):
        raise ValidationError(
            _("«%(row)s» quedaría fuera de su cartera: no se ha guardado.") % {"row": row},
            code="portfolio",
        )


def refusal_for(user: Any, refusal: ProtectedError) -> str:
    """Return why a row can't be deleted, without naming what `user` does not see."""
    if not all(sees(user, row) for row in refusal.protected_objects):
        return _("No se puede borrar: lo usan otras filas, algunas fuera de su cartera.")
    said = str(refusal.args[0])
    if "protected foreign keys" not in said:
        return said
    # Django's own refusal names classes and fields, in English.
    holders = islice(refusal.protected_objects, NAMED)
    names = ", ".join(f"{row._meta.verbose_name} {row}" for row in holders)
    return _("No se puede borrar: lo usan %(holders)s.") % {"holders": names}
