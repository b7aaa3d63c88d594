"""The SELECT of a dataset, for every engine that joins."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.constants import LOOKUP_SEP

from ingestion.schema import Column, LakeTable

# Of a UUID's digits, where an engine keeps them without dashes: from which, and how many.
HEX_GROUPS = ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))

Ends = tuple[str | None, str | None]  # after one key, up to another; None where there is no end


def select(
    table: LakeTable,
    connection: BaseDatabaseWrapper,
    expression: Callable[[Column, str], str],
    *,
    row: Callable[[Sequence[str]], str] = ", ".join,
    between: Ends = (None, None),
) -> str:
    """Return the query of the table's columns, by primary key; `expression` puts each one in text.

    `row` makes what is selected of those expressions.
    """
    assert table.model is not None
    joins = _Joins(table.model, connection.ops.quote_name)
    columns = [
        expression(column, joins.column(column.path.split(LOOKUP_SEP)[:-1], column.field))
        for column in table.columns
    ]
    key = joins.column([], table.model._meta.pk)
    bounds = [
        f"{key} {sign} {_literal(end)}"
        for sign, end in zip((">", "<="), between, strict=True)
        if end is not None
    ]
    where = f" WHERE {' AND '.join(bounds)}" if bounds else ""
    return f"SELECT {row(columns)} FROM {joins}{where} ORDER BY {key}"


def last_of(
    table: LakeTable, connection: BaseDatabaseWrapper, rows: int, *, after: str | None
) -> str:
    """Return the query of the key that ends a range of so many rows; it answers none where fewer are left."""
    assert table.model is not None
    joins = _Joins(table.model, connection.ops.quote_name)
    key = joins.column([], table.model._meta.pk)
    where = f" WHERE {key} > {_literal(after)}" if after is not None else ""
    return f"SELECT {key} FROM {joins}{where} ORDER BY {key} LIMIT 1 OFFSET {rows - 1}"


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


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
