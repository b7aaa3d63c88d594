"""The mapping: how somebody else's portfolio becomes ours."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from uuid import NAMESPACE_URL, UUID, uuid5

from ingestion.portfolio.kinds import KINDS, Kind
from ingestion.portfolio.parsing import Numbers
from ingestion.portfolio.values import ANY, Reference, Row, Source, Value, columns_of

NAMESPACE = uuid5(NAMESPACE_URL, "cartera:import_portfolio")
ORDER = list(KINDS)


@dataclass(frozen=True)
class FileForm:
    """How one of the files is written: its separator, its encoding, and the form of each date."""

    separator: str = ","
    encoding: str = "utf-8"
    dates: Mapping[str, str] | None = None


@dataclass(frozen=True, eq=False)
class Section:
    """How each line of a file makes one row of a kind, if it does."""

    kind: Kind
    file: str
    key: tuple[str, ...]
    when: Mapping[str, frozenset[str]]
    fields: Mapping[str, Source]

    def applies(self, row: Row) -> bool:
        """Whether the line speaks of such a row."""
        return all(
            row.cells[name] in allowed or (ANY in allowed and row.cells[name] != "")
            for name, allowed in self.when.items()
        )

    def columns(self) -> Iterator[str]:
        yield from self.key
        yield from self.when
        for source in self.fields.values():
            yield from columns_of(source)

    @cached_property
    def smallest(self) -> list[str]:
        """Return the fields that take the smallest value of all the lines of a row, not the first."""
        return [
            n for n, source in self.fields.items() if isinstance(source, Value) and source.smallest
        ]

    @cached_property
    def references(self) -> list[tuple[str, Reference]]:
        return [(n, source) for n, source in self.fields.items() if isinstance(source, Reference)]


@dataclass(frozen=True)
class PortfolioMapping:
    """A mapping, read and found sound."""

    name: str
    numbers: Numbers
    files: Mapping[str, FileForm]
    sections: tuple[Section, ...]

    @property
    def reason(self) -> str:
        """What the history of each imported row says; it tells the import's changes from people's."""
        return f"import_portfolio {self.name}"

    def key(self, kind: str, parts: tuple[str, ...]) -> UUID:
        """Return the id of the row that the origin knows by `parts`: the same on every run."""
        return _key("\x1f".join((self.name, kind, *parts)))

    def sections_of(self, file: str) -> list[Section]:
        """Return what the lines of `file` make, each after what it refers to."""
        found = [section for section in self.sections if section.file == file]
        return sorted(found, key=lambda section: ORDER.index(section.kind.name))

    def columns_of(self, file: str) -> list[str]:
        """Return the columns that `file` must have."""
        sections = self.sections_of(file)
        return list(dict.fromkeys(name for section in sections for name in section.columns()))


# A line names its póliza and its cliente many times.
@lru_cache(maxsize=8192)
def _key(name: str) -> UUID:
    return uuid5(NAMESPACE, name)
