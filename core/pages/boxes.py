"""What a page shows, as data for its templates: the columns of its list and the boxes of its form."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from django import forms
from django.db.models import Model
from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from rest_framework import serializers

from core.api.fields import PortfolioManyField
from core.pages.fields import NamedField

Label = str | Promise
NOTHING: Final = "—"


@dataclass(frozen=True)
class Column:
    """A column of a list: its title, and what it says of a row."""

    title: Label
    of: Callable[[Any], Any]
    style: str = ""  # numero, etiqueta

    def cell(self, row: Model) -> dict[str, Any]:
        value, style = self.of(row), self.style
        if isinstance(value, date):
            value, style = date_format(value, "SHORT_DATE_FORMAT"), "fecha"
        elif isinstance(value, bool):
            value = _("Sí") if value else _("No")
        if value in (None, ""):
            value, style = NOTHING, "nada"
        return {"title": self.title, "text": value, "style": style}


@dataclass(frozen=True)
class Group:
    """Fields of a form that go together; a folded group opens when it is asked to."""

    title: Label
    fields: Sequence[str]
    folded: bool = False


@dataclass(frozen=True)
class Box:
    """A field of a form, as the page draws it; `values` are what was typed, or what is proposed."""

    name: str
    label: str
    kind: str = "text"
    required: bool = False
    may_be_empty: bool = True
    help: str = ""
    values: Sequence[str] = ()
    options: Sequence[tuple[str, str]] = ()
    errors: Sequence[str] = ()
    lookup: str = ""  # the address where the page looks for what is being typed,
    key: str = ""  # and what of each row it finds there is written in the box

    @property
    def value(self) -> str:
        return self.values[0] if self.values else ""

    @property
    def input_type(self) -> str:
        return self.kind if self.kind in ("date", "email") else "text"

    @property
    def described_by(self) -> str:
        """The ids of what explains the box, as aria-describedby wants them."""
        parts = (("ayuda", self.help), ("error", self.errors))
        return " ".join(f"{part}-{self.name}" for part, said in parts if said)


# Of a form, from the serializer that will judge it.


def box_of(name: str, field: serializers.Field, model: type[Model]) -> Box:
    """Return the empty box of a field of `model`, with what the model proposes."""
    column = model._meta.get_field(name)
    box = Box(
        name=name,
        label=str(capfirst(getattr(column, "verbose_name", name))),
        kind=_kind(field),
        required=field.required and not getattr(field, "allow_blank", False),
        help=str(getattr(column, "help_text", "")),
        values=_proposed(column),
    )
    if isinstance(field, serializers.ChoiceField):
        choices = [(str(value), str(label)) for value, label in field.choices.items()]
        return replace(box, options=choices, may_be_empty=field.required or field.allow_blank)
    return _of_reference(box, field)


def _of_reference(box: Box, field: serializers.Field) -> Box:
    many = isinstance(field, PortfolioManyField)
    named = field.child_relation if isinstance(field, PortfolioManyField) else field
    if not isinstance(named, NamedField):
        return box
    if (rows := named.offered()) is None:
        return replace(box, kind="named", help=str(named.help))
    options = [(str(row.pk), str(row)) for row in rows]
    return replace(box, kind="checks" if many else "select", options=options)


def _kind(field: serializers.Field) -> str:
    kinds: dict[type[serializers.Field], str] = {
        serializers.BooleanField: "checkbox",
        serializers.DateField: "date",
        serializers.DecimalField: "decimal",
        serializers.EmailField: "email",
        serializers.ChoiceField: "select",
    }
    if field.style.get("base_template") == "textarea.html":
        return "textarea"
    return next((kind for base, kind in kinds.items() if isinstance(field, base)), "text")


def _proposed(column: Any) -> Sequence[str]:
    default = column.get_default() if getattr(column, "has_default", bool)() else None
    if default is None or default is False or default == "":
        return ()
    if isinstance(default, str):
        return (str(getattr(default, "value", default)),)
    return (number_format(default, 2, use_l10n=True),)


# Of the filters, from the form that will read them.


def filter_box(name: str, field: Any) -> Box:
    """Return the box of a filter, from the field that will read it."""
    kind, options = "text", list[tuple[str, str]]()
    if choices := getattr(field, "choices", None):
        kind, options = "select", [(str(value), str(text)) for value, text in choices if value]
    elif isinstance(field, forms.NullBooleanField):
        kind, options = "select", [("true", _("Sí")), ("false", _("No"))]
    elif isinstance(field, forms.DateField | forms.DateTimeField):
        kind = "date"
    return Box(name, label="", kind=kind, options=options)


def with_typed(
    boxes: Iterable[Box], typed: Mapping[str, Sequence[str]], errors: Mapping[str, Sequence[str]]
) -> list[Box]:
    """Return the boxes with what was typed in them, and what was found wrong with it."""
    return [
        replace(box, values=typed.get(box.name, ()), errors=errors.get(box.name, ()))
        for box in boxes
    ]
