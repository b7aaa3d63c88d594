"""What a cell says, as the type of the field that takes it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from functools import lru_cache
from math import isfinite
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

EXAMPLE = datetime(2001, 12, 31, 23, 58, 59)


class BadValue(ValueError):
    """A cell does not hold what its field takes; the message says what it should."""


@dataclass(frozen=True)
class Numbers:
    """How the files write numbers: the decimal sign, and the one between thousands, if any."""

    decimal: str = "."
    thousands: str = ""

    def parse(self, text: str) -> Decimal:
        match = _number(self.decimal, self.thousands).fullmatch(text)
        if match is None:
            raise BadValue(_("No es un número: se espera como %s.") % self.example)
        return Decimal(text.replace(self.thousands, "").replace(self.decimal, "."))

    @property
    def example(self) -> str:
        return f"1{self.thousands}234{self.decimal}56"


@lru_cache
def _number(decimal: str, thousands: str) -> re.Pattern[str]:
    whole = rf"\d{{1,3}}(?:{re.escape(thousands)}\d{{3}})+|\d+" if thousands else r"\d+"
    return re.compile(rf"[+-]?(?:{whole})(?:{re.escape(decimal)}\d+)?", re.ASCII)


@lru_cache(maxsize=8192)
def parse_date(text: str, form: str) -> datetime:
    """Return the moment that `text` names in the given strptime form, without zone if it has none."""
    try:
        return datetime.strptime(text, form)
    except ValueError:
        example = EXAMPLE.strftime(form)
        raise BadValue(_("No es una fecha: se espera como %s.") % example) from None


def is_date_form(form: str) -> bool:
    """Whether a date written in this strptime form can be read back."""
    try:
        return datetime.strptime(EXAMPLE.strftime(form), form).date() == EXAMPLE.date()
    except (ValueError, re.error):  # re.error: the same part twice
        return False


def convert(field: "models.Field[Any, Any]", raw: Any, numbers: Numbers) -> Any:
    """Return `raw`, a cell's text or date or a constant, as `field` keeps it; BadValue if it can't be."""
    if raw is None or raw == "":
        return _blank(field)
    kind: Any = type(field)
    return _conversion(kind)(raw, numbers)


@lru_cache
def _conversion(kind: type[Any]) -> Callable[[Any, Numbers], Any]:
    return next(conversion for field, conversion in CONVERSIONS if issubclass(kind, field))


def _blank(field: "models.Field[Any, Any]") -> Any:
    if field.null:
        return None
    # What a default works out, as the moment of now, is nothing that the origin said.
    if field.blank or (field.has_default() and not callable(field.default)):
        return field.get_default()
    raise BadValue(_("Falta el valor."))


def _text(raw: Any, numbers: Numbers) -> str:
    text = raw.isoformat(" ") if isinstance(raw, datetime) else str(raw)
    if "\0" in text:
        raise BadValue(_("Contiene un carácter nulo."))
    return text


def _moment(raw: Any, numbers: Numbers) -> datetime:
    if not isinstance(raw, date):
        raise BadValue(_("No es una fecha: dé la forma de la columna en «fechas»."))
    moment = raw if isinstance(raw, datetime) else datetime(raw.year, raw.month, raw.day)
    return _in_utc(moment, timezone.get_current_timezone())


@lru_cache(maxsize=8192)
def _in_utc(moment: datetime, zone: tzinfo) -> datetime:
    try:
        aware = timezone.make_aware(moment, zone) if timezone.is_naive(moment) else moment
        return aware.astimezone(UTC)
    except OverflowError:
        raise BadValue(_("La fecha no cabe en el calendario.")) from None


def _day(raw: Any, numbers: Numbers) -> date:
    if not isinstance(raw, date):
        raise BadValue(_("No es una fecha: dé la forma de la columna en «fechas»."))
    return raw.date() if isinstance(raw, datetime) else raw


def _decimal(raw: Any, numbers: Numbers) -> Decimal:
    if isinstance(raw, str):
        return numbers.parse(raw)
    if isinstance(raw, int | float) and not isinstance(raw, bool) and isfinite(raw):
        return Decimal(str(raw))
    raise BadValue(_("No es un número: se espera como %s.") % numbers.example)


def _integer(raw: Any, numbers: Numbers) -> int:
    number = _decimal(raw, numbers)
    if number != number.to_integral_value():
        raise BadValue(_("No es un número entero."))
    return int(number)


def _yes_or_no(raw: Any, numbers: Numbers) -> bool:
    if not isinstance(raw, bool):
        raise BadValue(_("No es sí ni no: tradúzcalo en «valores» a true o false."))
    return raw


# A DateTimeField is a DateField too, so it comes first.
CONVERSIONS: list[tuple[type[Any], Callable[[Any, Numbers], Any]]] = [
    (models.DateTimeField, _moment),
    (models.DateField, _day),
    (models.DecimalField, _decimal),
    (models.IntegerField, _integer),
    (models.BooleanField, _yes_or_no),
    (models.Field, _text),
]
