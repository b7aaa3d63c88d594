"""A TOML table read key by key: what is wrong or unknown is named by its whole path."""

from collections.abc import Iterator, Mapping
from datetime import date
from math import isfinite
from typing import Any

from django.utils.translation import gettext as _

from ingestion.portfolio.errors import MappingError

REQUIRED = object()


class Table:
    """One table of the mapping; done() refuses the keys that nobody asked for."""

    def __init__(self, path: str, raw: Mapping[str, Any]) -> None:
        self.path, self.raw = path, raw
        self.asked: set[str] = set()

    def __contains__(self, name: str) -> bool:
        return name in self.raw

    def at(self, name: str) -> str:
        """Return the path of a key, as its writer would say it."""
        return f"{self.path}.{name}" if self.path else name

    def wrong(self, name: str, reason: str) -> MappingError:
        return MappingError(
            _("en «%(key)s», %(reason)s") % {"key": self.at(name), "reason": reason}
        )

    def get(self, name: str, default: Any = REQUIRED) -> Any:
        self.asked.add(name)
        if name in self.raw:
            return self.raw[name]
        if default is REQUIRED:
            raise MappingError(_("falta la clave «%s».") % self.at(name))
        return default

    def text(self, name: str, default: Any = REQUIRED) -> str:
        value = self.get(name, default)
        if not isinstance(value, str):
            raise self.wrong(name, _("se espera un texto."))
        return value

    def texts(self, name: str, default: Any = REQUIRED) -> tuple[str, ...]:
        value = self.get(name, default)
        if not isinstance(value, list | tuple) or not all(isinstance(v, str) and v for v in value):
            raise self.wrong(name, _("se espera una lista de textos."))
        return tuple(value)

    def scalar(self, name: str) -> str | bool | float | date:
        """Return one value that a field may take: a date may be a moment, and a number is finite."""
        value = self.get(name)
        finite = not isinstance(value, float) or isfinite(value)
        if not (isinstance(value, str | int | float | date) and finite):
            raise self.wrong(name, _("se espera un texto, un número, una fecha, true o false."))
        return value

    def table(self, name: str, default: Any = REQUIRED) -> "Table":
        return self.as_table(name, self.get(name, default))

    def as_table(self, name: str, value: Any) -> "Table":
        if not isinstance(value, Mapping):
            raise self.wrong(name, _("se espera una tabla."))
        return Table(self.at(name), value)

    def several(self, name: str) -> Iterator["Table"]:
        """Yield the table under `name`, or each of them where it is an array."""
        value = self.get(name)
        if not isinstance(value, list):
            value = [value]
        for position, found in enumerate(value, 1):
            yield self.as_table(name if len(value) == 1 else f"{name}[{position}]", found)

    def names(self) -> list[str]:
        self.asked |= set(self.raw)
        return list(self.raw)

    def done(self, known: str = "") -> None:
        """Raise MappingError for the first key that nobody asked for."""
        for name in self.raw:
            if name not in self.asked:
                expected = known or ", ".join(sorted(self.asked))
                raise MappingError(
                    _("no existe la clave «%(key)s»: aquí puede haber %(known)s.")
                    % {"key": self.at(name), "known": expected}
                )
