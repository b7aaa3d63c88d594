"""The history of each row: what happened to it, kept in its own store, and the outbox of the relay."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db import models
from simple_history.models import HistoricalRecords
from uuid_utils.compat import uuid7


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


def is_history(model: type[models.Model]) -> bool:
    """Whether `model` holds the history of an entity."""
    return issubclass(model, Outbox) and hasattr(model, "instance_type")
