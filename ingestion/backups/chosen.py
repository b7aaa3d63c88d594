"""Which tables a restore is about, and whether they are what the backup was taken of."""

from collections.abc import Collection, Sequence
from typing import Any

from django.db import connections

from bitacora.datasets import EventDataset
from core.history import is_history
from ingestion.backups.manifest import Backup
from ingestion.backups.tables import is_there, label
from ingestion.backups.take import applied
from ingestion.catalog import catalog
from ingestion.jobs import JobFailed
from ingestion.schema import BITACORA, LakeTable

NAMED = 5


def of_stores(tables: Sequence[LakeTable], stores: Collection[str]) -> list[LakeTable]:
    """Return the tables of those stores, all if none is named, or raise JobFailed naming what isn't one."""
    known = list(dict.fromkeys(table.store for table in tables))
    if unknown := sorted(set(stores) - set(known)):
        raise JobFailed(f"No hay ningún almacén {', '.join(unknown)}: hay {', '.join(known)}.")
    return [table for table in tables if not stores or table.store in stores]


def named(tables: Sequence[LakeTable], names: Collection[str]) -> list[LakeTable]:
    """Return the tables of those names, all if there is none, or raise JobFailed naming what isn't one.

    A name is that of a model, of a table of the lake, or of a table of the store. The history of its
    rows, and its links to others, come with a table.
    """
    found = {table.path for name in names for table in _named(tables, name)}
    return [table for table in tables if not names or table.path in found]


def _named(tables: Sequence[LakeTable], name: str) -> list[LakeTable]:
    asked = [table for table in tables if name.lower() in _names(table)]
    if not asked:
        raise JobFailed(
            f"La copia no tiene ninguna tabla {name}: se espera un modelo, como polizas.Poliza, o una "
            "tabla del lago, como postgresql/policies."
        )
    models = {table.model for table in asked if table.model}
    return asked + [t for t in tables if t.model and _whole(t.model) & models]


def _names(table: LakeTable) -> set[str]:
    lake = {exported.path for exported in catalog() if _same(exported, table)}
    return {name.lower() for name in (label(table), table.path, *lake)}


def _same(exported: LakeTable, table: LakeTable) -> bool:
    if isinstance(exported.dataset, EventDataset):
        return table.store == BITACORA and exported.dataset.events.name == table.dataset.table
    return exported.model is table.model


def _whole(model: Any) -> set[Any]:
    """Return the models whose rows those of `model` are the history of, or link to others."""
    if is_history(model):
        return {model.instance_type}
    fields = model._meta.auto_created and [
        many
        for many in model._meta.auto_created._meta.many_to_many
        if many.remote_field.through is model
    ]
    return {model._meta.auto_created} if fields else set()


def refuse_unlike(backup: Backup, tables: Sequence[LakeTable]) -> None:
    """Raise JobFailed unless the stores' tables are what they were when the backup was taken."""
    for alias in dict.fromkeys(table.store for table in tables if table.store != BITACORA):
        there, then = set(applied(alias)), set(backup.migrations[alias])
        if connections[alias].introspection.table_names() and there != then:
            few = ", ".join(sorted(there ^ then)[:NAMED])
            raise JobFailed(
                f"El almacén {alias!r} no tiene las migraciones que tenía al hacer la copia ({few}): "
                f"restáurela con Cartera {backup.code_version} y migre después."
            )
    for table in tables:
        known = [(found.name, str(found.type)) for found in table.schema]
        if table.path not in backup.tables or list(backup.tables[table.path].columns) != known:
            raise JobFailed(
                f"{label(table)} no tiene en la copia las columnas de ahora: restáurela con Cartera "
                f"{backup.code_version} y migre después."
            )


def without_tables(tables: Sequence[LakeTable]) -> list[str]:
    """Return the stores that lack a table to write to."""
    return sorted({table.store for table in tables if table.model and not is_there(table)})
