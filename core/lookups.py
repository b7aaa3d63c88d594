"""Lookups that cross to another store: it is asked for its keys first, and rows of two stores are never joined."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Self, TypeVar

from django.core.exceptions import FieldDoesNotExist, FieldError, ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.constants import LOOKUP_SEP
from django.db.models.fields.reverse_related import ForeignObjectRel
from django.utils.translation import gettext_lazy as _

from core.outages import StoreDown
from core.reach import prefetch_what_answers
from core.references import StoreForeignKey, target_of
from core.stores import store_of

ModelT = TypeVar("ModelT", bound=models.Model, covariant=True)

MAX_KEYS = 10_000


class TooManyKeys(ValidationError):
    """A lookup into another store found more rows than a semi-join carries over."""


class StoreQuerySet(models.QuerySet[ModelT]):
    """A queryset whose filters may cross into another store, as a semi-join."""

    def _filter_or_exclude_inplace(self, negate: bool, args: Any, kwargs: Any) -> None:  # noqa: FBT001
        crossed = _semi_joined(self.model, Q(*args, *sorted(kwargs.items())))
        super()._filter_or_exclude_inplace(negate, (crossed,), {})  # type: ignore[misc]

    def _prefetch_related_objects(self) -> None:
        try:
            super()._prefetch_related_objects()  # type: ignore[misc]
        except StoreDown:
            found: Any = self._result_cache
            for lookup in self._prefetch_related_lookups:  # type: ignore[attr-defined]
                prefetch_what_answers(found, lookup)
            self._prefetch_done = True

    def complex_filter(self, filter_obj: Any) -> Self:
        return self.filter(filter_obj) if isinstance(filter_obj, Q) else self.filter(**filter_obj)


def _semi_joined(model: type[models.Model], condition: Q) -> Q:
    """Return `condition` with each lookup into another store replaced by the keys it finds there."""
    children: list[Any] = []
    across: dict[tuple[str, Any], list[Any]] = defaultdict(list)
    for child in condition.children:
        if isinstance(child, Q):
            children.append(_semi_joined(model, child))
        elif isinstance(child, tuple) and (crossing := _crossing(model, child[0])):
            prefix, relation, rest = crossing
            # Conditions on one relation that stand together speak of one and the same row.
            alone = None if condition.connector == Q.AND else len(across)
            across[prefix, alone].append((relation, (rest, child[1])))
        elif isinstance(child, tuple):
            children.append((child[0], _carried(model, child[1])))
        else:
            children.append(child)
    for (prefix, _alone), found in across.items():
        relation = found[0][0]
        children.append((f"{prefix}__in", _keys(relation, Q(*(lookup for _r, lookup in found)))))
    made = Q(*children, _connector=condition.connector)
    made.negated = condition.negated
    return made


def _carried(model: type[models.Model], value: Any) -> Any:
    """Return a queryset of another store as its keys: a subquery can't leave its store."""
    if not isinstance(value, models.QuerySet) or _store(value.model) == _store(model):
        return value
    asked: Any = value  # values("x") asks for x, a plain queryset for the keys
    return _bounded(value.values_list(*(asked._fields or ("pk",)), flat=True))


def _store(model: type[models.Model]) -> str:
    return store_of(model._meta.app_label)


def _crossing(model: type[models.Model], lookup: str) -> tuple[str, Any, str] | None:
    """Split `lookup` where it leaves the store: (path up to there, the relation, the rest)."""
    parts = lookup.split(LOOKUP_SEP)
    for position, name in enumerate(parts):
        try:
            relation: Any = model._meta.pk if name == "pk" else model._meta.get_field(name)
        except FieldDoesNotExist:
            return None
        rest = parts[position + 1 :]
        if not relation.is_relation or not rest or relation.related_model is None:
            return None
        if isinstance(relation, StoreForeignKey):
            if _is_own_column(relation.related_model, rest):
                return None
            return LOOKUP_SEP.join(parts[: position + 1]), relation, LOOKUP_SEP.join(rest)
        if isinstance(relation, ForeignObjectRel) and isinstance(relation.field, StoreForeignKey):
            prefix = LOOKUP_SEP.join([*parts[:position], "pk"])
            return prefix, relation, LOOKUP_SEP.join(_of_key(relation, rest))
        model = relation.related_model
    return None


def _is_own_column(target: type[models.Model], rest: Sequence[str]) -> bool:
    """Whether what follows the reference asks for its key alone, which its own table holds."""
    names = {"pk", target._meta.pk.name, target._meta.pk.attname}
    if rest[0] in names:
        return True
    try:
        target._meta.get_field(rest[0])
    except FieldDoesNotExist:
        return True  # a lookup of the key itself: in, isnull, exact…
    return False


def _of_key(relation: Any, rest: list[str]) -> list[str]:
    """Take a lookup of the relation itself as one of the key of the rows that point here."""
    if not _is_own_column(target_of(relation), rest):
        return rest
    if rest[0] == "isnull":
        raise FieldError(
            f"{relation.name}__isnull would have to bring every key of another store: "
            "ask it for the rows that have any, and exclude() those"
        )
    return rest if rest[0] == "pk" else ["pk", *rest]


def _keys(relation: Any, condition: Q) -> list[Any]:
    """Return the keys that the other store finds; raise TooManyKeys past 10,000."""
    target = target_of(relation)
    field = relation.target_field if isinstance(relation, StoreForeignKey) else relation.field
    column = field.attname
    rows = target._base_manager.filter(_semi_joined(target, condition))
    found = rows.exclude(**{f"{column}__isnull": True}).values_list(column, flat=True)
    return _bounded(found)


def _bounded(found: models.QuerySet[Any]) -> list[Any]:
    keys = list(found.order_by().distinct()[: MAX_KEYS + 1])
    if len(keys) > MAX_KEYS:
        raise TooManyKeys(
            _("La búsqueda encuentra más de %(limit)d filas entre %(model)s: afine el criterio."),
            code="too_many",
            params={"limit": MAX_KEYS, "model": found.model._meta.verbose_name_plural},
        )
    return keys
