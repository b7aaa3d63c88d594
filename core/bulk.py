"""Many rows at once, each with its history, at little more than the cost of the rows alone."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connections, models
from django.utils import timezone
from simple_history.utils import get_change_reason_from_object
from uuid_utils.compat import uuid7

from core.stores import store_for

Values = Mapping[str, Any]


class Stage(NamedTuple):
    """A row as it was from `moment` on: as it is now, but for the values that it `was` with then."""

    key: UUID
    moment: datetime
    was: dict[str, Any]


def insert_with_history(rows: Sequence[Any]) -> None:
    """Insert rows of one model, and of each the history that it brings, or a first one.

    Writes what bulk_create() and simple-history's bulk_history_create() would. An engine that takes no
    SQL is left to them; any other has each value of a row prepared once, for the row and all its history.
    """
    model = type(rows[0])
    past = model.history.model  # asked for once: each time makes a class
    store = store_for(model)
    if store.takes_plain_inserts(model) and store.takes_plain_inserts(past):
        _insert_prepared(rows, model, past, store.alias)
        return
    # Where no transaction holds them together, what is announced and never comes is forgotten.
    tracked = [field.attname for field in past.tracked_fields]
    past._base_manager.bulk_create(
        past(**{name: getattr(row, name) for name in tracked} | told)
        for row in rows
        for told in _history_of(row, past)
    )
    models.QuerySet(model, using=store.alias).bulk_create(rows)


def update_each(model: type[models.Model], name: str, values: Mapping[Any, Any]) -> None:
    """Set the field `name` of each row to what `values` has by its key; leaves no history."""
    store = store_for(model)
    key: Any = model._meta.pk
    field: Any = model._meta.get_field(name)
    connection: Any = connections[store.alias]
    prepared = [
        (field.get_db_prep_save(value, connection), key.get_db_prep_save(pk, connection))
        for pk, value in values.items()
    ]
    if own := getattr(connection, "update_each", None):
        own(model, field, prepared)
        return
    quoted = connection.ops.quote_name
    statement = (
        f"UPDATE {quoted(model._meta.db_table)} SET {quoted(field.column)} = %s "
        f"WHERE {quoted(key.column)} = %s"
    )
    with connection.cursor() as cursor:
        cursor.executemany(statement, prepared)


def _history_of(row: Any, past: Any) -> Iterator[dict[str, Any]]:
    """Yield what each history row of a new row says that the row itself doesn't."""
    told_by = hasattr(row, "_history_user")
    user = row._history_user if told_by else past.get_default_history_user(row)
    told = {
        "history_user_id": user and user.pk,
        "history_change_reason": get_change_reason_from_object(row) or "",
    }
    if not row.stages:
        moment = getattr(row, "_history_date", None) or timezone.now()
        yield told | {"history_id": uuid7(), "history_date": moment, "history_type": "+"}
    for version, (key, moment, was) in enumerate(row.stages, start=1):
        kind = "+" if version == 1 else "~"
        stage = told | {"history_id": key, "history_date": moment, "history_type": kind}
        if version < len(row.stages):  # the last one is the row itself
            stage |= {"version": version, "modificado": moment, **was}
        yield stage


class _Table:
    """Where prepared values go."""

    def __init__(self, model: type[models.Model], alias: str, moments: dict[Any, Any]) -> None:
        self.connection = connections[alias]
        self.moments = moments  # as the engine takes them: slow to prepare, and told several times
        fields = [field for field in model._meta.concrete_fields if not field.generated]
        self.fields = {field.attname: field for field in fields}
        self.of_moments = {f.attname for f in fields if type(f) is models.DateTimeField}
        quoted = self.connection.ops.quote_name
        names = ", ".join(quoted(field.column) for field in fields)
        places = ", ".join("%s" for _ in fields)
        self.statement = f"INSERT INTO {quoted(model._meta.db_table)} ({names}) VALUES ({places})"

    def prepared(self, values: Values) -> dict[str, Any]:
        return {
            name: self._moment(name, value)
            if name in self.of_moments
            else self.fields[name].get_db_prep_save(value, self.connection)
            for name, value in values.items()
        }

    def _moment(self, name: str, value: Any) -> Any:
        if value not in self.moments:
            self.moments[value] = self.fields[name].get_db_prep_save(value, self.connection)
        return self.moments[value]

    def insert(self, rows: Sequence[Values]) -> None:
        with self.connection.cursor() as cursor:
            cursor.executemany(self.statement, [[*map(row.get, self.fields)] for row in rows])


def _insert_prepared(
    rows: Sequence[Any], model: type[models.Model], past: type[models.Model], alias: str
) -> None:
    moments: dict[Any, Any] = {}
    own, history = _Table(model, alias, moments), _Table(past, alias, moments)
    values = [
        own.prepared({name: field.pre_save(row, add=True) for name, field in own.fields.items()})
        for row in rows
    ]
    own.insert(values)
    history.insert(
        [
            kept | history.prepared(told)
            for row, kept in zip(rows, values, strict=True)
            for told in _history_of(row, past)
        ]
    )
    for row in rows:
        row._state.adding, row._state.db = False, alias
