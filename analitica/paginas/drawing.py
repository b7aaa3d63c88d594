"""What the script needs to draw a chart: the same figures as the table's, fewer where they don't fit."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from analitica.paginas.declarations import Columna, Form, Grafico, Kind
from analitica.paginas.rows import TEXTS, Row, Table, told

BARS, SLICES = 15, 7  # as many as can be told apart

Drawing = dict[str, Any]


def drawing(grafico: Grafico, table: Table) -> Drawing | None:
    """Return the labels and the series of a chart; None where there is nothing but zeros."""
    if not table.rows:
        return None
    drawn = _drawn(table.columns)
    rows = _fitting(grafico.kind, table, drawn)
    series = [_series(table.columns[place], [row.values[place] for row in rows]) for place in drawn]
    if not any(value for each in series for value in each["values"]):
        return None
    return {"kind": grafico.kind, "labels": _labels(table.columns, rows), "series": series}


def left_out(grafico: Grafico, table: Table) -> int:
    """Return how many rows of the table the chart has no place for."""
    return max(0, len(table.rows) - BARS) if grafico.kind == Kind.ROWS else 0


def _drawn(columns: Sequence[Columna]) -> list[int]:
    chosen = [place for place, column in enumerate(columns) if column.drawn]
    return chosen or [
        next(place for place, column in enumerate(columns) if column.form not in TEXTS)
    ]


def _fitting(kind: Kind, table: Table, drawn: Sequence[int]) -> Sequence[Row]:
    if kind == Kind.ROWS:
        return table.rows[:BARS]
    if kind != Kind.DOUGHNUT or len(table.rows) <= SLICES + 1:
        return table.rows
    rest = table.rows[SLICES:]
    sums = [
        sum(row.values[place] or 0 for row in rest) if place in drawn else None
        for place in range(len(table.columns))
    ]
    others = _("Los demás")
    return [*table.rows[:SLICES], Row(others, others, sums)]


def _labels(columns: Sequence[Columna], rows: Sequence[Row]) -> list[str]:
    """Return the names of the rows; where two share one, each after its first text, such as a code."""
    names = [row.name for row in rows]
    text = next((place for place, column in enumerate(columns) if column.form == Form.TEXT), None)
    if text is None or len(set(names)) == len(names):
        return names
    return [f"{row.values[text]} · {row.name}" if row.values[text] else row.name for row in rows]


def _series(column: Columna, values: Sequence[Any]) -> dict[str, Any]:
    return {
        "label": str(column.heading),
        "values": values,
        "texts": [told(value, column.form) for value in values],
        "whole": column.form == Form.COUNT,
        "unit": "%" if column.form == Form.PERCENT else "",
    }
