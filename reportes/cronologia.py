"""What has happened to all that is of a cliente, told by the history of each store, newest first."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
from typing import Any, Self
from uuid import UUID

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db.models import Model, Q, QuerySet
from django.utils.dateparse import parse_datetime
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from core import rights
from core.overview import Section, declared
from reportes import columnas
from reportes.almacenes import told
from reportes.ficha import Owner, of_owner, theirs

SHOWN = 20
WORDS = {"+": _("Alta"), "~": _("Cambio"), "-": _("Baja")}


@dataclass(frozen=True)
class Moment:
    """Up to where the history has been told: what follows is older."""

    at: datetime
    key: UUID

    def __str__(self) -> str:
        return f"{self.at.isoformat()}~{self.key}"

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """Return the moment that an address names; None where it names none."""
        when, _separator, key = text.partition("~")
        try:
            at = parse_datetime(when)
            return cls(at, UUID(key)) if at and at.tzinfo else None
        except ValueError:
            return None


@dataclass(frozen=True)
class Event:
    """One thing that happened to one row."""

    at: datetime
    key: UUID
    user_id: int | None
    what: str
    kind: str
    title: str
    detail: str
    url: str


@dataclass
class Timeline:
    events: list[Event] = field(default_factory=list)
    next: Moment | None = None
    problems: list[str] = field(default_factory=list)
    people: dict[int, Any] = field(default_factory=dict)

    @property
    def lines(self) -> list[tuple[Event, Any]]:
        """Each event with the person who did it; None where nobody known did."""
        return [(event, self.people.get(event.user_id or 0)) for event in self.events]


def timeline(owner: Owner, before: Moment | None = None) -> Timeline:
    """Return a page of what happened, before a moment: one query for each kind of row."""
    told_all = Timeline()
    events: list[Event] = []
    for section in [Section(owner.model._meta.label, of=("id",)), *declared("SECTIONS")]:
        model = apps.get_model(section.model)
        if not rights.may(owner.user, "view", model):
            continue
        found, problem = told(model, lambda s=section: _events(s, owner, before))  # type: ignore[misc]
        events += found or []
        if problem and problem not in told_all.problems:
            told_all.problems.append(problem)
    events.sort(key=attrgetter("at", "key"), reverse=True)
    told_all.events = events[:SHOWN]
    if len(events) > SHOWN:
        last = told_all.events[-1]
        told_all.next = Moment(last.at, last.key)
    told_all.people = _people(told_all.events)
    return told_all


def _events(section: Section, owner: Owner, before: Moment | None) -> list[Event]:
    records = _history(section, owner)
    if section.related:
        records = records.select_related(*section.related)
    if before:
        same = Q(history_date=before.at, history_id__lt=before.key)
        records = records.filter(Q(history_date__lt=before.at) | same)
    newest = records.order_by("-history_date", "-history_id")[: SHOWN + 1]
    return [_event(record, section.related) for record in newest]


def _history(section: Section, owner: Owner) -> QuerySet[Any]:
    model: Any = apps.get_model(section.model)
    if rights.limits_of(owner.user):
        # Of what they see now: a row that is gone is nobody's.
        return model.history.filter(id__in=theirs(section, owner).values("pk"))  # type: ignore[no-any-return]
    return model.history.filter(of_owner(section, owner))  # type: ignore[no-any-return]


def _event(record: Any, related: Sequence[str]) -> Event:
    row = _row(record, related)
    estado = getattr(record, "get_estado_display", None)
    details = [estado() if estado else "", record.history_change_reason or ""]
    return Event(
        at=record.history_date,
        key=record.history_id,
        user_id=record.history_user_id,
        what=str(WORDS[record.history_type]),
        kind=capfirst(str(row._meta.verbose_name)),
        title=str(row),
        detail=" · ".join(filter(None, details)),
        url=columnas.address_of_history(row),
    )


def _row(record: Any, related: Sequence[str]) -> Model:
    """Return the row as it was, with those of its relations that came with the record."""
    # Not record.instance, which asks the store again for the columns that the history leaves out.
    kept = {f.attname: getattr(record, f.attname) for f in record.tracked_fields}
    row: Model = record.instance_type(**kept)
    for name in {path.partition("__")[0] for path in related}:
        if (target := getattr(record, name)) is not None:
            row._state.fields_cache[name] = target
    return row


def _people(events: Sequence[Event]) -> dict[int, Any]:
    keys = {event.user_id for event in events if event.user_id is not None}
    return dict(get_user_model()._default_manager.in_bulk(keys))
