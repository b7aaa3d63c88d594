"""What the API reads and writes its own way: references only to what the person sees, and old moments."""

from datetime import UTC
from typing import Any, NoReturn

from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.relations import MANY_RELATION_KWARGS

from core import rights

UNKNOWN = _("No existe: %(model)s con identificador %(key)s.")


class PortfolioManyField(serializers.ManyRelatedField):
    """Many references, looked for in one query."""

    child_relation: Any

    def to_internal_value(self, data: Any) -> list[Any]:
        if isinstance(data, str) or not hasattr(data, "__iter__"):
            self.fail("not_a_list", input_type=type(data).__name__)
        keys = [self.child_relation.key(one) for one in data]
        rows = {row.pk: row for row in self.child_relation.get_queryset().filter(pk__in=keys)}
        for key in keys:
            if key not in rows:
                self.child_relation.refuse(key)
        return list(dict.fromkeys(rows[key] for key in keys))


class PortfolioField(serializers.PrimaryKeyRelatedField):
    """A reference to a row of the person's portfolio; any other is as if it did not exist."""

    queryset: Any
    source: str

    @classmethod
    def many_init(cls, *args: Any, **kwargs: Any) -> PortfolioManyField:
        options = {name: kwargs[name] for name in MANY_RELATION_KWARGS if name in kwargs}
        return PortfolioManyField(child_relation=cls(*args, **kwargs), **options)

    def get_queryset(self) -> QuerySet[Any]:
        rows: Any = super().get_queryset()
        return rights.visible(self.context["user"], rows)

    def key(self, data: Any) -> Any:
        """Return `data` as a key of the rows referred to."""
        try:
            if isinstance(data, bool | float | dict | list):
                raise ValidationError("")
            return self.queryset.model._meta.pk.to_python(data)
        except ValidationError:
            self.fail("incorrect_type", data_type=type(data).__name__)

    def to_internal_value(self, data: Any) -> Any:
        key = self.key(data)
        if key is not None and (row := self.get_queryset().filter(pk=key).first()):
            return row
        if key is not None and (row := self._as_it_was(key)):
            return row
        self.refuse(key)

    def refuse(self, key: Any) -> NoReturn:
        names = {"model": self.queryset.model._meta.verbose_name, "key": key}
        raise serializers.ValidationError(UNKNOWN % names, code="does_not_exist")

    def _as_it_was(self, key: Any) -> Model | None:
        """The row already referred to, which who does not see it may leave where it is."""
        instance = getattr(self.parent, "instance", None)
        if not isinstance(instance, Model) or not self.source:
            return None
        if instance.serializable_value(self.source) != key:
            return None
        found: Model | None = getattr(instance, self.source)
        return found


class MomentField(serializers.DateTimeField):
    """A moment by the clock of the house, or by UTC where that clock went by the sun.

    Until a century ago clocks differed by seconds, which no date-time in JSON may say.
    """

    def to_representation(self, value: Any) -> Any:
        local = self.enforce_timezone(value)
        offset = local and local.utcoffset()
        if not offset or offset.seconds % 60 == 0:
            return super().to_representation(value)
        return local.astimezone(UTC).isoformat().removesuffix("+00:00") + "Z"
