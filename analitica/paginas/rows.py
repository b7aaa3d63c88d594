"""A section of an answer as a table, and each of its figures as people read it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from analitica.paginas.declarations import Columna, Cruce, Form, Grafico
from core.formats import money, whole

NOTHING = "–"
TEXTS = (Form.TEXT, Form.FLAG)


@dataclass(frozen=True)
class Row:
    """`name` is for who reads the page, `filed` for a file; `target` is the key of the row of a store."""

    name: str
    filed: str
    values: Sequence[Any]
    target: str = ""


@dataclass(frozen=True)
class Table:
    of: str
    columns: Sequence[Columna]
    rows: Sequence[Row]

    @property
    def lines(self) -> list[tuple[Row, list[tuple[str, bool]]]]:
        """Return each row and its cells: what they say, and whether they are figures."""
        return [
            (
                row,
                [
                    (told(value, column.form), column.form not in TEXTS)
                    for value, column in zip(row.values, self.columns, strict=True)
                ],
            )
            for row in self.rows
        ]

    @property
    def heads(self) -> list[tuple[str, bool]]:
        return [(str(column.heading), column.form not in TEXTS) for column in self.columns]


def table(grafico: Grafico, answer: Mapping[str, Any]) -> Table | None:
    """Return what `grafico` shows of an answer; None where the lake lacks a column that it needs."""
    section = dig(answer, grafico.section)
    if section is None:
        return None
    if isinstance(grafico, Cruce):
        return _crossed(grafico, section)
    rows = [
        _row(
            grafico,
            key,
            [_figure(found, column.key) for column in grafico.columns],
            found[grafico.key] if grafico.key else "",
        )
        for key, found in _named(grafico, section)
        if not grafico.only or key in grafico.only
    ]
    return Table(str(grafico.of), grafico.columns, rows)


def dig(answer: Any, path: str) -> Any:
    """Return what lies in `answer` at the keys that dots part; None as soon as one is None."""
    for key in filter(None, path.split(".")):
        if answer is None:
            return None
        answer = answer[key]
    return answer


def _named(grafico: Grafico, section: Any) -> list[tuple[str, Any]]:
    if isinstance(section, Mapping):
        return list(section.items())
    names = ((item[key] for key in grafico.named_by if item[key]) for item in section)
    return [(next(found, NOTHING), item) for found, item in zip(names, section, strict=True)]


def _figure(found: Any, key: str) -> Any:
    return found[key] if key else found


def _row(grafico: Grafico, key: str, values: Sequence[Any], target: str = "") -> Row:
    return Row(grafico.names.shown(key), grafico.names.filed(key), values, target)


def _crossed(grafico: Cruce, section: Mapping[str, Any]) -> Table:
    """Return the inner keys as rows; the last column has what the names beyond `shown` add up to."""
    maps = {name: found[grafico.inner] for name, found in section.items()}
    first, rest = list(maps)[: grafico.shown], list(maps)[grafico.shown :]
    [others] = grafico.columns
    columns = [Columna(name, form=others.form, drawn=True) for name in first]
    if rest:
        columns.append(Columna(others.heading, form=others.form, drawn=True))
    keys = list(maps[first[0]]) if first else []
    rows = [
        _row(
            grafico,
            key,
            [maps[name][key] for name in first]
            + [sum(maps[name][key] for name in rest)] * bool(rest),
        )
        for key in keys
    ]
    return Table(str(grafico.of), columns, rows)


def told(value: Any, form: Form) -> str:
    """Return a value as people read it."""
    if value is None or value == "":
        return NOTHING
    match form:
        case Form.TEXT:
            return str(value)
        case Form.FLAG:
            return _("Sí") if value else _("No")
        case Form.HOUR:
            return f"{value}:00"
        case Form.MONEY:
            return money(Decimal(str(value)), "")
        case Form.PERCENT:
            return f"{_decimal(value)} %"
        case Form.NUMBER:
            return _decimal(value)
    return whole(value)


def _decimal(value: float) -> str:
    text: str = number_format(Decimal(str(value)), 2, use_l10n=True, force_grouping=True)
    return text
