"""?expand=cliente,agente: what a row refers to, or is made of, in the same answer."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Model, Prefetch
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from rest_framework import serializers

from core import rights

PARAMETER = "expand"


class Expanding(serializers.BaseSerializer):
    """Puts in an answer, in place of the key, each row that the context's `expand` asks for.

    What the person may not view, or is not in their portfolio, stays a key; parts that they may not
    view do not come.
    """

    def to_representation(self, instance: Any) -> Any:
        data = super().to_representation(instance)
        for name in self.context.get(PARAMETER, ()):
            if name in expandable(type(self)) and hasattr(instance, _kept(name)):
                found = getattr(instance, _kept(name))
                inner = self._inner(name)
                if isinstance(found, list):
                    data[name] = [inner.to_representation(row) for row in found]
                elif found is not None:
                    data[name] = inner.to_representation(found)
        return data

    def _inner(self, name: str) -> Any:
        """The serializer of what `name` leads to, made once for all the rows of an answer."""
        made: dict[str, Any] = self.__dict__.setdefault("_inners", {})
        if name not in made:
            context = {key: value for key, value in self.context.items() if key != PARAMETER}
            made[name] = expandable(type(self))[name](context=context)
        return made[name]


def expandable(serializer: Any) -> Mapping[str, Any]:
    """Return the serializers of what rows of `serializer` may bring, by relation."""
    declared: Mapping[str, Any] = getattr(serializer.Meta, "expandable", {})
    return {name: resolved(inner) for name, inner in declared.items()}


def resolved(serializer: Any) -> Any:
    """Return the serializer that a dotted path names, or the one given."""
    return import_string(serializer) if isinstance(serializer, str) else serializer


def asked(request: Any, serializer: Any) -> list[str]:
    """Return what the address asks to expand; raise ValidationError for what can't be."""
    text = request.query_params.get(PARAMETER)
    names = list(dict.fromkeys(name.strip() for name in text.split(","))) if text else []
    known = getattr(serializer.Meta, "expandable", {})
    if unknown := [name for name in names if name not in known]:
        sentence = _("No se puede expandir %(names)s; sí: %(known)s.") % {
            "names": ", ".join(name or "«»" for name in unknown),
            "known": ", ".join(known) or "—",
        }
        raise serializers.ValidationError({PARAMETER: [sentence]})
    return names


def prefetches(user: Any, serializer: Any, names: Sequence[str] = ()) -> list[Any]:
    """Return what a queryset must bring, in one query each, for `serializer` to ask no more."""
    model: type[Model] = serializer.Meta.model
    shown = set(serializer.Meta.fields)
    found: list[Any] = [f.name for f in model._meta.many_to_many if f.name in shown]
    for name in names:
        inner = expandable(serializer)[name]
        if rights.may(user, "view", inner.Meta.model):
            rows = rights.visible(user, inner.rows())
            rows = rows.prefetch_related(*prefetches(user, inner))
            found.append(Prefetch(name, queryset=rows, to_attr=_kept(name)))
    return found


def _kept(name: str) -> str:
    return f"expanded_{name}"
