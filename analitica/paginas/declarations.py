"""What a page of the section is made of: its figures and its charts, each a section of an answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise

from analitica.paginas.names import STORED, Names

Text = str | Promise


class Kind(StrEnum):
    BARS = "bar"
    ROWS = "rows"  # bars that lie, for names
    LINE = "line"
    DOUGHNUT = "doughnut"


class Form(StrEnum):
    """How a figure reads."""

    COUNT = "count"
    MONEY = "money"
    PERCENT = "percent"
    NUMBER = "number"
    HOUR = "hour"
    TEXT = "text"
    FLAG = "flag"


@dataclass(frozen=True)
class Columna:
    """A column of the table: `key` is the figure of each row, "" where the row is only one.

    The chart draws those that are `drawn`, or the first that is a figure where none is.
    """

    heading: Text
    key: str = ""
    form: Form = Form.COUNT
    drawn: bool = False


@dataclass(frozen=True)
class Grafico:
    """A chart and its table: what `endpoint` answers in `section`, whose parts are apart by dots.

    The section is a map of names to a figure or to several, or a list whose objects take their name from
    the first of `named_by` that they have. `only` are the keys that are shown; none stands for all. The
    names of a list lead to the page of `model`, whose key each object has in `key`.
    """

    slug: str
    title: Text
    endpoint: str
    section: str
    kind: Kind
    of: Text  # the heading of the names
    columns: Sequence[Columna]
    names: Names = STORED
    named_by: Sequence[str] = ()
    only: Sequence[str] = ()
    note: Text = ""
    model: str = ""
    key: str = ""


@dataclass(frozen=True)
class Cruce(Grafico):
    """A map of names to maps: the keys of the inner ones are the rows, the first names the columns."""

    inner: str = ""
    shown: int = 6


@dataclass(frozen=True)
class Cifra:
    label: Text
    endpoint: str
    key: str
    form: Form = Form.COUNT


@dataclass(frozen=True)
class Tema:
    slug: str
    title: Text
    description: Text
    icon: str
    cifras: Sequence[Cifra]
    graficos: Sequence[Grafico]

    @property
    def endpoints(self) -> Sequence[str]:
        charts = [grafico.endpoint for grafico in self.graficos]
        return list(dict.fromkeys(charts + [cifra.endpoint for cifra in self.cifras]))

    @property
    def has_money(self) -> bool:
        forms = {column.form for grafico in self.graficos for column in grafico.columns}
        return Form.MONEY in forms | {cifra.form for cifra in self.cifras}


def counted(heading: Text) -> Sequence[Columna]:
    """Return the only column of a map of names to counts."""
    return [Columna(heading)]
