"""The cells of the lake as values, and exact numbers as published ones."""

import re
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

import pandas as pd

from analitica.tests.oracle.columns import AMOUNTS, BOOLEANS, DATES, MOMENTS

MOMENT = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)([T ](?P<time>\d\d:\d\d:\d\d(\.\d+)?)(Z|\+00:00)?)?", re.ASCII
)


class Figure(float):
    """A published number: rounded, and knowing the exact one.

    It is the float nearest to the exact quotient, rounded by Python's round(): to the nearest
    decimal, and where that float lies right between two, to the even one. A tie of the exact
    number is therefore no tie of the float as a rule (2.675 gives 2.67), and engines settle it
    either way; who compares does so with `exact`, from which both are equally far.
    """

    exact: Fraction
    places: int


def figure(exact: Fraction | int | None, places: int = 2) -> Figure | None:
    """Return an exact number as it is published, or None where there is none."""
    if exact is None:
        return None
    published = Figure(round(float(exact), places))
    published.exact, published.places = Fraction(exact), places
    return published


def moment(text: str) -> datetime:
    """Return the moment of a timestamp in one of the contract's forms, in UTC."""
    found = MOMENT.fullmatch(text)
    if found is None:
        raise ValueError(f"not a timestamp: {text!r}")
    time = found["time"] or "00:00:00"
    return datetime.fromisoformat(f"{found['day']}T{time}").replace(tzinfo=UTC)


def value(column: str, cell: Any) -> Any:
    """Return what a cell of `column` holds: an empty field is None, and nothing else is."""
    if pd.isna(cell) or cell == "":
        return None
    if column in MOMENTS:
        return moment(cell)
    if column in DATES:
        return date.fromisoformat(cell)
    if column in AMOUNTS:
        return Fraction(cell)
    if column in BOOLEANS:
        return {"true": True, "false": False}[cell]
    return cell


def typed(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the table with values for cells; columns of objects, so that pandas changes none."""
    return pd.DataFrame(
        {
            column: pd.Series([value(column, cell) for cell in frame[column]], dtype=object)
            for column in frame.columns
        }
    )


def missing(held: Any) -> bool:
    """Say whether a value is null or, being text, only white space."""
    return held is None or (isinstance(held, str) and not held.strip())


def present(values: Any) -> list[Any]:
    """Return the values that are not missing."""
    return [held for held in values if not missing(held)]


def known(values: Any) -> list[Any]:
    """Return the values that are not null; text of only white space is one."""
    return [held for held in values if held is not None]
