"""Rows as the API reads and writes them: the model is the judge, in its own words."""

from collections.abc import Mapping, Sequence
from copy import copy
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.validators import UniqueValidator

from core.api.errors import Conflict, by_field
from core.api.expand import Expanding
from core.api.fields import MomentField, PortfolioField
from core.entities import Entity
from core.stores import atomic

FIRST, LAST = ("id",), ("version", "creado", "modificado")
UNKNOWN = _("No se conoce este campo.")


class OnlyKnownKeys(serializers.Serializer):
    """Refuses a body with a key that means nothing: a typo must not be dropped in silence."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping) and (unknown := data.keys() - self.fields.keys()):
            raise serializers.ValidationError({str(key): [UNKNOWN] for key in sorted(unknown)})
        return super().to_internal_value(data)


class VerbSerializer(OnlyKnownKeys):
    """What a verb asks for."""


class EntitySerializer(Expanding, OnlyKnownKeys, serializers.ModelSerializer):
    """A row of an entity: `Meta.model` and `Meta.fields`, to which id, version, creado and modificado are added.

    What is written is judged by `full_clean()` before it is saved, and refused by field in the model's
    words; a field that the serializer lacks is not judged. Keys that the serializer lacks are refused.

    `Meta.expandable` maps relations to the serializers of what they lead to, which `?expand=` brings in
    their place; `Meta.example` is a body that the documentation shows.
    """

    serializer_field_mapping = {
        **serializers.ModelSerializer.serializer_field_mapping,
        models.DateTimeField: MomentField,
    }
    serializer_related_field = PortfolioField
    candidate: Entity

    class Meta:
        model: ClassVar[type[Entity]]
        fields: ClassVar[Sequence[str]]

    @classmethod
    def rows(cls) -> QuerySet[Any]:
        """Return every row, with what the fields read of it."""
        return cls.Meta.model._default_manager.all()

    def get_field_names(self, *args: Any) -> list[str]:
        return list(dict.fromkeys((*FIRST, *super().get_field_names(*args), *LAST)))

    def get_fields(self) -> Any:
        fields = super().get_fields()
        for column in self.Meta.model._meta.fields:
            # DRF forgets it of what is only read, and the description would deny it.
            if isinstance(field := fields.get(column.name), serializers.ChoiceField):
                field.allow_blank = column.blank
        return fields

    # What the model judges is not judged again by DRF, with a query of its own.

    def get_validators(self) -> list[Any]:
        return []

    def get_uniqueness_extra_kwargs(self, *args: Any) -> Any:
        return args[-1], {}

    def build_standard_field(self, *args: Any) -> Any:
        return _without_unique(*super().build_standard_field(*args))

    def build_relational_field(self, *args: Any) -> Any:
        return _without_unique(*super().build_relational_field(*args))

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        self.candidate = self.filled(attrs)
        try:
            self.candidate.full_clean(exclude=_columns(self.Meta.model) - set(self.fields))
        except ValidationError as refusal:
            raise serializers.ValidationError(by_field(refusal, self.fields)) from refusal
        return attrs

    def filled(self, attrs: dict[str, Any]) -> Entity:
        """Return the row as `attrs` leave it, to be judged."""
        row = copy(self.instance) if self.instance else self.Meta.model()
        for name in attrs.keys() & _columns(self.Meta.model):
            setattr(row, name, attrs[name])
        return row

    def create(self, validated_data: dict[str, Any]) -> Entity:
        return self.write(validated_data)

    def update(self, instance: Entity, validated_data: dict[str, Any]) -> Entity:
        return self.write(validated_data)

    def write(self, data: dict[str, Any]) -> Entity:
        """Save what was judged, with what save() was given besides, and then its many-to-many values."""
        row = self.candidate
        for name in data.keys() - self.validated_data.keys():
            setattr(row, name, data[name])
        try:
            with atomic(type(row)):
                row.save()
                for field in row._meta.many_to_many:
                    if field.name in data:
                        getattr(row, field.name).set(data[field.name])
        except IntegrityError as refusal:
            # Somebody else wrote first: the judge, asked again, says what of it is in the way.
            row.full_clean()
            raise Conflict from refusal
        return row


def _columns(model: type[Entity]) -> set[str]:
    return {field.name for field in model._meta.fields}


def _without_unique(field: Any, options: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
    validators = options.pop("validators", [])
    kept = [one for one in validators if not isinstance(one, UniqueValidator)]
    return field, options | ({"validators": kept} if kept else {})
