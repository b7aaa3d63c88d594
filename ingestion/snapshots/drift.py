"""What changed under the lake's feet: columns of a store, types of what was published."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import structlog
from django.conf import settings
from django.db import connections, models

from ingestion.jobs import JobFailed
from ingestion.schema import LakeTable, stored
from ingestion.snapshots.files import schema_of
from ingestion.snapshots.manifest import Manifest

# What an engine says of a column, by the fields that it may hold: texts in many lengths, numbers without decimals.
TEXTS = (models.CharField, models.TextField, models.UUIDField, models.JSONField)
KINDS: Sequence[tuple[type[models.Field], ...]] = (
    TEXTS,
    (models.DateTimeField,),
    (models.DateField,),
    (models.DecimalField,),
    (models.IntegerField, models.BooleanField),
)

log = structlog.get_logger()


def refuse_drift(tables: Sequence[LakeTable]) -> None:
    """Raise JobFailed where a store's table has not the columns that its model says."""
    for table in tables:
        if table.model is None:
            continue
        connection = connections[table.store]
        try:
            with connection.cursor() as cursor:
                name = table.model._meta.db_table
                found = connection.introspection.get_table_description(cursor, name)
        except NotImplementedError:
            return  # a store of documents, which have no columns
        there = {column.name: column for column in found}
        for problem in _differences(table.model, there, connection.introspection):
            raise JobFailed(f"{table.path}: en {name}, {problem}; el snapshot anterior sigue.")


def _differences(
    model: type[models.Model], there: Mapping[str, Any], introspection: Any
) -> Iterator[str]:
    fields = {field.column: field for field in model._meta.concrete_fields}
    for name in there.keys() - fields.keys():
        yield f"ha aparecido la columna {name}, que el programa no conoce"
    for name, field in fields.items():
        if name not in there:
            yield f"falta la columna {name}"
        elif not _holds(there[name], stored(field), introspection):
            yield f"la columna {name} ha cambiado de tipo"


def _holds(column: Any, field: models.Field, introspection: Any) -> bool:
    """Whether the column is one for the values of `field`: of its kind, with its decimals."""
    try:
        said = introspection.get_field_type(column.type_code, column)
    except KeyError:
        return False
    name = said[0] if isinstance(said, tuple) else said
    kind = getattr(models, name, models.Field)
    if isinstance(field, models.DecimalField) and column.scale is not None:
        sizes = (column.precision, column.scale)
        return kind is models.DecimalField and sizes == (field.max_digits, field.decimal_places)
    return _kind(kind) == _kind(type(field))


def _kind(field: type[models.Field]) -> int | None:
    return next((place for place, kinds in enumerate(KINDS) if issubclass(field, kinds)), None)


def refuse_changed_types(tables: Sequence[LakeTable], published: Manifest | None) -> None:
    """Raise JobFailed where what a table promised its readers is no longer so.

    A new version of the program may change a column's type, or take it away; the same version may
    only add to what is published.
    """
    for table in tables:
        before = published.tables.get(table.path) if published else None
        if published is None or before is None:
            continue
        now = {column["name"]: column["type"] for column in schema_of(table)}
        for name, kind in ((column["name"], column["type"]) for column in before.schema):
            if now.get(name) == kind:
                continue
            change = f"{table.path}: {name} era {kind} y ahora {now.get(name, 'no está')}"
            if published.code_version == settings.VERSION:
                raise JobFailed(
                    f"{change}; solo otra versión del programa que {settings.VERSION} puede cambiarlo."
                )
            log.warning("schema_changes", change=change, since=published.code_version)
