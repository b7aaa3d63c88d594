"""What a table of the lake looks like: the Arrow type of each column, and what personal data becomes."""

import hmac
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from django.apps import apps
from django.conf import settings
from django.core.exceptions import FieldDoesNotExist, ImproperlyConfigured
from django.db import models
from django.db.models.constants import LOOKUP_SEP
from django.utils.crypto import salted_hmac

from bitacora.datasets import EventDataset
from bitacora.tables import Kind
from core.datasets import Dataset, Treatment
from core.references import StoreForeignKey
from core.stores import store_of

Field = models.Field

BITACORA = "bitacora"

TIMESTAMP = pa.timestamp("us", tz="UTC")
MONEY = pa.decimal128(14, 2)

EVENT_TYPES: Mapping[Kind, pa.DataType] = {
    "text": pa.string(),
    "uuid": pa.string(),
    "integer": pa.int64(),
    "decimal": MONEY,
    "timestamp": TIMESTAMP,
}
# Looked up in order: a DateTimeField is a DateField too.
FIELD_TYPES: tuple[tuple[type[Field], pa.DataType], ...] = (
    (models.DateTimeField, TIMESTAMP),
    (models.DateField, pa.date32()),
    (models.BooleanField, pa.bool_()),
    (models.IntegerField, pa.int64()),
    (models.CharField, pa.string()),
    (models.TextField, pa.string()),
    (models.UUIDField, pa.string()),
    (models.JSONField, pa.string()),
)


@dataclass(frozen=True)
class Column:
    """A column of the lake, read from `path` as `raw`; `field` is what holds it in a model."""

    name: str
    path: str
    raw: pa.DataType
    treatment: Treatment
    field: Field | None = None

    @property
    def type(self) -> pa.DataType:
        return self.raw if self.treatment == "plain" else pa.string()

    def treat(self, values: pa.Array) -> pa.Array:
        """Return what the lake gets of `values`; null stays null."""
        match self.treatment:
            case "masked":
                return masked(values)
            case "pseudonym":
                return pseudonyms(values)
        return values


@dataclass(frozen=True)
class LakeTable:
    """A table of the lake and what it is read from; the columns that are dropped are not here."""

    dataset: Dataset | EventDataset
    model: type[models.Model] | None
    store: str
    columns: Sequence[Column]
    key: Sequence[str]

    @property
    def path(self) -> str:
        return f"{self.dataset.database}/{self.dataset.table}"

    @property
    def csv_key(self) -> str:
        return f"{self.path}/{self.dataset.table}.csv"

    @cached_property
    def schema(self) -> pa.Schema:
        return pa.schema([(column.name, column.type) for column in self.columns])

    def batch(self, values: Sequence[pa.Array]) -> pa.RecordBatch:
        """Return the rows as the lake has them, from the arrays that were read, in order."""
        treated = [column.treat(array) for column, array in zip(self.columns, values, strict=True)]
        return pa.RecordBatch.from_arrays(treated, schema=self.schema)


def table_of(dataset: Dataset | EventDataset) -> LakeTable:
    """Return the table that `dataset` declares, or raise ImproperlyConfigured saying what is wrong."""
    where = f"{dataset.database}/{dataset.table}"
    if unknown := sorted(dataset.personal.keys() - dataset.columns.keys()):
        raise ImproperlyConfigured(f"{where}: no tiene la columna {', '.join(unknown)}.")
    table = _of_events(dataset) if isinstance(dataset, EventDataset) else _of_model(dataset)
    for column in table.columns:
        if column.treatment == "masked" and column.raw != pa.string():
            raise ImproperlyConfigured(f"{where}: {column.name} no es texto: no se enmascara.")
    return table


def _of_events(dataset: EventDataset) -> LakeTable:
    events = dataset.events
    columns = [
        Column(name, path, EVENT_TYPES[dataset.kinds[name]], treatment)
        for name, path, treatment in _leaving(dataset)
    ]
    key = set(events.partition) if dataset.last_of_each else {events.event}
    return LakeTable(dataset, None, BITACORA, columns, _plain(columns, key))


def _of_model(dataset: Dataset) -> LakeTable:
    model = apps.get_model(dataset.model)
    columns = [
        Column(name, path, _type(field), treatment, field)
        for name, path, treatment in _leaving(dataset)
        for field in [_field_at(model, path)]
    ]
    key = {model._meta.pk.name, "pk"}
    return LakeTable(dataset, model, store_of(model._meta.app_label), columns, _plain(columns, key))


def _leaving(dataset: Dataset | EventDataset) -> Iterator[tuple[str, str, Treatment]]:
    """Yield the columns that the lake gets: name, path and treatment."""
    for name, path in dataset.columns.items():
        treatment = dataset.personal.get(name, "plain")
        if treatment != "dropped":
            yield name, path, treatment


def _plain(columns: Sequence[Column], paths: Collection[str]) -> list[str]:
    return [c.name for c in columns if c.path in paths and c.treatment == "plain"]


# Fields.


def _field_at(model: type[models.Model], path: str) -> Field:
    """Return the field that `path` ends in; it crosses references inside the store alone."""
    *crossed, last = path.split(LOOKUP_SEP)
    target: Any = model
    try:
        for name in crossed:
            reference = target._meta.get_field(name)
            if isinstance(reference, StoreForeignKey) or not reference.concrete:
                raise FieldDoesNotExist
            target = reference.related_model
        field = target._meta.pk if last == "pk" else target._meta.get_field(last)
    except (FieldDoesNotExist, AttributeError):
        field = None
    if not isinstance(field, models.Field) or not field.column:
        raise ImproperlyConfigured(
            f"{model._meta.label} no tiene en su almacén el campo {path}, que el lago espera."
        )
    return field


def stored(field: Field) -> Field:
    """Return the field whose values a column holds: a reference holds the keys of its target."""
    return stored(field.target_field) if isinstance(field, models.ForeignKey) else field


def _type(field: Field) -> pa.DataType:
    field = stored(field)
    if isinstance(field, models.DecimalField):
        return pa.decimal128(field.max_digits, field.decimal_places)
    for kind, arrow in FIELD_TYPES:
        if isinstance(field, kind):
            return arrow
    raise ImproperlyConfigured(f"{field}: el lago no tiene un tipo para {type(field).__name__}.")


# Personal data.


def masked(values: pa.Array) -> pa.Array:
    """Keep the first letter: «A***». Null and the empty text say nothing, and stay."""
    first = pc.utf8_slice_codeunits(values, 0, 1)
    return pc.if_else(pc.equal(values, ""), values, pc.binary_join_element_wise(first, "***", ""))


def pseudonyms(values: pa.Array) -> pa.Array:
    """Put in place of each value a name that only who has the key can tie to it, always the same.

    The key is PSEUDONYM_KEY, or follows from SECRET_KEY. Null and the empty text say nothing, and stay.
    """
    secret = settings.PSEUDONYM_KEY or None
    key = salted_hmac("ingestion.schema.pseudonym", "", secret, algorithm="sha256").digest()
    texts = values.cast(pa.string()).to_pylist()
    return pa.array(
        [text and hmac.digest(key, text.encode(), "sha256").hex() for text in texts], pa.string()
    )
