"""What a question may say in its address, and how it is told that it may not."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from analitica.reading import Asked

MONTHS, HOURS = (1, 36), (24, 720)
BOUNDS = {"months": MONTHS, "hours": HOURS}
INTEGER = re.compile(r"\s*[+-]?[0-9]+\s*")
# A plus that was not encoded arrives as a blank.
UNENCODED = re.compile(r"(?<=T)(\S+) (\d{2}:?\d{2})$")
YEARS = range(1000, 9000)  # around which months and ages can be counted


class BadParameters(Exception):
    """`detail` names each parameter that is wrong, in the form of the contract."""

    def __init__(self, detail: list[dict[str, Any]]) -> None:
        super().__init__(detail)
        self.detail = detail


def asked(query: Mapping[str, str], names: Sequence[str], *, now: datetime) -> Asked:
    """Return what `query` asks; `names` are the numbers that it may say, `now` stands for no `as_of`."""
    wrong: list[dict[str, Any]] = []
    numbers: dict[str, int] = {}
    as_of = now
    for name in names:
        if name in query:
            number, problem = _integer(name, query[name])
            numbers[name] = number
            wrong += problem
    if "as_of" in query:
        found = moment(query["as_of"])
        as_of = found or now
        if found is None:
            wrong.append(_told("as_of", "invalid datetime format", "value_error.datetime"))
    if wrong:
        raise BadParameters(wrong)
    return Asked(as_of.astimezone(UTC).replace(tzinfo=None), **numbers)


def moment(text: str) -> datetime | None:
    """Return the moment that an ISO 8601 text says, in UTC where it names no zone; None for any other text."""
    try:
        found = datetime.fromisoformat(UNENCODED.sub(r"\1+\2", text.strip()))
        found = found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
    return found if found.year in YEARS else None


def _integer(name: str, text: str) -> tuple[int, list[dict[str, Any]]]:
    least, most = BOUNDS[name]
    if not INTEGER.fullmatch(text):
        return 0, [_told(name, "value is not a valid integer", "type_error.integer")]
    number = int(text[:40])
    if number < least:
        said = f"ensure this value is greater than or equal to {least}"
        return 0, [_told(name, said, "value_error.number.not_ge")]
    if number > most:
        said = f"ensure this value is less than or equal to {most}"
        return 0, [_told(name, said, "value_error.number.not_le")]
    return number, []


def _told(name: str, said: str, kind: str) -> dict[str, Any]:
    return {"loc": ["query", name], "msg": said, "type": kind}
