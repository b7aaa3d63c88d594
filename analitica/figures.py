"""What the contract calls by a name: distributions, stats, months, ages, top lists."""

import statistics
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import ibis
from ibis import _
from ibis.expr.types import BooleanValue, Column, IntegerColumn, StringColumn, Table, Value

from analitica.reading import Reading, Row

Number = int | float | None
AGE_GROUPS = ("<18", "18-25", "26-35", "36-45", "46-55", "56-65", ">65")
LAST_AGES = (17, 25, 35, 45, 55, 65)


# Numbers.


def figure(value: Any, places: int = 2) -> float | None:
    """Return `value` as it is published; None stays None."""
    return None if value is None else round(float(value), places)


def mean(total: Any, count: int) -> float | None:
    return figure(Decimal(total) / count) if count else None


def rate(part: Any, whole: Any) -> float | None:
    """Return how many per cent `part` is of `whole`."""
    return figure(100 * Decimal(part) / Decimal(whole)) if whole else None


def correlation(pairs: Sequence[tuple[Any, Any]]) -> float | None:
    """Return Pearson's r of the pairs; None where a side is constant."""
    try:
        return figure(statistics.correlation(*zip(*pairs, strict=True)), places=4)
    except statistics.StatisticsError:
        return None


# Conditions, and how many rows they hold for.


def is_missing(text: StringColumn) -> BooleanValue:
    """Whether a text is null or nothing but white space."""
    return text.isnull() | (text.strip() == "")


def in_hours(moment: Column, as_of: datetime, hours: int) -> BooleanValue:
    return (moment > as_of - timedelta(hours=hours)) & (moment <= as_of)


def in_days(moment: Column, as_of: datetime, days: int) -> BooleanValue:
    return in_hours(moment, as_of, 24 * days)


def count(reading: Reading, table: Table) -> int:
    return int(reading.row(table.aggregate(n=_.count()))["n"])


def count_if(condition: BooleanValue) -> Value:
    return condition.cast("int64").sum().fill_null(0)


def count_missing(text: StringColumn) -> Value:
    return count_if(is_missing(text))


def lower(text: StringColumn) -> StringColumn:
    """Return an e-mail as two of them are compared."""
    return text.strip().lower()


def duplicates(text: StringColumn) -> Value:
    """Return how many rows say what another already says."""
    said = ibis.ifelse(is_missing(text), None, text)
    return said.count() - said.nunique()


def unmatched(reading: Reading, table: Table, column: str, target: Table) -> int:
    """Return how many rows of `table` name in `column` no row of `target`."""
    there = table.semi_join(target.select("id"), table[column] == target.id)
    return count(reading, table) - count(reading, there)


# Values.


def distribution(
    reading: Reading, table: Table, column: str, limit: int | None = None
) -> dict[str, int]:
    """Return how many rows each value has, without the missing ones; the most frequent first."""
    counted = table.group_by(value=table[column]).aggregate(n=_.count())
    ordered = counted.filter(~is_missing(_.value)).order_by(_.n.desc(), _.value)
    return {row["value"]: row["n"] for row in reading.rows(ordered.limit(limit))}


def stats(reading: Reading, table: Table, column: str) -> Row:
    """Return count, total, average, median, min and max of the values that there are."""
    values = table[column]
    found = reading.row(
        table.aggregate(
            count=values.count(), total=values.sum(), min=values.min(), max=values.max()
        )
    )
    return {
        **totals(found),
        "median": median(reading, table, column, found["count"]),
        "min": figure(found["min"]),
        "max": figure(found["max"]),
    }


def totals(row: Row) -> Row:
    """Return count, total and average of a row that has the first two."""
    return {
        "count": row["count"],
        "total": figure(row["total"]) if row["count"] else None,
        "average": mean(row["total"], row["count"]),
    }


