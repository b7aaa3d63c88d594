"""Which store holds what, and what that store can do."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, connections, models, transaction
from django.db.models.sql.compiler import SQLInsertCompiler


def store_of(app_label: str) -> str:
    """Return the alias of the store that `app_label` declares in its AppConfig."""
    return getattr(apps.get_app_config(app_label), "store", DEFAULT_DB_ALIAS)


class StoreRouter:
    """Send every model to the store its app declares."""

    def db_for_read(self, model: type[models.Model], **hints: Any) -> str:
        return store_of(model._meta.app_label)

    db_for_write = db_for_read

    def allow_relation(self, obj1: models.Model, obj2: models.Model, **hints: Any) -> bool:
        return True  # a system check, core.E001, refuses a plain ForeignKey across stores

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db == store_of(app_label)


@dataclass(frozen=True)
class Store:
    """One of the configured stores; what its engine can't do is data to ask, never a name to test."""

    alias: str

    @property
    def supports_transactions(self) -> bool:
        """Whether what `atomic()` writes is there together, or not at all."""
        connection = connections[self.alias]
        own = getattr(connection, "has_own_transactions", None)
        return connection.features.supports_transactions if own is None else own()

    @property
    def supports_row_locks(self) -> bool:
        return connections[self.alias].features.has_select_for_update

    def takes_plain_inserts(self, model: type[models.Model]) -> bool:
        """Whether rows of `model` go in by SQL with a value in each column, and nothing around it."""
        compiler = connections[self.alias].ops.compiler("SQLInsertCompiler")
        return issubclass(compiler, SQLInsertCompiler) and not any(
            hasattr(field, "get_placeholder") or field.db_default is not models.NOT_PROVIDED
            for field in model._meta.concrete_fields
        )

    def atomic(self) -> AbstractContextManager[Any]:
        """A transaction; one that holds nothing together where the store has none."""
        connection = connections[self.alias]
        own = getattr(connection, "own_atomic", None)
        made: AbstractContextManager[Any] = own() if own else transaction.atomic(using=self.alias)
        return made

    def forget(
        self, model: type[models.Model], keys: Sequence[Any], *, written_before: datetime
    ) -> None:
        """Delete those of the rows that were written before a moment, where the store has no transactions."""
        connections[self.alias].forget(model, keys, written_before)  # type: ignore[attr-defined]


def store_for(model: type[models.Model]) -> Store:
    """Return the store that holds `model`."""
    return Store(store_of(model._meta.app_label))


def atomic(model: type[models.Model]) -> AbstractContextManager[Any]:
    """A transaction on the model's own store: a bare transaction.atomic() guards only "default"."""
    return store_for(model).atomic()
