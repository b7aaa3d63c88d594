"""Where a field's value comes from: columns, a constant, a translation."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from ingestion.portfolio.parsing import BadValue, parse_date

ANY = "*"


@dataclass(frozen=True)
class Row:
    """One line of a file: the text of each column, trimmed."""

    serial: int
    file: str
    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True)
class Value:
    """A constant, or what some columns say, translated where `translations` says how.

    A translation may be another Value: what one column says may depend on another.
    """

    columns: tuple[str, ...] = ()
    constant: Any = None
    separator: str = " "
    form: str = ""
    translations: Mapping[str, Any] = field(default_factory=dict)
    smallest: bool = False

    def of(self, row: Row) -> Any:
        """Return what `row` gives, or raise BadValue."""
        if not self.columns:
            return self.constant
        text = self.text(row)
        if self.translations:
            return self._translated(text, row)
        return parse_date(text, self.form) if self.form and text else text

    def text(self, row: Row) -> str:
        return self.separator.join(filter(None, (row.cells[name] for name in self.columns)))

    def used(self) -> Iterator[str]:
        """Yield each column that may decide."""
        yield from self.columns
        for translation in self.translations.values():
            if isinstance(translation, Value):
                yield from translation.used()

    def _translated(self, text: str, row: Row) -> Any:
        if text in self.translations:
            found = self.translations[text]
        elif ANY in self.translations:
            found = self.translations[ANY]
        else:
            known = ", ".join(key or _("vacío") for key in self.translations)
            raise BadValue(
                _("«%(text)s» no tiene traducción: hay %(known)s.") % {"text": text, "known": known}
            )
        return found.of(row) if isinstance(found, Value) else found


@dataclass(frozen=True)
class Reference:
    """The row of another kind that the same line names by its key."""

    kind: str
    key: tuple[str, ...]


@dataclass(frozen=True)
class Document:
    """Several values kept together as one document."""

    parts: Mapping[str, Value]

    def of(self, row: Row) -> dict[str, Any]:
        made = {name: value.of(row) for name, value in self.parts.items()}
        return {name: value for name, value in made.items() if value not in (None, "")}


Source = Value | Reference | Document


def columns_of(source: Source) -> list[str]:
    """Return the columns that decide the value, for the reader to look at."""
    match source:
        case Value():
            return list(dict.fromkeys(source.used()))
        case Reference():
            return list(source.key)
        case Document():
            return list(
                dict.fromkeys(name for part in source.parts.values() for name in part.used())
            )
