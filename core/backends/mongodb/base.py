"""MongoDB's own backend; it asks its server by collections, so it is those that are guarded."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import datetime
from typing import Any

from bson import ObjectId
from django.db.models import Model
from django_mongodb_backend import base
from django_mongodb_backend.transaction import atomic
from django_mongodb_backend.utils import OperationDebugWrapper
from pymongo import UpdateOne
from pymongo.collection import Collection
from pymongo.errors import ConnectionFailure, OperationFailure

from core.backends.mongodb.schema import SchemaEditor
from core.outages import StoreBusy, StoreDown, breaker


class DatabaseWrapper(base.DatabaseWrapper):
    SchemaEditorClass = SchemaEditor

    def connect(self) -> None:
        with _told(self.alias):
            super().connect()  # which asks the server for its version

    def get_collection(self, name: str, **kwargs: Any) -> Any:
        collection = GuardedCollection(self.alias, self.database, name, **kwargs)
        return OperationDebugWrapper(self, collection) if self.queries_logged else collection

    def is_usable(self) -> bool:
        with _told(self.alias):
            self.database.command("ping")
        return True

    def has_own_transactions(self) -> bool:
        """Whether this deployment has transactions: a replica set does, a server alone doesn't."""
        with _told(self.alias):
            return bool(self.features._supports_transactions)

    def own_atomic(self) -> AbstractContextManager[Any]:
        """A transaction of MongoDB's, where it has them: Django's own does nothing here."""
        return atomic(using=self.alias) if self.has_own_transactions() else nullcontext()

    def forget(self, model: type[Model], keys: Sequence[Any], written_before: datetime) -> None:
        """Delete the documents of those keys that were written before a moment, as their _id tells."""
        key = model._meta.pk
        assert key is not None
        self.get_collection(model._meta.db_table).delete_many(
            {
                key.column: {"$in": [key.get_db_prep_value(pk, self) for pk in keys]},
                "_id": {"$lt": ObjectId.from_datetime(written_before)},
            }
        )

    def update_each(self, model: type[Model], field: Any, prepared: Sequence[Any]) -> None:
        """Set `field` of each document: to a value and by a key, as MongoDB takes them."""
        assert model._meta.pk is not None
        key = model._meta.pk.column
        if prepared:
            self.get_collection(model._meta.db_table).bulk_write(
                [UpdateOne({key: pk}, {"$set": {field.column: value}}) for value, pk in prepared],
                ordered=False,
                session=self.session,
            )


class GuardedCollection(Collection):
    """A collection that tells a server which doesn't answer by the name of its store."""

    def __init__(self, alias: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._alias = alias

    def aggregate(self, *args: Any, **kwargs: Any) -> Any:
        with _told(self._alias):
            return super().aggregate(*args, **kwargs)

    def insert_many(self, *args: Any, **kwargs: Any) -> Any:
        with _told(self._alias):
            return super().insert_many(*args, **kwargs)

    def update_many(self, *args: Any, **kwargs: Any) -> Any:
        with _told(self._alias):
            return super().update_many(*args, **kwargs)

    def delete_many(self, *args: Any, **kwargs: Any) -> Any:
        with _told(self._alias):
            return super().delete_many(*args, **kwargs)

    def bulk_write(self, *args: Any, **kwargs: Any) -> Any:
        with _told(self._alias):
            return super().bulk_write(*args, **kwargs)


@contextmanager
def _told(alias: str) -> Iterator[None]:
    with breaker(alias).guard():
        try:
            yield
        except ConnectionFailure as missing:
            raise StoreDown(alias) from missing
        except OperationFailure as failure:
            if failure.has_error_label("TransientTransactionError"):
                raise StoreBusy from failure
            raise
