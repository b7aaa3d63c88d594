"""The answers that a page shows: each is asked once, and one that fails leaves the others."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.utils.translation import gettext as _

from analitica.answers import Question, answers
from analitica.failures import Unanswered
from analitica.metrics import ENDPOINTS
from analitica.paginas.choosers import Choice
from analitica.paginas.declarations import Cifra, Grafico, Tema
from analitica.paginas.drawing import Drawing, drawing, left_out
from analitica.paginas.rows import NOTHING, Table, dig, table, told
from analitica.scope import Scope
from analitica.sources import Source
from core import rights

Answer = Mapping[str, Any]


@dataclass(frozen=True)
class Figure:
    label: str
    value: str


@dataclass(frozen=True)
class Panel:
    """A chart as the page shows it: `problem` where it can't."""

    grafico: Grafico
    notes: str = ""
    table: Table | None = None
    drawing: Drawing | None = None
    problem: str = ""
    status: int = 200
    leads_to: str = ""  # the page of a row of the table, by the name of its address

    @property
    def is_wide(self) -> bool:
        return self.table is not None and len(self.table.columns) > 3

    @property
    def data_id(self) -> str:
        """Where the page keeps what its script draws."""
        return f"datos-{self.grafico.slug}"


class Answered:
    """What the endpoints of a page answer to `user`."""

    def __init__(self, choice: Choice, source: Source, user: Any, scope: Scope) -> None:
        self._choice, self._source = choice, source
        self._user, self._scope = user, scope
        self._known: dict[str, Answer | Unanswered] = {}

    def to(self, path: str) -> Answer:
        """Return the answer of an endpoint, or raise Unanswered."""
        if path not in self._known:
            self._known[path] = self._ask(path)
        found = self._known[path]
        if isinstance(found, Unanswered):
            raise found
        return found

    def _ask(self, path: str) -> Answer | Unanswered:
        endpoint, source = ENDPOINTS[path], self._source
        question = Question(endpoint, source, self._choice.asked(endpoint, source), self._scope)
        try:
            found: Answer = json.loads(answers.to(question))
        except Unanswered as failure:
            return failure
        return found

    def panels(self, tema: Tema) -> list[Panel]:
        return [self.panel(grafico) for grafico in tema.graficos]

    def panel(self, grafico: Grafico) -> Panel:
        try:
            found = table(grafico, self.to(grafico.endpoint))
        except Unanswered as failure:
            return Panel(grafico, problem=failure.words, status=failure.status)
        if found is None:
            said = _("El lago no tiene la columna que hace falta para esto.")
            return Panel(grafico, problem=said, status=404)
        notes = [str(grafico.note), self._choice.period(ENDPOINTS[grafico.endpoint])]
        if out := left_out(grafico, found):
            shown = {"shown": len(found.rows) - out}
            notes.append(_("Se dibujan las %(shown)s primeras filas de la tabla.") % shown)
        drawn = drawing(grafico, found)
        said = " ".join(filter(None, notes))
        return Panel(grafico, said, found, drawn, leads_to=self._page_of(grafico))

    def _page_of(self, grafico: Grafico) -> str:
        """Return the page that the names lead to; "" where nobody knows whose keys they are."""
        if not grafico.model or not self._source.published:
            return ""
        model = apps.get_model(grafico.model)
        may = rights.may(self._user, "view", model)
        return f"admin:{model._meta.app_label}_{model._meta.model_name}_change" if may else ""

    def figures(self, tema: Tema) -> list[Figure]:
        return [Figure(str(cifra.label), self._said(cifra)) for cifra in tema.cifras]

    def _said(self, cifra: Cifra) -> str:
        try:
            return told(dig(self.to(cifra.endpoint), cifra.key), cifra.form)
        except Unanswered:
            return NOTHING  # a chart of the same endpoint says why
