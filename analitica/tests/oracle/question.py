"""What an endpoint is asked: over which lake, and as of which moment."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pandas as pd

from analitica.tests.oracle import figures
from analitica.tests.oracle.values import known, typed


@dataclass(frozen=True)
class Question:
    """A question to the lake; `as_of` is in UTC."""

    tables: Mapping[str, pd.DataFrame]
    as_of: datetime
    months: int
    hours: int

    @property
    def day(self) -> date:
        return self.as_of.date()

    @property
    def written_as_of(self) -> str:
        return f"{self.as_of:%Y-%m-%dT%H:%M:%SZ}"

    def table(self, name: str) -> pd.DataFrame:
        return typed(self.tables[name])

    def clients(self) -> pd.DataFrame:
        """Return the clients with `key`, that by which policies and payments know them."""
        clients = self.table("mysql/clients")
        clients["key"] = clients["id" if "id" in clients else "user_id"]
        return clients

    def within(self, moment: datetime | None, span: timedelta) -> bool:
        """Say whether a moment is in (as_of - span, as_of]."""
        return moment is not None and self.as_of - span < moment <= self.as_of

    def recent(self, moments: Iterable[datetime | None]) -> int:
        """Count the moments in the 30 days up to `as_of`."""
        return sum(self.within(moment, timedelta(days=30)) for moment in moments)

    def monthly(self, moments: Iterable[datetime | None], size: int = 12) -> dict[str, int]:
        return figures.monthly(moments, self.as_of, size)

    def by_month(self, frame: pd.DataFrame, column: str, size: int) -> dict[str, pd.DataFrame]:
        """Return the rows up to `as_of` of each of the last months."""
        months = [
            figures.month_of(moment) if moment is not None and moment <= self.as_of else None
            for moment in frame[column]
        ]
        return {
            month: frame[pd.Series([found == month for found in months], frame.index, dtype=bool)]
            for month in figures.last_months(self.as_of, size)
        }


def groups(frame: pd.DataFrame, column: str) -> dict[str, pd.DataFrame]:
    """Return the rows of each key of `column` that is not null, whether or not the key has a row."""
    return dict(iter(frame.groupby(column)))


def by_key(frame: pd.DataFrame, column: str = "id") -> dict[str, dict[str, Any]]:
    """Return the row of each key that is not null; the first, should a key have several."""
    rows: dict[str, dict[str, Any]] = {}
    for row in frame.to_dict("records"):
        if row[column] is not None:
            rows.setdefault(row[column], row)
    return rows


def orphans(frame: pd.DataFrame, column: str, keys: Iterable[str]) -> int:
    """Count the rows whose key is null or not among `keys`."""
    there = set(known(keys))
    return sum(key not in there for key in frame[column])


def full_name(row: Mapping[str, Any]) -> str | None:
    """Join the names that are not null; None without both."""
    return " ".join(known([row["first_name"], row["last_name"]])) or None
