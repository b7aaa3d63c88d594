"""References from one store to another: checked on save, protected on delete, never joined."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, NoReturn, Self, TypeVar

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist, FieldError, ValidationError
from django.db import models
from django.db.models import ProtectedError, Q
from django.db.models.constants import LOOKUP_SEP
from django.db.models.fields.reverse_related import ForeignObjectRel
from django.db.models.signals import pre_delete
from django.utils.translation import gettext_lazy as _

from core.history import is_history
from core.stores import store_of

ModelT = TypeVar("ModelT", bound=models.Model, covariant=True)

MAX_KEYS = 10_000
KEYS_A_QUERY = 1_000
NAMED = 5


class StoreForeignKey(models.ForeignKey):
    """A ForeignKey into another store: checked by Django, unknown to the database, never joined."""

    def __init__(self, to: Any, on_delete: Any = models.DO_NOTHING, **kwargs: Any) -> None:
        super().__init__(to, on_delete, **kwargs | {"db_constraint": False})

    def get_extra_restriction(self, alias: Any, related_alias: Any) -> NoReturn:
        # Django asks this of a join that it is about to write, and of no other.
        raise FieldError(
            f"{self.model._meta.label}.{self.name} crosses to the store "
            f"{store_of(target_of(self)._meta.app_label)!r}: rows of two stores are never "
            "joined; filter() takes it as a semi-join, prefetch_related() brings the rows"
        )


def store_references(model: type[models.Model]) -> list[StoreForeignKey]:
    """Return the fields of `model` that point into another store."""
    return [field for field in model._meta.fields if isinstance(field, StoreForeignKey)]


def target_of(reference: Any) -> type[models.Model]:
    """Return the model that a field, or the other side of one, leads to."""
    target: type[models.Model] = reference.related_model
    return target


def references_to(model: type[models.Model]) -> list[StoreForeignKey]:
    """Return the fields of live models, in whatever store, that point at `model`."""
    return [
        field
        for holder in apps.get_models()
        if not is_history(holder)
        for field in store_references(holder)
        if target_of(field) is model
    ]


def batched(values: Iterable[Any], size: int) -> Iterator[list[Any]]:
    """Yield `values` in lists of `size`."""
    source = iter(values)
    while batch := list(islice(source, size)):
        yield batch


# Written: what a row points at must be there.


def check_references_of(rows: Sequence[models.Model]) -> None:
    """Raise ValidationError, by field, if a row points at what its store doesn't hold.

    One query for each model pointed at and each 1,000 keys.
    """
    if not rows:
        return
    fields = store_references(type(rows[0]))
    wanted: dict[type[models.Model], set[Any]] = defaultdict(set)
    for field in fields:
        wanted[target_of(field)] |= {getattr(row, field.attname) for row in rows} - {None}
    known = {target: _present(target, keys) for target, keys in wanted.items()}
    errors = {
        field.name: _("No existe: %(model)s con identificador %(key)s.")
        % {"model": target_of(field)._meta.verbose_name, "key": key}
        for field in fields
        for row in rows
        if (key := getattr(row, field.attname)) is not None and key not in known[target_of(field)]
    }
    if errors:
        raise ValidationError(errors)


def _present(target: type[models.Model], keys: Iterable[Any]) -> set[Any]:
    present: set[Any] = set()
    for batch in batched(keys, KEYS_A_QUERY):
        present.update(target._base_manager.filter(pk__in=batch).values_list("pk", flat=True))
    return present


# Deleted: what other stores hold stays.


def holders_of(rows: Sequence[models.Model]) -> list[models.Model]:
    """Return rows of other stores that point at any of `rows`: a few of each kind, to name them."""
    if not rows:
        return []
    keys = [row.pk for row in rows]
    return [
        holder
        for field in references_to(type(rows[0]))
        for batch in batched(keys, KEYS_A_QUERY)
        for holder in field.model._base_manager.filter(**{f"{field.name}__in": batch})[:NAMED]
    ]


def protect_holders() -> None:
    """Refuse, from now on, to delete a row that another store's row points at."""
    for model in {target_of(field) for app in apps.get_models() for field in store_references(app)}:
        pre_delete.connect(_refuse_if_held, sender=model, dispatch_uid=f"held:{model._meta.label}")


def _refuse_if_held(instance: models.Model, **kwargs: Any) -> None:
    if holders := holders_of([instance]):
        names = ", ".join(
            f"{holder._meta.verbose_name} {holder}" for holder in dict.fromkeys(holders)
        )
        raise ProtectedError(
            str(
                _("No se puede borrar «%(row)s»: lo usan %(holders)s.")
                % {"row": instance, "holders": names}
            ),
            set(holders),
        )


# Looked for: a lookup across stores asks the other store for its keys first.


class TooManyKeys(ValidationError):
    """A lookup into another store found more rows than a semi-join carries over."""


class StoreQuerySet(models.QuerySet[ModelT]):
    """A queryset whose filters may cross into another store, as a semi-join."""

    def _filter_or_exclude_inplace(self, negate: bool, args: Any, kwargs: Any) -> None:  # noqa: FBT001
        crossed = _semi_joined(self.model, Q(*args, *sorted(kwargs.items())))
        super()._filter_or_exclude_inplace(negate, (crossed,), {})  # type: ignore[misc]

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
