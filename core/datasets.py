"""What a domain lets out of the house, said column by column."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

Database = Literal["mysql", "postgresql", "mongodb", "cassandra"]
Treatment = Literal["plain", "masked", "pseudonym", "dropped"]


@dataclass(frozen=True)
class Dataset:
    """One table of the lake, read from the engine of the store that holds `model`.

    `database` is the lake's prefix, `columns` maps each lake column to a field path of the model (`__`
    crosses a ForeignKey inside the store), and `personal` says what the lake gets of each column that
    holds personal data. A field reaches the lake only when it is written here.
    """

    database: Database
    table: str
    model: str
    columns: Mapping[str, str]
    personal: Mapping[str, Treatment] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True)
class Personal:
    """Which fields of a model hold personal data, and which of its texts and dates don't.

    A column of a dataset that reads one of `fields` says in `personal` what the lake gets of it, `plain`
    too; each text without choices and each date of the model is in one of the two.
    """

    model: str
    fields: Collection[str] = ()
    others: Collection[str] = ()