def totals_by(reading: Reading, table: Table, key: str, column: str) -> dict[str, Row]:
    """Return count, total and average of `column` for each value of `key`; the most frequent first."""
    values = table.group_by(key=table[key]).aggregate(
        count=table[column].count(), total=table[column].sum()
    )
    ordered = values.filter(~is_missing(_.key)).order_by(_["count"].desc(), _.key)
    return {row["key"]: totals(row) for row in reading.rows(ordered)}


def median(reading: Reading, table: Table, column: str, count: int) -> float | None:
    """Return the median of the `count` values that are not null."""
    # Not every engine has an exact one, or skips rows.
    values = table.filter(table[column].notnull()).select(value=table[column])
    placed = values.mutate(place=ibis.row_number().over(order_by=values.value))
    middle = reading.rows(placed.filter(_.place.between((count - 1) // 2, count // 2)))
    return mean(sum(row["value"] for row in middle), len(middle))


def total(column: Column) -> Value:
    """Return the sum of `column`, to the cent; 0 where there is nothing."""
    return column.sum().round(2).fill_null(0)


def per_each(reading: Reading, table: Table, key: str) -> Row:
    """Return how many different keys there are, and the average and the max of their rows."""
    each = table.filter(table[key].notnull()).group_by(key).aggregate(n=_.count())
    found = reading.row(each.aggregate(count=_.count(), total=_.n.sum(), max=_.n.max()))
    return found | {"average": mean(found["total"], found["count"])}


# Time.


def months_to(as_of: datetime, n: int) -> list[str]:
    """Return the last `n` months up to that of `as_of`."""
    return [month_name(number) for number in range(_number(as_of) - n + 1, _number(as_of) + 1)]


def by_month(
    reading: Reading, table: Table, column: str, months: int = 12, **figures: Any
) -> list[tuple[str, Row]]:
    """Return each of the last months, and the `figures` of its rows; {} where it has none."""
    as_of, moment = reading.asked.as_of, table[column]
    first = _number(as_of) - months + 1
    begin = datetime(first // 12, first % 12 + 1, 1)
    within = table.filter((moment >= begin) & (moment <= as_of))
    grouped = within.group_by(month=month_number(within[column])).aggregate(**figures)
    found = {month_name(row["month"]): row for row in reading.rows(grouped)}
    return [(month, found.get(month, {})) for month in months_to(as_of, months)]


def monthly(reading: Reading, table: Table, column: str) -> dict[str, int]:
    months = by_month(reading, table, column, n=_.count())
    return {month: row.get("n", 0) for month, row in months}


def month_number(moment: Column) -> Value:
    """Return the months from the year 0 on."""
    return moment.year().cast("int64") * 12 + moment.month() - 1


def _number(moment: datetime) -> int:
    return moment.year * 12 + moment.month - 1


def month_name(number: int) -> str:
    return f"{number // 12:04}-{number % 12 + 1:02}"


# Ages.


def age(birth: Column, as_of: datetime) -> IntegerColumn:
    """Return the completed years at `as_of`; null for who is not born yet."""
    day = as_of.month * 100 + as_of.day
    ahead = (birth.month() * 100 + birth.day() > day).cast("int32")
    years = as_of.year - birth.year() - ahead
    return ibis.ifelse(birth <= as_of.date(), years, None)


def by_age(reading: Reading, table: Table, birth: str, **figures: Any) -> list[Row]:
    """Return the `figures` of each `age` that somebody has."""
    aged = table.mutate(age=age(table[birth], reading.asked.as_of))
    return reading.rows(aged.filter(aged.age.notnull()).group_by("age").aggregate(**figures))


def group_of(years: int) -> str:
    return AGE_GROUPS[sum(years > last for last in LAST_AGES)]


def age_groups(ages: Iterable[Row]) -> dict[str, int]:
    """Return how many each group has, of the `n` of each `age`."""
    groups = dict.fromkeys(AGE_GROUPS, 0)
    for row in ages:
        groups[group_of(row["age"])] += row["n"]
    return groups
