"""What a page may be asked for: a snapshot, a period and a day, all of them in its address."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Any, Final
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from analitica import sources
from analitica.endpoints import Endpoint
from analitica.failures import Unanswered, UnknownSnapshot, told
from analitica.metrics import ENDPOINTS
from analitica.paginas.declarations import Tema
from analitica.parameters import BOUNDS, BadParameters, asked
from analitica.reading import Asked
from analitica.sources import Source
from ingestion.lake import lake
from ingestion.snapshots import manifest

MONTHS, HOURS = (3, 6, 12, 24, 36), (24, 168, 720)
DEFAULTS: Final = {"meses": "12", "horas": "168"}
SNAPSHOTS = 24
# What the addresses of the pages say, and what the questions do.
PARAMETERS: Final = {"meses": "months", "horas": "hours", "fecha": "as_of"}


@dataclass
class Field:
    """A control of the form; without options it is a date."""

    name: str
    label: str
    value: str
    options: Sequence[tuple[str, str]] = ()
    error: str = ""
    help: str = ""


@dataclass
class Choice:
    """What was chosen for a page; without `source`, `problem` says why there is nothing to show."""

    query: Mapping[str, str]
    tema: Tema | None = None
    source: Source | None = None
    problem: str = ""
    status: int = 200
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, query: Mapping[str, str], tema: Tema | None = None) -> "Choice":
        """Find the source, and judge the rest; what is empty is as if it were not said."""
        names = ("snapshot", *PARAMETERS)
        said = {name: query.get(name, "").strip() for name in names}
        choice = cls({name: value for name, value in said.items() if value}, tema)
        choice._find()
        choice._judge()
        if choice.errors:
            choice.status = 400
        return choice

    @property
    def is_sound(self) -> bool:
        return self.source is not None and not self.errors

    @property
    def day(self) -> date | None:
        """The day that stands for now, where one was chosen."""
        if "fecha" not in self.query or not self.source or self.errors:
            return None
        return asked({"as_of": self._as_of}, (), now=self.source.moment).as_of.date()

    @property
    def address(self) -> str:
        """What was chosen, as another address takes it."""
        return f"?{urlencode(self.query)}" if self.query else ""

    def asked(self, endpoint: Endpoint, source: Source) -> Asked:
        return asked(self._said, endpoint.asks, now=source.moment)

    def period(self, endpoint: Endpoint) -> str:
        """Return the period that the answers of `endpoint` are about; "" for those that take none."""
        if "months" in endpoint.asks:
            months = int(self._value("meses"))
            return ngettext("El último mes.", "Los últimos %(n)s meses.", months) % {"n": months}
        if "hours" in endpoint.asks:
            return _("Las últimas %(hours)s horas.") % {"hours": int(self._value("horas"))}
        return ""

    def fields(self) -> list[Field]:
        """Return the controls that change something of the page."""
        asks = (
            {name for path in self.tema.endpoints for name in ENDPOINTS[path].asks}
            if self.tema
            else ()
        )
        found = [self._snapshots()]
        if "months" in asks:
            found.append(self._numbers("meses", _("Meses"), MONTHS, _("%(n)s meses")))
        if "hours" in asks:
            found.append(self._numbers("horas", _("Horas"), HOURS, _("%(n)s horas")))
        day = self.day.isoformat() if self.day else self.query.get("fecha", "")
        help_ = _("Hace de hoy en los plazos; en blanco, la fecha de los datos.")
        found.append(Field("fecha", _("Como si fuera el"), day, help=help_))
        for each in found:
            each.error = self.errors.get(each.name, "")
        return found

    def _find(self) -> None:
        try:
            wanted = self.query.get("snapshot")
            self.source = sources.snapshot(wanted) if wanted else sources.current()
        except UnknownSnapshot:
            said = _("En el lago no hay ningún snapshot %(id)s.")
            self.errors["snapshot"] = said % {"id": self.query["snapshot"]}
        except Unanswered as failure:
            self.problem, self.status = failure.words, failure.status

    def _judge(self) -> None:
        ours = {theirs: name for name, theirs in PARAMETERS.items()}
        try:
            asked(self._said, ("months", "hours"), now=timezone.now())
        except BadParameters as refusal:
            for detail in refusal.detail:
                self.errors[ours[detail["loc"][-1]]] = of_parameter(detail)

    @property
    def _said(self) -> dict[str, str]:
        said = {PARAMETERS[name]: value for name, value in self.query.items() if name in PARAMETERS}
        return said | ({"as_of": self._as_of} if "as_of" in said else {})

    @property
    def _as_of(self) -> str:
        # A day is chosen to see it whole; months and days of the figures are UTC.
        said = self.query["fecha"]
        return said if {"T", " "} & set(said) else f"{said}T23:59:59Z"

    def _value(self, name: str) -> str:
        return self.query.get(name, DEFAULTS[name])

    def _numbers(self, name: str, label: str, offered: Sequence[int], text: str) -> Field:
        value = self._value(name)
        options = [(str(n), text % {"n": n}) for n in offered]
        if value not in dict(options):
            options.append((value, text % {"n": value}))
        return Field(name, label, value, options)

    def _snapshots(self) -> Field:
        value = self.query.get("snapshot", "")
        try:
            with told():
                found = list(islice(manifest.complete_ids(lake()), SNAPSHOTS))
        except Unanswered:
            found = []  # the page says why the lake can't be read
        if value and value not in found:
            found.append(value)
        options = [("", _("El último")), *((each, _when(each)) for each in found)]
        return Field("snapshot", _("Snapshot"), value, options)


def _when(snapshot_id: str) -> str:
    if not manifest.ID.fullmatch(snapshot_id):
        return snapshot_id
    try:
        moment = timezone.localtime(manifest.moment_of(snapshot_id))
    except (ValueError, OverflowError):
        return snapshot_id
    return date_format(moment, "SHORT_DATETIME_FORMAT")


def of_parameter(detail: Mapping[str, Any]) -> str:
    """Return what is wrong with a parameter, in the words of who reads the pages."""
    if detail["type"] == "value_error.datetime":
        return _("No es una fecha: escríbala como 2026-12-31.")
    if detail["type"] == "type_error.integer":
        return _("No es un número entero.")
    least, most = BOUNDS[detail["loc"][-1]]
    return _("Debe estar entre %(least)s y %(most)s.") % {"least": least, "most": most}
