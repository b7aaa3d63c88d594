"""Rows of another store beside rows of one's own, also where that other store is down."""

from collections.abc import Sequence
from typing import Any, NoReturn, cast

from django.db import models
from django.db.models import prefetch_related_objects
from django.db.models.constants import LOOKUP_SEP
from django.utils.translation import gettext as _

from core.outages import StoreDown
from core.references import StoreForeignKey, target_of
from core.stores import store_of


def prefetch_what_answers(rows: Sequence[models.Model], lookup: Any) -> None:
    """Bring what `lookup` leads to; where its store is down, what stands for each row of it."""
    try:
        prefetch_related_objects(rows, lookup)
    except StoreDown as down:
        path = getattr(lookup, "prefetch_to", lookup)
        if not rows or not _stand_in(rows, path.split(LOOKUP_SEP), down):
            raise


def _stand_in(rows: Sequence[models.Model], path: Sequence[str], down: StoreDown) -> bool:
    """Put an Unreachable where `path` crosses into the store that is down; tell whether it does."""
    field = type(rows[0])._meta.get_field(path[0])
    if (
        isinstance(field, StoreForeignKey)
        and store_of(target_of(field)._meta.app_label) == down.alias
    ):
        for row in rows:
            if (key := getattr(row, field.attname)) is not None:
                field.set_cached_value(
                    row, cast(Any, Unreachable(target_of(field), key, down.alias))
                )
        return True
    inside = [held for row in rows if isinstance(held := getattr(row, path[0]), models.Model)]
    return len(path) > 1 and bool(inside) and _stand_in(inside, path[1:], down)


class Unreachable:
    """Stands for a row of a store that is down: its key is all that is known of it."""

    def __init__(self, model: type[models.Model], pk: Any, alias: str) -> None:
        self._meta = model._meta
        self.pk = self.id = pk
        self._alias = alias

    def __str__(self) -> str:
        return _("(no disponible)")

    def __getattr__(self, name: str) -> NoReturn:
        known = not name.startswith("__") and hasattr(self._meta.model, name)
        raise StoreDown(self._alias) if known else AttributeError(name)
