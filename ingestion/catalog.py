"""Every table of the lake, gathered from the apps that declare them."""

from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import Any

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import module_has_submodule

from bitacora.datasets import EventDataset
from core.datasets import Dataset, Personal
from ingestion.schema import LakeTable, table_of

MODULE = "datasets"


def catalog() -> list[LakeTable]:
    """Return every table, by path; raise ImproperlyConfigured where declarations contradict."""
    tables = sorted((table_of(dataset) for dataset in declared()), key=lambda table: table.path)
    _refuse_twins(tables)
    _refuse_split_databases(tables)
    return tables


def declared() -> list[Dataset | EventDataset]:
    """Return what each app declares in DATASETS of its `datasets` module."""
    return list(_declared("DATASETS"))


def declared_personal() -> dict[str, Personal]:
    """Return what each app declares in PERSONAL of its `datasets` module, by model."""
    return {personal.model: personal for personal in _declared("PERSONAL")}


def _declared(name: str) -> Iterator[Any]:
    for config in apps.get_app_configs():
        if config.module is not None and module_has_submodule(config.module, MODULE):
            yield from getattr(import_module(f"{config.name}.{MODULE}"), name, ())


def databases(tables: Sequence[LakeTable]) -> dict[str, str]:
    """Return the store that each database of the lake is read from."""
    return {table.dataset.database: table.store for table in tables}


def _refuse_twins(tables: Sequence[LakeTable]) -> None:
    paths = [table.path for table in tables]
    if twins := sorted({path for path in paths if paths.count(path) > 1}):
        raise ImproperlyConfigured(f"{', '.join(twins)}: declarado dos veces para el lago.")


def _refuse_split_databases(tables: Sequence[LakeTable]) -> None:
    # One moment of reading is published for each database, and one store has one.
    known = databases(tables)
    for table in tables:
        if known[table.dataset.database] != table.store:
            raise ImproperlyConfigured(
                f"{table.path}: sale del almacén {table.store!r}, y otras tablas de "
                f"{table.dataset.database} de {known[table.dataset.database]!r}."
            )
