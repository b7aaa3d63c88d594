"""What a domain lets out of the house, said column by column."""

from collections.abc import Mapping
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
