"""The questions that the analytics answer: each is a function of a Reading, under an address."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from analitica.reading import Reading
from analitica.tables import ALL

Answer = dict[str, Any]
Metric = Callable[[Reading], Answer]


@dataclass(frozen=True)
class Endpoint:
    """`reads` are the tables that must be there; `optional` has, by section, the column that it can't do without.

    `asks` names the parameters that it takes beside `as_of`.
    """

    path: str
    reads: Sequence[str]
    metric: Metric
    asks: Sequence[str] = ()
    optional: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def answer(self, reading: Reading) -> Answer:
        """Return the answer; a section that needs a column which the lake lacks is None."""
        reading.require(self.reads)
        found = self.metric(reading)
        for section, columns in self.optional.items():
            if not all(reading.has(*column.split(".")) for column in columns):
                found[section] = None
        return found


ENDPOINTS: dict[str, Endpoint] = {}


def endpoint(
    path: str, *reads: str, asks: Sequence[str] = (), **optional: str | Sequence[str]
) -> Callable[[Metric], Metric]:
    """Register a function as what answers `path`; `optional` names, by section, `table.column`."""

    def register(metric: Metric) -> Metric:
        in_order = [table.path for table in ALL if table.path in reads]
        needed = {
            section: [columns] if isinstance(columns, str) else columns
            for section, columns in optional.items()
        }
        ENDPOINTS[path] = Endpoint(path, in_order, metric, asks, needed)
        return metric

    return register
