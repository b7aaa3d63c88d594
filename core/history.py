"""The history of each row: what happened to it, kept in its own store, and the outbox of the relay."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models
from django.utils import timezone
from simple_history.models import HistoricalRecords
from uuid_utils.compat import uuid7

from core.stores import store_for

PATIENCE = timedelta(minutes=2)  # longer than any write is waited for


class Outbox(models.Model):
    """A fact that waits for the relay: numbered in `relay_seq` once the bitácora has it."""

    relay_seq = models.BigIntegerField(null=True, unique=True, editable=False)

    class Meta:
        abstract = True


def _user_of(record: Any) -> Any:
    """The user who made the change: brought beforehand for a whole page, or looked up now."""
    if not hasattr(record, "known_user"):
        users = get_user_model()._default_manager
        record.known_user = users.filter(pk=record.history_user_id).first()
    return record.known_user


_reason: ContextVar[tuple[UUID, str] | None] = ContextVar("_reason", default=None)


@contextmanager
def because(pk: UUID, reason: str) -> Iterator[None]:
    """What the block writes of the row with the key `pk` gives `reason` in its history."""
    token = _reason.set((pk, reason))
    try:
        yield
    finally:
        _reason.reset(token)


class Records(HistoricalRecords):
    def create_history_model(self, model: Any, inherited: Any) -> Any:
        past = super().create_history_model(model, inherited)
        past.records = self
        return past

    def create_historical_record(self, instance: Any, history_type: str, using: Any = None) -> None:
        if not getattr(instance, "_announced", False):
            super().create_historical_record(instance, history_type, using)

    def get_change_reason_for_object(self, instance: Any, history_type: str, using: Any) -> Any:
        pk, reason = _reason.get() or (None, None)
        own = super().get_change_reason_for_object(instance, history_type, using)
        return reason if own is None and pk == instance.pk else own


def history() -> Any:
    """The HistoricalRecords that every entity declares.

    Users live in another store, so the row keeps their key alone. Who acts comes from the request, or
    from `_history_user` on the instance.
    """
    return Records(
        bases=(Outbox,),
        inherit=True,
        use_base_model_db=True,
        history_id_field=models.UUIDField(default=uuid7),
        history_user_id_field=models.BigIntegerField(null=True),
        history_user_getter=_user_of,
        excluded_fields=["busqueda"],
    )


@contextmanager
def announced(row: Any, history_type: str) -> Iterator[None]:
    """Write the history of what the block does with `row` before it, where the two can't be together.

    Killed in between, it announces a version that never came: nobody may write that version until
    the relay has removed it. Raises VersionConflict where somebody else is writing it.
    """
    past = type(row).history.model
    try:
        past.records.create_historical_record(row, history_type, row._state.db)
    except IntegrityError:
        raise row.conflict() from None
    row._announced = True
    try:
        yield
    except (ValidationError, IntegrityError):
        # Refused, so it was surely not written; of any other failure nobody knows.
        past._base_manager.filter(id=row.pk, version=row.version).delete()
        raise
    finally:
        del row._announced


def settled(model: type[Outbox], rows: Iterable[Any]) -> list[Any]:
    """Return those of `rows` whose change was made, and forget the announced ones that never came."""
    found = list(rows)
    store = store_for(model)
    if not is_history(model) or store.supports_transactions:
        return found
    past: Any = model
    entity = past.instance_type
    keys = {row.id for row in found}
    now = dict(entity._base_manager.filter(pk__in=keys).values_list("pk", "version"))
    gone = dict(
        past._base_manager.filter(id__in=keys - now.keys(), history_type="-").values_list(
            "id", "version"
        )
    )
    made = [
        row
        for row in found
        if row.version <= (gone if row.history_type == "-" else now | gone).get(row.id, 0)
    ]
    if missing := [row.pk for row in found if row not in made]:
        store.forget(model, missing, written_before=timezone.now() - PATIENCE)
    return made


def is_history(model: type[models.Model]) -> bool:
    """Whether `model` holds the history of an entity."""
    return issubclass(model, Outbox) and hasattr(model, "instance_type")
