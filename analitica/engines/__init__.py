"""What runs the questions: each engine says its dialect, how it reads a table, and runs SQL."""

from collections.abc import Sequence
from functools import cache
from importlib import import_module
from typing import Any, Protocol

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from sqlglot.expressions import Query

from analitica.sources import Source
from analitica.tables import Table


class Engine(Protocol):
    """`compiler` is Ibis's for the dialect of the engine."""

    compiler: Any

    def columns(self, table: Table, source: Source) -> frozenset[str]:
        """Return the columns that `table` has in `source`, or raise Unanswered."""
        ...

    def relation(self, table: Table, source: Source) -> Query:
        """Return the query of every column of `table`, in its type; null where the lake lacks it."""
        ...

    def rows(self, sql: str) -> Sequence[Sequence[Any]]:
        """Return what `sql` answers, or raise Unanswered where nobody does."""
        ...


def engine() -> Engine:
    """Return the engine that ANALYTICS_ENGINE names."""
    return _engine(settings.ANALYTICS_ENGINE)


@cache
def _engine(name: str) -> Engine:
    kind, _colon, address = name.partition("://")
    classes = {"duckdb": "DuckDB", "spark": "Spark", "athena": "Athena", "trino": "Trino"}
    if kind not in classes or bool(address) != (kind == "trino"):
        raise ImproperlyConfigured(
            "ANALYTICS_ENGINE: se espera duckdb, spark, athena o trino://usuario@servidor:puerto/catálogo."
        )
    try:
        # Each needs what no other does: what is in requirements/engines.txt.
        module = import_module(f"analitica.engines.{kind}")
    except ImportError as missing:
        raise ImproperlyConfigured(
            f"ANALYTICS_ENGINE: para {kind} falta {missing.name}, que está en requirements/engines.txt."
        ) from None
    made: Engine = getattr(module, classes[kind])(*([name] if address else []))
    return made
