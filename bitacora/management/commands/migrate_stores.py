from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from bitacora.stores import bitacora
from core.outages import StoreDown
from core.stores import store_of


class Command(BaseCommand):
    help = "Migra todos los almacenes y crea las tablas de la bitácora. Repetirlo no cambia nada."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--check",
            action="store_true",
            help="Solo dice qué migraciones faltan; termina con error si falta alguna.",
        )

    def handle(self, *args: Any, check: bool, verbosity: int, **options: Any) -> None:
        try:
            waiting = {alias: pending(alias) for alias in connections}
            if check:
                self._report(waiting | {"bitacora": bitacora().pending()})
            else:
                self._migrate(waiting, verbosity)
        except StoreDown as down:
            raise CommandError(str(down)) from down

    def _migrate(self, waiting: dict[str, list[str]], verbosity: int) -> None:
        for alias, names in waiting.items():
            options = {"database": alias, "verbosity": verbosity, "interactive": False}
            if alias == DEFAULT_DB_ALIAS:
                # Even when up to date: roles and schedules are kept there.
                call_command("migrate", **options)
            elif names:
                for app_label in _apps_of(alias):
                    call_command("migrate", app_label, **options)
        bitacora().setup()

    def _report(self, waiting: dict[str, list[str]]) -> None:
        lines = [f"{alias}: {name}" for alias, names in waiting.items() for name in names]
        if lines:
            raise CommandError("Faltan migraciones:\n" + "\n".join(lines))
        self.stdout.write("Todos los almacenes están al día.")


def pending(alias: str) -> list[str]:
    """Return the migrations that the store lacks, as app.name: its own apps' and what they depend on."""
    executor = MigrationExecutor(connections[alias])
    graph = executor.loader.graph
    leaves = [node for app_label in _apps_of(alias) for node in graph.leaf_nodes(app_label)]
    plan = executor.migration_plan(leaves)
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


def _apps_of(alias: str) -> list[str]:
    """Return the apps with migrations that live in the store; in the others theirs make nothing."""
    loader = MigrationLoader(None)
    return sorted(label for label in loader.migrated_apps if store_of(label) == alias)
