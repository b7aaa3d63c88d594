"""The history of each row: what happened to it, kept in its own store, and the outbox of the relay."""

from typing import Any

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


def history() -> Any:
    """The HistoricalRecords that every entity declares.

    Users live in another store, so the row keeps their key alone. Who acts comes from the request, or
    from `_history_user` on the instance.
    """
    return HistoricalRecords(
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
