"""Bring back what a backup holds: first said, then written, and the same however often it is begun."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
from django.contrib.contenttypes.models import ContentType
from django.core.management.color import no_style
from django.db import IntegrityError, connections
from django_celery_beat.models import PeriodicTasks

from core.history import Outbox
from core.references import batched
from core.stores import Store
from ingestion.backups import events
from ingestion.backups.counts import Counts
from ingestion.backups.source import Source
from ingestion.backups.tables import is_there, label, rows_in
from ingestion.backups.values import RELAYED, Row, content, is_number_of_relay, rows_of
from ingestion.jobs import JobFailed
from ingestion.schema import BITACORA, LakeTable

SCHEDULES = "django_celery_beat"


@dataclass(frozen=True)
class Manner:
    """How a restore writes: `overwrite` rows that differ, `empty` each table before it."""

    overwrite: bool = False
    empty: bool = False


@dataclass(frozen=True)
class Restore:
    """What is brought back from `source`: of `tables`, in the order in which they are written."""

    source: Source
    tables: Sequence[LakeTable]
    manner: Manner = Manner()

    def compare(self) -> Iterator[tuple[LakeTable, Counts]]:
        """Yield each table and how what is there stands to what the backup has of it; writes nothing."""
        for table in self.tables:
            compare = _compare if table.model else events.compare
            yield table, compare(self.source, table)

    def write(self, told: Callable[[LakeTable, Counts], None]) -> None:
        """Write what is missing, and what differs if the manner says so; `told` hears of each batch.

        A store is written in one transaction, where it has them: interrupted, the same order goes on
        with what is missing. No signal is sent, and no history made: the history of each row comes
        from the backup too. Raises JobFailed, and the store stays as it was, if a row is there and
        differs, or what is written contradicts what is there.
        """
        for alias in dict.fromkeys(table.store for table in self.tables):
            tables = [table for table in self.tables if table.store == alias]
            if alias == BITACORA:
                for table in tables:
                    events.write(self.source, table, told)
            else:
                self._write_store(alias, tables, told)

    def clear(self, stores: Sequence[str]) -> None:
        """Empty the tables of stores that hold nothing but what migrations have sown."""
        for alias in stores:
            tables = [table for table in self.tables if table.store == alias]
            with Store(alias).atomic(), connections[alias].constraint_checks_disabled():
                _empty(alias, tables)

    def _write_store(
        self, alias: str, tables: Sequence[LakeTable], told: Callable[[LakeTable, Counts], None]
    ) -> None:
        connection = connections[alias]
        try:
            # Rows point at others of their table that come later: all is checked once it is there.
            with Store(alias).atomic(), connection.constraint_checks_disabled():
                if self.manner.empty:
                    _empty(alias, tables)
                for table in tables:
                    self._write(table, told)
                _count_on(alias, tables)
                connection.check_constraints()
        except IntegrityError as refusal:
            # Not in the engine's words, which may quote the row.
            raise JobFailed(
                f"El almacén {alias!r} queda como estaba: lo de la copia choca con otras filas que hay "
                "en él, por un valor que no se repite o una referencia que no está. Para que solo "
                "quede lo de la copia, --empty."
            ) from refusal

    def _write(self, table: LakeTable, told: Callable[[LakeTable, Counts], None]) -> None:
        counts = Counts()
        for batch in self.source.batches(table):
            found = _sort(table, batch)
            if found.different and not self.manner.overwrite:
                raise JobFailed(f"{label(table)}: hay filas distintas de las de la copia.")
            _insert(table, found.absent)
            for row in found.different:
                _update(table, row)
            counts += found.counts
            told(table, counts)


@dataclass(frozen=True)
class _Sorted:
    """The rows of a batch, by what the store has in their place."""

    absent: list[Row]
    different: list[Row]
    equal: int

    @property
    def counts(self) -> Counts:
        return Counts(len(self.absent), self.equal, len(self.different))


def _empty(alias: str, tables: Sequence[LakeTable]) -> None:
    for table in reversed(tables):
        rows_in(table)._raw_delete(alias)


def _compare(source: Source, table: LakeTable) -> Counts:
    counts = Counts()
    if not is_there(table):
        return Counts(absent=sum(batch.num_rows for batch in source.batches(table)))
    for batch in source.batches(table):
        counts += _sort(table, batch).counts
    if source.selection is None:
        counts += Counts(extra=rows_in(table).count() - counts.equal - counts.different)
    return counts


def _sort(table: LakeTable, batch: pa.RecordBatch) -> _Sorted:
    assert table.model is not None
    rows, of, [key] = rows_of(table.model, batch), content(table.model), table.key
    asked = rows_in(table).filter(pk__in=[row[key] for row in rows])
    there = {found[key]: of(found) for found in asked.values(*table.schema.names)}
    absent = [row for row in rows if row[key] not in there]
    different = [row for row in rows if row[key] in there and of(row) != there[row[key]]]
    return _Sorted(absent, different, len(rows) - len(absent) - len(different))


def _insert(table: LakeTable, rows: Sequence[Row]) -> None:
    """Insert the rows as they are: no value is set by the way, as times of creation would be."""
    assert table.model is not None
    if not rows:
        return
    if issubclass(table.model, Outbox):
        _free_numbers(table, rows)
    fields: Any = table.model._meta.concrete_fields
    made = [table.model(**row) for row in rows]
    size = connections[table.store].ops.bulk_batch_size(fields, made)
    for some in batched(made, size):
        rows_in(table)._insert(some, fields=fields, using=table.store, raw=True)


def _free_numbers(table: LakeTable, rows: Sequence[Row]) -> None:
    """Let the relay number anew what another row has the number of: to tell a row twice is harmless."""
    numbers = [row[RELAYED] for row in rows if row[RELAYED] is not None]
    asked = rows_in(table).filter(**{f"{RELAYED}__in": numbers})
    taken = set(asked.values_list(RELAYED, flat=True))
    for row in rows:
        if row[RELAYED] in taken:
            row[RELAYED] = None


def _update(table: LakeTable, row: Row) -> None:
    assert table.model is not None
    key = table.model._meta.pk
    values = [
        (field, None, row[field.attname])
        for field in table.model._meta.concrete_fields
        if field is not key and not is_number_of_relay(table.model, field)
    ]
    # What update() does, without what entities refuse and without a signal.
    rows_in(table).filter(pk=row[key.attname])._update(values)


def _count_on(alias: str, tables: Sequence[LakeTable]) -> None:
    """Have the engine's own numbers go on after those that came, and who keeps rows in memory ask again."""
    connection = connections[alias]
    restored = [table.model for table in tables if table.model is not None]
    statements = connection.ops.sequence_reset_sql(no_style(), restored)
    if statements:
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
    if any(model._meta.app_label == SCHEDULES for model in restored):
        PeriodicTasks.update_changed()
    if ContentType in restored:
        ContentType.objects.clear_cache()
