"""References from one store to another: checked on save, protected on delete, never joined."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, NoReturn, TypeVar

from django.apps import apps
from django.core.exceptions import FieldError, ValidationError
from django.db import models
from django.db.models import ProtectedError
from django.db.models.signals import pre_delete
from django.utils.translation import gettext_lazy as _

from core.history import is_history
from core.stores import store_of

ModelT = TypeVar("ModelT", bound=models.Model, covariant=True)

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
