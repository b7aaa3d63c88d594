"""What the documentation shows: the body that a serializer declares, and the row that it would make."""

from typing import Any

from rest_framework import serializers

KEY = "01901b2c-7d3e-7000-8000-000000000001"
MOMENT = "2026-03-01T09:30:00-05:00"
OF_EVERY_ROW = {"id": KEY, "version": 1, "creado": MOMENT, "modificado": MOMENT}


def example_of(serializer: type[serializers.ModelSerializer]) -> dict[str, Any] | None:
    """Return a row as `serializer` writes it: its example, with what the model gives the other fields."""
    body = getattr(serializer.Meta, "example", None)
    if body is None:
        return None
    told = OF_EVERY_ROW | body
    return {name: told.get(name, _unsaid(field)) for name, field in _fields(serializer)}


def _fields(serializer: type[serializers.ModelSerializer]) -> Any:
    return serializer(context={"user": None}).fields.items()


def _unsaid(field: Any) -> Any:
    if isinstance(field, serializers.ManyRelatedField):
        return []
    columns = {column.name: column for column in field.parent.Meta.model._meta.fields}
    column = columns.get(field.source)
    value = column.get_default() if column is not None else None
    if value is None and not field.allow_null:
        return _some(field)
    return value if value is None else field.to_representation(value)


def _some(field: serializers.Field) -> Any:
    """Something in the place of what the model itself sets before it saves."""
    if isinstance(field, serializers.PrimaryKeyRelatedField):
        return KEY
    return "1200.00" if isinstance(field, serializers.DecimalField) else ""
