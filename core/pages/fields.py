"""References as people make them: by what they call the row."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar, Final
from uuid import UUID

from django.db.models import Model, QuerySet
from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.relations import MANY_RELATION_KWARGS

from core import rights
from core.api.fields import PortfolioField, PortfolioManyField

SHOWN: Final = 80  # of a name that names nothing, in the sentence that says so
CANDIDATES: Final = 5  # rows of one name that the sentence tells apart
OFFERED: Final = 200  # rows that a list of choices holds; beyond them, the name is typed


class NamedManyField(PortfolioManyField):
    """Many references, each by its key or by its name, looked for together."""

    child_relation: Any

    def to_internal_value(self, data: Any) -> list[Any]:
        if isinstance(data, str) or not hasattr(data, "__iter__"):
            self.fail("not_a_list", input_type=type(data).__name__)
        names = {position: self.child_relation.name_in(one) for position, one in enumerate(data)}
        found = self.child_relation.find([name for name in names.values() if name is not None])
        keys = [one if (name := names[i]) is None else found[name].pk for i, one in enumerate(data)]
        return super().to_internal_value(keys)


class NamedField(PortfolioField):
    """A reference by its key, or by the name that people give to what it refers to.

    A subclass says in `column` where the name is, and the sentences for a name of no row, and of several.
    """

    column: ClassVar[str]
    unknown: ClassVar[Promise | str]
    several: ClassVar[Promise | str] = _(
        "«%(name)s» puede ser varios: indique el identificador. %(rows)s."
    )
    help: ClassVar[Promise | str] = ""
    offers: ClassVar[bool] = False  # whether a form lists what there is to choose from

    @classmethod
    def many_init(cls, *args: Any, **kwargs: Any) -> NamedManyField:
        options = {name: kwargs[name] for name in MANY_RELATION_KWARGS if name in kwargs}
        return NamedManyField(child_relation=cls(*args, **kwargs), **options)

    def to_internal_value(self, data: Any) -> Any:
        name = self.name_in(data)
        return super().to_internal_value(data) if name is None else self.find([name])[name]

    def name_in(self, data: Any) -> str | None:
        """Return the name that `data` is; None for what is a key, or neither."""
        if isinstance(data, int) and not isinstance(data, bool):
            data = str(data)
        if not isinstance(data, str) or _is_key(data):
            return None
        return data.strip()

    def find(self, names: Sequence[str]) -> dict[str, Model]:
        """Return the row of each name, asked for in one query.

        Raises ValidationError for a name of no row that the person sees, and of more than one.
        """
        found = self.named(self.get_queryset(), names) if names else {}
        for name in names:
            rows = found.get(name, ())
            if len(rows) != 1:
                sentence = self.several if rows else self.unknown
                candidates = "; ".join(f"{row} ({row.pk})" for row in rows[:CANDIDATES])
                said = {"name": Truncator(name).chars(SHOWN), "rows": candidates}
                raise serializers.ValidationError(str(sentence) % said)
        return {name: found[name][0] for name in names}

    def named(self, rows: QuerySet[Any], names: Sequence[str]) -> Mapping[str, Sequence[Model]]:
        """Return which of `rows` each of `names` may mean; the one written just so is preferred."""
        ways = {name: self.ways(name) for name in names}
        by_name = defaultdict(list)
        for row in rows.filter(
            **{f"{self.column}__in": {way for all in ways.values() for way in all}}
        ):
            by_name[getattr(row, self.column)].append(row)
        return {name: _first_known(by_name, ways[name]) for name in names}

    def ways(self, name: str) -> Sequence[str]:
        """Return how `name` may be written where it is kept, the most faithful first."""
        text = name.replace("\x00", "")
        return list(dict.fromkeys((text, text.upper())))

    def name_of(self, row: Model) -> str:
        """Return what a person would write to name `row`."""
        return str(getattr(row, self.column)) or str(row.pk)

    def offered(self) -> list[Model] | None:
        """Return what a form lists to choose from; None where there is too much of it."""
        if not self.offers:
            return None
        known = self.context.setdefault("offered", {})  # by all the fields of a form
        if type(self) not in known:
            known[type(self)] = list(self.choosable(self.get_queryset())[: OFFERED + 1])
        rows: list[Model] = known[type(self)]
        return rows if len(rows) <= OFFERED else None

    def choosable(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows

    @property
    def target(self) -> type[Model]:
        queryset: Any = self.queryset
        model: type[Model] = queryset.model
        return model

    def may_look(self) -> bool:
        """Whether the person may look for what this refers to."""
        return rights.may(self.context["user"], "view", self.target)


def _is_key(text: str) -> bool:
    try:
        UUID(text.strip())
    except ValueError:
        return False
    return True


def _first_known(found: Mapping[str, list[Model]], ways: Iterable[str]) -> list[Model]:
    return next((found[way] for way in ways if way in found), [])
