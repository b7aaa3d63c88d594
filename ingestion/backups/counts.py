"""How what is there stands to what a backup has."""

from dataclasses import astuple, dataclass
from typing import Self


@dataclass(frozen=True)
class Counts:
    """Rows of a backup that are `absent` from a store, `equal` in it or `different`; and its `extra` ones."""

    absent: int = 0
    equal: int = 0
    different: int = 0
    extra: int = 0

    def __add__(self, other: Self) -> Self:
        return type(self)(*map(sum, zip(astuple(self), astuple(other), strict=True)))

    @property
    def copied(self) -> int:
        """Rows that the backup has."""
        return self.absent + self.equal + self.different
