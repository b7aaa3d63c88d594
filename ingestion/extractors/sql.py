"""The SELECT of a dataset, for every engine that joins."""

from collections.abc import Callable
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.constants import LOOKUP_SEP

from ingestion.schema import Column, LakeTable

# Of a UUID's digits, where an engine keeps them without dashes: from which, and how many.
HEX_GROUPS = ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))


def select(
    table: LakeTable,
    connection: BaseDatabaseWrapper,
    expression: Callable[[Column, str], str],
) -> str:
    """Return the query of the table's columns, by primary key; `expression` puts each one in text."""
    assert table.model is not None
    quote = connection.ops.quote_name
    joins = _Joins(table.model, quote)
    columns = [
        expression(column, joins.column(column.path.split(LOOKUP_SEP)[:-1], column.field))
        for column in table.columns
    ]
    key = joins.column([], table.model._meta.pk)
    return f"SELECT {', '.join(columns)} FROM {joins} ORDER BY {key}"


class _Joins:
    """The tables that the paths cross, each joined once, under an alias of its own."""

    def __init__(self, model: Any, quote: Callable[[str], str]) -> None:
        self.quote = quote
        self.known: dict[tuple[str, ...], tuple[str, Any]] = {(): ("t0", model)}
        self.clauses = [f"{quote(model._meta.db_table)} t0"]

    def column(self, crossed: list[str], field: Any) -> str:
        alias, _model = self._joined(tuple(crossed))
        return f"{alias}.{self.quote(field.column)}"

    def _joined(self, crossed: tuple[str, ...]) -> tuple[str, Any]:
        if crossed not in self.known:
            holder, model = self._joined(crossed[:-1])
            reference = model._meta.get_field(crossed[-1])
            target, alias = reference.related_model, f"t{len(self.known)}"
            here, there = self.quote(reference.column), self.quote(reference.target_field.column)
            self.clauses.append(
                f"LEFT JOIN {self.quote(target._meta.db_table)} {alias} "
                f"ON {holder}.{here} = {alias}.{there}"
            )
            self.known[crossed] = alias, target
        return self.known[crossed]

    def __str__(self) -> str:
        return " ".join(self.clauses)
