"""One box over every store: what each kind of row answers to what a person types, best first."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.apps import apps
from django.db.models import Case, Model, Q, QuerySet, Value, When
from django.utils.text import capfirst

from core import rights
from core.overview import Finder, declared
from core.text import compactar, normalizar
from reportes import columnas
from reportes.almacenes import told

SHOWN, SUGGESTED = 8, 4
SHORTEST = 2
LONGEST = 100
EXACT, BEGINS, HAS = range(3)


@dataclass(frozen=True)
class Hit:
    title: str
    detail: str
    url: str


@dataclass
class Kind:
    """The rows of one model that answer, and where to read the rest of them."""

    title: str
    icon: str
    hits: list[Hit] = field(default_factory=list)
    more_url: str = ""
    problem: str = ""
    rank: int = HAS


def is_short(term: str) -> bool:
    """Whether `term` says too little to look for."""
    return len(compactar(term)) < SHORTEST


def search(user: Any, term: str, shown: int = SHOWN) -> list[Kind]:
    """Return what `user` may see of what `term` finds: one query a kind, those it names exactly first."""
    term = "".join(c for c in term if c.isprintable()).strip()[:LONGEST]
    if is_short(term):
        return []
    kinds = [
        _kind(finder, user, term, shown)
        for finder in sorted(declared("FINDERS"), key=lambda finder: finder.order)
        if rights.may(user, "view", apps.get_model(finder.model))
    ]
    found = [kind for kind in kinds if kind.hits or kind.problem]
    return sorted(found, key=lambda kind: kind.rank != EXACT)


def _kind(finder: Finder, user: Any, term: str, shown: int) -> Kind:
    model = apps.get_model(finder.model)
    kind = Kind(capfirst(str(model._meta.verbose_name_plural)), finder.icon)
    found, kind.problem = told(model, lambda: list(_found(finder, user, term)[: shown + 1]))
    if found:
        kind.hits = [_hit(finder, user, row) for row in found[:shown]]
        kind.rank = found[0]._rank
        if len(found) > shown:
            kind.more_url = columnas.address_of_list(model, urlencode({"q": term}))
    return kind


def _found(finder: Finder, user: Any, term: str) -> QuerySet[Any]:
    # The scan of one column of text takes 20 ms for 100,000 rows, less than walking an index in the
    # order of the answer where little is found.
    rows = rights.readable(user, apps.get_model(finder.model)).matching(term)  # type: ignore[attr-defined]
    if finder.related:
        rows = rows.select_related(*finder.related)
    ranked = rows.annotate(_rank=_rank(finder, term))
    return ranked.order_by("_rank", "-creado", "-id")  # type: ignore[no-any-return]


def _rank(finder: Finder, term: str) -> Case:
    compact = compactar(term)
    written = {term, term.upper(), term.lower(), compact, compact.upper()}
    exact = Q(*((f"{column}__in", written) for column in finder.exact), _connector=Q.OR)
    begins = When(busqueda__startswith=normalizar(term), then=Value(BEGINS))
    known = [When(exact, then=Value(EXACT))] if finder.exact else []
    return Case(*known, begins, default=Value(HAS))


def _hit(finder: Finder, user: Any, row: Model) -> Hit:
    about: Model = getattr(row, finder.to) if finder.to else row
    return Hit(str(row), columnas.words(row, finder.detail), columnas.address(user, about))
