"""One cliente alone: what is theirs in every store, and what that can't be without."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pyarrow as pa
from django.db import DEFAULT_DB_ALIAS

from clientes.models import Cliente
from core.history import is_history
from core.references import KEYS_A_QUERY, batched
from ingestion.backups.source import Selection, Source
from ingestion.backups.tables import is_there, pointed_at, rows_in
from ingestion.jobs import JobFailed
from ingestion.schema import BITACORA, LakeTable, stored

Keys = Mapping[str, set[str]]  # of rows, as texts, by the path of their table


def selection_of(source: Source, tables: Sequence[LakeTable], cliente: str) -> Selection:
    """Return the rows that are of a cliente, over all stores, or raise JobFailed if there is no such one.

    Theirs is what refers to them, or to something of theirs, by a field named after what it points at:
    `cliente`, `poliza`, `reclamo`. What those rows point at and no store has comes along; what is there
    stays as it is. The history of each row comes with it, and the events that tell of it.
    """
    entities = [t for t in tables if t.model and t.store != DEFAULT_DB_ALIAS]
    found = _Closure(source, [t for t in entities if not is_history(t.model)])  # type: ignore[arg-type]
    theirs = found.owned(cliente)
    brought = found.needed(theirs)
    wanted: dict[str, Mapping[str, pa.Array]] = {}
    for table in entities:
        column = "id" if is_history(table.model) else table.key[0]  # type: ignore[arg-type]
        if keys := brought.get(found.path_of(_of(table))):
            wanted[table.path] = {column: pa.array(sorted(keys), pa.string())}
    for table in tables:
        if table.store == BITACORA:
            wanted[table.path] = _telling(table, theirs, cliente)
    return wanted


def _of(table: LakeTable) -> Any:
    """Return the model whose rows a table holds, or tells the history of."""
    return getattr(table.model, "instance_type", table.model)


def _telling(table: LakeTable, theirs: Keys, cliente: str) -> Mapping[str, pa.Array]:
    if "customer_id" in table.schema.names:
        return {"customer_id": pa.array([cliente])}
    return {"objeto_id": pa.array(sorted(set().union(*theirs.values())), pa.string())}


class _Closure:
    """What rows of a backup lead to, by their references."""

    def __init__(self, source: Source, tables: Sequence[LakeTable]) -> None:
        self.source = replace(source, selection=None)
        self.tables = tables
        self._paths = {table.model: table.path for table in tables}

    def path_of(self, model: Any) -> str:
        return self._paths.get(model, "")

    def owned(self, cliente: str) -> Keys:
        """Return the keys of what is of the cliente; tables come after those that they refer to."""
        found: dict[str, set[str]] = defaultdict(set)
        for table in self.tables:
            if table.model is Cliente:
                found[table.path] = self._having(table, table.key[0], {cliente})
                if not found[table.path]:
                    raise JobFailed(f"La copia no tiene ningún cliente {cliente}.")
                continue
            owner = _owner(table.model)
            if owner and (keys := found.get(self.path_of(pointed_at(owner)))):
                found[table.path] |= self._having(table, owner.attname, keys)
        return found

    def needed(self, theirs: Keys) -> Keys:
        """Return the keys of those rows, and of all that they point at and is in no store."""
        found = {path: set(keys) for path, keys in theirs.items()}
        fresh = found
        while fresh:
            fresh = self._missing(fresh, found)
            for path, keys in fresh.items():
                found.setdefault(path, set()).update(keys)
        return found

    def _missing(self, keys: Keys, known: Keys) -> dict[str, set[str]]:
        """Return what the rows of those keys point at, and neither is known nor in its store."""
        pointed: dict[str, set[str]] = defaultdict(set)
        for table in self.tables:
            for field, path in self._references(table) if keys.get(table.path) else ():
                pointed[path] |= self._values(table, field.attname, keys[table.path])
        by_path = {table.path: table for table in self.tables}
        found = {
            path: _absent(by_path[path], keys - known.get(path, set()))
            for path, keys in pointed.items()
        }
        return {path: keys for path, keys in found.items() if keys}

    def _references(self, table: LakeTable) -> list[tuple[Any, str]]:
        fields: Any = table.model._meta.concrete_fields if table.model else ()
        return [(field, path) for field in fields if (path := self.path_of(pointed_at(field)))]

    def _having(self, table: LakeTable, column: str, values: set[str]) -> set[str]:
        """Return the keys of the rows whose `column` is one of `values`."""
        return self._texts(table, column, values, table.key[0])

    def _values(self, table: LakeTable, column: str, keys: set[str]) -> set[str]:
        """Return what `column` holds in the rows of those keys."""
        return self._texts(table, table.key[0], keys, column)

    def _texts(self, table: LakeTable, where: str, values: set[str], column: str) -> set[str]:
        wanted = {table.path: {where: pa.array(sorted(values), pa.string())}}
        asked = replace(self.source, selection=wanted)
        return {
            str(value)
            for batch in asked.batches(table, list({where, column}))
            for value in batch.column(column).to_pylist()
            if value is not None
        }


def _owner(model: Any) -> Any:
    """Return the reference to what a row of `model` is a part of, or None."""
    named_after_it = (
        field
        for field in model._meta.concrete_fields
        if (target := pointed_at(field))
        and not field.null
        and field.name == target._meta.model_name
    )
    return next(named_after_it, None)


def _absent(table: LakeTable, keys: set[str]) -> set[str]:
    """Return the keys that the table's store doesn't have."""
    if not is_there(table):
        return keys
    assert table.model is not None
    key = stored(table.model._meta.pk)
    there: set[str] = set()
    for some in batched(sorted(keys), KEYS_A_QUERY):
        asked = rows_in(table).filter(pk__in=[key.to_python(text) for text in some])
        there.update(map(str, asked.values_list("pk", flat=True)))
    return keys - there
