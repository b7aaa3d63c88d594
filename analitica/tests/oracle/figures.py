"""The figures that several endpoints publish, each as the contract defines it."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from fractions import Fraction
from statistics import median
from typing import Any

from analitica.tests.oracle.values import Figure, figure, known, present

AGE_GROUPS = {
    "<18": range(18),
    "18-25": range(18, 26),
    "26-35": range(26, 36),
    "36-45": range(36, 46),
    "46-55": range(46, 56),
    "56-65": range(56, 66),
    ">65": range(66, 10_000),
}


# Numbers.


def total(amounts: Iterable[Fraction | None]) -> Fraction:
    """Add what is not null; nothing adds up to 0."""
    return sum(known(amounts), Fraction(0))


def quotient(part: Fraction | int, whole: Fraction | int) -> Fraction | None:
    """Divide exactly; by zero there is no quotient."""
    return Fraction(part) / Fraction(whole) if whole else None


def mean(amounts: Iterable[Fraction | int | None]) -> Fraction | None:
    """Return the mean of what is not null, or None where there is nothing."""
    held = known(amounts)
    return quotient(sum(held, Fraction(0)), len(held))


def percentage(part: Fraction | int, whole: Fraction | int) -> Figure | None:
    """Return how many hundredths of the whole the part is."""
    return figure(quotient(100 * part, whole))


def brief_stats(amounts: Iterable[Fraction | None]) -> dict[str, Any]:
    """Return {count, total, average} over what is not null."""
    held = known(amounts)
    return {
        "count": len(held),
        "total": figure(sum(held, Fraction(0))) if held else None,
        "average": figure(mean(held)),
    }


def stats(amounts: Iterable[Fraction | None]) -> dict[str, Any]:
    """Return {count, total, average, median, min, max} over what is not null."""
    held = known(amounts)
    return brief_stats(held) | {
        "median": figure(median(held)) if held else None,
        "min": figure(min(held)) if held else None,
        "max": figure(max(held)) if held else None,
    }


def pearson(left: list[Fraction], right: list[Fraction]) -> Figure | None:
    """Return Pearson's r of two series, or None where one is constant."""
    from_mean = [
        [Fraction(value) - Fraction(sum(series), len(series)) for value in series]
        for series in (left, right)
    ]
    both = sum(x * y for x, y in zip(*from_mean, strict=True))
    spread = [sum(x * x for x in series) for series in from_mean]
    if not all(spread):
        return None
    return figure(Fraction(float(both) / math.sqrt(spread[0] * spread[1])), places=4)


# Maps and lists.


def distribution(values: Iterable[str | None], size: int | None = None) -> dict[str, int]:
    """Count each value that is not missing: the most frequent first, then by value."""
    counts = Counter(present(values))
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:size])


def ranked(figures: Mapping[str, dict[str, Any]], by: str) -> dict[str, dict[str, Any]]:
    """Order a map by one figure of its entries, the highest first, then by key."""
    return dict(sorted(figures.items(), key=lambda item: (-item[1][by], item[0])))


def top(rows: Iterable[dict[str, Any]], size: int, *, by: str, key: str) -> list[dict[str, Any]]:
    """Return the rows with the highest published figure, ties by their key as text."""
    return sorted(rows, key=lambda row: (-row[by], row[key]))[:size]


def duplicates(values: Iterable[str | None]) -> int:
    """Return how many values that are not missing there are, less the distinct ones."""
    held = present(values)
    return len(held) - len(set(held))


def duplicate_emails(emails: Iterable[str | None]) -> int:
    """Return the duplicates of e-mails, which are compared trimmed and in lower case."""
    return duplicates(email.strip().lower() for email in present(emails))


# Time.


def month_of(moment: datetime) -> str:
    """Return the calendar month of a moment in UTC."""
    return f"{moment:%Y-%m}"


def last_months(as_of: datetime, size: int) -> list[str]:
    """Return the last calendar months up to and with that of `as_of`, ascending."""
    year, month = as_of.year, as_of.month
    found: list[str] = []
    while len(found) < size:
        found.append(f"{year:04}-{month:02}")
        year, month = (year - 1, 12) if month == 1 else (year, month - 1)
    return found[::-1]


def monthly(moments: Iterable[datetime | None], as_of: datetime, size: int = 12) -> dict[str, int]:
    """Count the moments up to `as_of` in each of the last months."""
    counts = dict.fromkeys(last_months(as_of, size), 0)
    for moment in known(moments):
        if moment <= as_of and month_of(moment) in counts:
            counts[month_of(moment)] += 1
    return counts


def age(birth: date | None, day: date) -> int | None:
    """Return the years completed on `day`; who is not born yet has none."""
    if birth is None or birth > day:
        return None
    # Born on 29 February: (2, 28) is before the birthday and (3, 1) is not.
    before_birthday = (day.month, day.day) < (birth.month, birth.day)
    return day.year - birth.year - before_birthday


def age_group(years: int) -> str:
    """Return the group of an age."""
    return next(name for name, group in AGE_GROUPS.items() if years in group)


def age_groups(births: Iterable[date | None], day: date) -> dict[str, int]:
    """Count the ages of each group, every group being there."""
    counts = dict.fromkeys(AGE_GROUPS, 0)
    for years in known(age(birth, day) for birth in births):
        counts[age_group(years)] += 1
    return counts
