"""Makes rows of the models out of a line, and says what is wrong with it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.utils.translation import gettext as _

from bienes.models import Bien
from core.entities import Entity
from ingestion.portfolio.constraints import violations
from ingestion.portfolio.kinds import Kind
from ingestion.portfolio.mapping import PortfolioMapping, Section
from ingestion.portfolio.parsing import BadValue, convert
from ingestion.portfolio.report import Finding
from ingestion.portfolio.values import Document, Reference, Row, Source, Value, columns_of

CACHED = 4096


@dataclass(eq=False)
class Built:
    """A row made from a line; `values` holds what the mapping gives, by column of the model."""

    section: Section
    id: UUID
    row: Entity
    values: Mapping[str, Any]

    @property
    def kind(self) -> Kind:
        return self.section.kind


@dataclass(eq=False)
class Line:
    """What a line makes, and what is wrong with it."""

    source: Row
    built: list[Built] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def find(self, columns: list[str], reason: str) -> None:
        """Report something wrong with what these columns say."""
        cells = [self.source.cells[name] for name in columns]
        self.findings.append(
            Finding(
                self.source.file, self.source.line, " + ".join(columns), " + ".join(cells), reason
            )
        )


class Builder:
    """Makes what the lines of one file say; with `judged`, they have been found good before."""

    def __init__(self, mapping: PortfolioMapping, file: str, *, judged: bool = False) -> None:
        self.mapping, self.judged = mapping, judged
        self.sections = mapping.sections_of(file)
        self.columns = {
            section: list(dict.fromkeys(section.columns())) for section in self.sections
        }
        self.cleaned = {section: self._to_clean(section) for section in self.sections}
        self.cache: dict[tuple[Any, ...], Built] = {}
        self.choices: set[tuple[Any, Any]] = set()

    def _to_clean(self, section: Section) -> "list[tuple[str, models.Field[Any, Any]]]":
        """Return the fields to be cleaned: of a line judged before, those that cleaning changes."""
        return [
            (name, section.kind.field(name))
            for name, source in section.fields.items()
            if isinstance(source, Document) or (isinstance(source, Value) and not self.judged)
        ]

    def line(self, source: Row) -> Line:
        line = Line(source)
        for section in self.sections:
            if section.applies(source):
                line.built.extend(self._shared(section, line))
        return line

    def _shared(self, section: Section, line: Line) -> Iterator[Built]:
        """Make a row that many lines repeat only once, as long as they repeat it to the letter."""
        if not section.kind.shared:
            yield from self._built(section, line)
            return
        cells = (section, *(line.source.cells[name] for name in self.columns[section]))
        if cells not in self.cache:
            if len(self.cache) >= CACHED:
                self.cache.clear()
            for built in self._built(section, line):
                self.cache[cells] = built
        if cells in self.cache:
            yield self.cache[cells]

    def _built(self, section: Section, line: Line) -> Iterator[Built]:
        found = len(line.findings)
        key = self._key(section.kind.name, section.key, line)
        if key is None:
            reason = _("Falta la clave de %s.") % section.kind.title
            line.find(list(section.key), reason)
        values = dict(self._values(section, line))
        if key is None or len(line.findings) > found:
            return
        row = section.kind.model(id=key, **values)
        self._attach(section, row, line)
        if self._judge(section, row, line):
            kept = {name: getattr(row, name) for name in values}
            yield Built(section, key, row, kept)

    def _key(self, kind: str, columns: tuple[str, ...], line: Line) -> UUID | None:
        parts = tuple(line.source.cells[name] for name in columns)
        return self.mapping.key(kind, parts) if all(parts) else None

    def _values(self, section: Section, line: Line) -> Iterator[tuple[str, Any]]:
        for name, source in section.fields.items():
            target = section.kind.field(name)
            try:
                yield target.attname, self._value(source, target, line)
            except BadValue as bad:
                line.find(columns_of(source), f"{_title(target)}: {bad}")

    def _value(self, source: Source, target: "models.Field[Any, Any]", line: Line) -> Any:
        if isinstance(source, Reference):
            return self._reference(source, target, line)
        raw = source.of(line.source)
        return raw if isinstance(source, Document) else convert(target, raw, self.mapping.numbers)

    def _reference(self, source: Reference, target: "models.Field[Any, Any]", line: Line) -> Any:
        key = self._key(source.kind, source.key, line)
        blank = not any(line.source.cells[name] for name in source.key)
        if key is None and not (blank and target.null):
            raise BadValue(_("Falta el valor."))
        return key

    def _attach(self, section: Section, row: Entity, line: Line) -> None:
        """Let the row see what it refers to on its own line, so that its rules need no query."""
        here = {built.id: built.row for built in line.built}
        for name, _reference in section.references:
            target: Any = section.kind.field(name)
            if other := here.get(getattr(row, target.attname)):
                target.set_cached_value(row, other)

    def _judge(self, section: Section, row: Entity, line: Line) -> bool:
        """Find what the model does not take; as its clean_fields() does, leave the row cleaned."""
        found = len(line.findings)
        try:
            self._clean_fields(section, row)
            if not self.judged:
                self._clean_row(section, row, line)
        except ValidationError as refusal:
            for name, reasons in _by_field(refusal).items():
                _find(section, name, " ".join(reasons), line)
        return len(line.findings) == found

    def _clean_row(self, section: Section, row: Entity, line: Line) -> None:
        if section.kind.shared:
            row.clean()
        else:
            row.prepare()  # a constraint may speak of what it derives from its own fields
        for reason in (*violations(row), *_strangers(row)):
            line.find([], f"{section.kind.title}: {reason}")

    def _clean_fields(self, section: Section, row: Entity) -> None:
        """As the model's own clean_fields(), of what the mapping gives; a choice is judged once.

        Whether what a row refers to exists is asked for many lines at once.
        """
        errors: dict[str, ValidationError] = {}
        for name, target in self.cleaned[section]:
            value = getattr(row, name)
            if target.blank and value in target.empty_values:
                continue
            if target.choices is not None and (target, value) in self.choices:
                continue
            try:
                setattr(row, name, target.clean(value, row))
            except ValidationError as refusal:
                errors[name] = refusal
            else:
                if target.choices is not None:
                    self.choices.add((target, value))
        if errors:
            raise ValidationError(errors)


def _strangers(row: Any) -> Iterator[str]:
    """Tell of a bien whose cliente takes no part in the póliza of the same line."""
    poliza = row.poliza if isinstance(row, Bien) and Bien.poliza.is_cached(row) else None
    if poliza and row.cliente_id not in (poliza.cliente_id, poliza.asegurado_id, poliza.pagador_id):
        yield _("el cliente no es tomador, asegurado ni pagador de la póliza.")


def _by_field(refusal: ValidationError) -> dict[str, list[str]]:
    if hasattr(refusal, "error_dict"):
        return refusal.message_dict
    return {NON_FIELD_ERRORS: refusal.messages}


def _find(section: Section, name: str, reason: str, line: Line) -> None:
    if name == NON_FIELD_ERRORS:
        line.find([], f"{section.kind.title}: {reason}")
        return
    source = section.fields.get(name)
    line.find(columns_of(source) if source else [], f"{_title(section.kind.field(name))}: {reason}")


def _title(target: "models.Field[Any, Any]") -> str:
    return f"{target.model._meta.verbose_name}, {target.verbose_name}"
