"""What the stores already hold, asked for many rows at once."""

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from typing import Any
from uuid import UUID

from core.entities import Entity
from core.references import KEYS_A_QUERY, batched
from ingestion.portfolio.build import Built
from ingestion.portfolio.kinds import KINDS, Kind

Taken = dict[tuple[str, tuple[str, ...], tuple[Any, ...]], UUID]


def present(rows: Iterable[Built], known: Mapping[str, Container[UUID]]) -> set[UUID]:
    """Return the keys that the rows refer to, that the files have not brought, and that exist."""
    wanted: dict[str, set[UUID]] = defaultdict(set)
    for built in rows:
        for name, reference in built.section.references:
            key = getattr(built.row, built.kind.field(name).attname)
            if key is not None and key not in known[reference.kind]:
                wanted[reference.kind].add(key)
    found: set[UUID] = set()
    for kind, keys in wanted.items():
        for batch in batched(keys, KEYS_A_QUERY):
            there = KINDS[kind].model._base_manager.filter(pk__in=batch)
            found.update(there.values_list("pk", flat=True))
    return found


def taken(rows: Iterable[Built]) -> Taken:
    """Return who holds, in the stores, each value that the rows may not share."""
    by_kind: dict[Kind, list[Built]] = defaultdict(list)
    for built in rows:
        by_kind[built.kind].append(built)
    found: Taken = {}
    for kind, several in by_kind.items():
        for columns in kind.unique_sets:
            values = {getattr(built.row, columns[0]) for built in several} - {None, ""}
            for batch in batched(values, KEYS_A_QUERY):
                there = kind.model._base_manager.filter(**{f"{columns[0]}__in": batch})
                for key, *value in there.values_list("pk", *columns):
                    found[kind.name, columns, tuple(value)] = key
    return found


def current(kind: Kind, keys: Iterable[UUID]) -> dict[UUID, Entity]:
    """Return the rows that the store has under these keys."""
    found: dict[UUID, Entity] = {}
    for batch in batched(keys, KEYS_A_QUERY):
        found.update(kind.model._base_manager.in_bulk(batch))
    return found


def deleted(kind: Kind, keys: Iterable[UUID]) -> set[UUID]:
    """Return which of these keys, that the store lacks, it had until somebody removed the row."""
    history: Any = kind.model.history
    found: set[UUID] = set()
    for batch in batched(keys, KEYS_A_QUERY):
        found.update(history.filter(id__in=batch, history_type="-").values_list("id", flat=True))
    return found


def pointing_at(kind: Kind, pointer: str, keys: Iterable[UUID]) -> list[Entity]:
    """Return the rows of a kind whose column `pointer` has one of these keys."""
    return [
        row
        for batch in batched(keys, KEYS_A_QUERY)
        for row in kind.model._base_manager.filter(**{f"{pointer}__in": batch})
    ]


def written_by(reason: str, kind: Kind, rows: Iterable[Entity]) -> set[UUID]:
    """Return which of the rows were last written with this change reason: nobody touched them since."""
    versions = {row.pk: row.version for row in rows}
    history: Any = kind.model.history
    found: set[UUID] = set()
    for batch in batched(versions, KEYS_A_QUERY):
        records = history.filter(id__in=batch, history_change_reason=reason)
        found.update(
            key for key, version in records.values_list("id", "version") if versions[key] == version
        )
    return found
