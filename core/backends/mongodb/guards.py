"""What MongoDB itself refuses: documents that aren't what their model says, and two histories of one version."""

from typing import Any

from django.apps import AppConfig
from django.db import connections, models

from core.history import is_history
from core.stores import store_of

BSON_TYPES: tuple[tuple[type[models.Field], list[str]], ...] = (
    # Looked up in order: a DateTimeField is a DateField too.
    (models.JSONField, ["object", "array"]),
    (models.DateField, ["date"]),
    (models.BooleanField, ["bool"]),
    (models.IntegerField, ["int", "long"]),
    (models.DecimalField, ["decimal"]),
    (models.CharField, ["string"]),
    (models.TextField, ["string"]),
    (models.UUIDField, ["string"]),
)
ONE_OF_EACH_VERSION = "una_por_version"


def keep_guards(app_config: AppConfig, using: str, **kwargs: Any) -> None:
    """After each migration, give every collection that there is its validator, and each history its unique index."""
    connection: Any = connections[using]
    if connection.vendor != "mongodb" or store_of(app_config.label) != using:
        return
    there = connection.introspection.table_names()
    for model in app_config.get_models():
        if model._meta.db_table not in there:
            continue  # its app is migrated later
        collection, said = connection.database[model._meta.db_table], validator(model)
        if collection.options().get("validator") != said:
            connection.database.command("collMod", collection.name, validator=said)
        if is_history(model):
            keys = [("id", 1), ("version", 1)]
            collection.create_index(keys, name=ONE_OF_EACH_VERSION, unique=True)


def validator(model: type[models.Model]) -> dict[str, Any]:
    """Return the JSON schema of the documents of `model`: what each field holds, and that it is there."""
    # Keys that the server gives (of Django's own record of migrations) are not among what is sent.
    own = [f for f in model._meta.concrete_fields if not isinstance(f, models.AutoField)]
    fields = {field.column: field for field in own}
    return {
        "$jsonSchema": {
            "bsonType": "object",
            "required": sorted(fields),
            "properties": {column: _property(field) for column, field in fields.items()},
        }
    }


def _property(field: Any) -> dict[str, Any]:
    target = field.target_field if field.is_relation else field
    kinds = next(kinds for kind, kinds in BSON_TYPES if isinstance(target, kind))
    said: dict[str, Any] = {"bsonType": [*kinds, "null"] if field.null else kinds}
    if isinstance(target, models.CharField) and target.max_length:
        said["maxLength"] = target.max_length
    return said
