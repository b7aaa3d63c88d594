import os
import subprocess
import sys
from argparse import SUPPRESS, ArgumentParser, ArgumentTypeError
from getpass import getuser
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DEFAULT_DB_ALIAS, connections

from core.leases import LeaseLost
from core.models import auditar
from core.outages import StoreDown
from ingestion.backups.chosen import named, of_stores, refuse_unlike, without_tables
from ingestion.backups.counts import Counts
from ingestion.backups.key import backup_key
from ingestion.backups.manifest import load
from ingestion.backups.one_client import selection_of
from ingestion.backups.restore import Manner, Restore
from ingestion.backups.sealed import Seal
from ingestion.backups.source import Source
from ingestion.backups.tables import copied_tables, label
from ingestion.backups.turns import turns
from ingestion.backups.verification import refuse_wrong_bytes
from ingestion.jobs import JobFailed
from ingestion.lake import lake
from ingestion.schema import BITACORA, LakeTable


def address(text: str) -> tuple[str, str]:
    """Return the variable and the address of VARIABLE=URL."""
    variable, _, url = text.partition("=")
    if variable not in variables() or not url:
        raise ArgumentTypeError(
            f"«{variable}»: se espera VARIABLE=URL, con una de {', '.join(variables())}."
        )
    return variable, url


def variables() -> dict[str, str]:
    """Return the store that each variable gives the address of."""
    return {
        "DATABASE_URL" if alias == DEFAULT_DB_ALIAS else f"{alias.upper()}_URL": alias
        for alias in [*connections, BITACORA]
    }


class Command(BaseCommand):
    help = (
        "Devuelve lo que guarda una copia de seguridad. Sin --write solo dice qué escribiría. "
        "Interrumpida, la misma orden sigue con lo que falta."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("backup", help="su id, como lo da list_backups")
        parser.add_argument(
            "--into",
            nargs="+",
            type=address,
            default=[],
            metavar="VARIABLE=URL",
            help="a otras bases de datos, al lado de las presentes: solo los almacenes que se nombran; "
            "sus tablas las crean las migraciones",
        )
        parser.add_argument(
            "--stores", nargs="+", default=[], metavar="ALMACÉN", help="solo estos almacenes"
        )
        parser.add_argument(
            "--table",
            nargs="+",
            default=[],
            dest="tables",
            metavar="TABLA",
            help="solo estas tablas, con su historia: polizas.Poliza, o como en el lago "
            "postgresql/policies",
        )
        parser.add_argument(
            "--cliente",
            type=UUID,
            metavar="ID",
            help="solo este cliente y lo suyo, en todos los almacenes",
        )
        self._add_writing(parser)

    def _add_writing(self, parser: ArgumentParser) -> None:
        parser.add_argument("--write", action="store_true", help="escribir, no solo decir qué")
        parser.add_argument(
            "--overwrite",
            action="store_true",
            help="dejar como en la copia las filas que están y son distintas",
        )
        parser.add_argument(
            "--empty",
            action="store_true",
            help="vaciar antes cada tabla (la bitácora no): solo queda lo de la copia",
        )
        parser.add_argument("--aside", action="store_true", help=SUPPRESS)

    def handle(self, *args: Any, **options: Any) -> None:
        if options["empty"] and options["cliente"]:
            raise CommandError("--empty vaciaría lo de los demás: no va con --cliente.")
        try:
            if options["into"]:
                self._beside(options)
            else:
                self._here(options)
        except (JobFailed, ImproperlyConfigured, StoreDown) as refusal:
            raise CommandError(str(refusal)) from refusal
        except LeaseLost:
            raise CommandError("Otro proceso ha tomado el relevo: repita la orden.") from None
        except KeyboardInterrupt:
            raise CommandError("Interrumpido: la misma orden sigue con lo que falta.") from None

    # Into the stores of this installation.

    def _here(self, options: dict[str, Any]) -> None:
        restore = self._restore(options)
        if not options["write"]:
            self._compare(restore)
            self.stdout.write("Simulación: no se ha escrito nada. Con --write se escribe.")
            return
        stores = list(dict.fromkeys(table.store for table in restore.tables))
        fresh = self._make_tables(restore, options)
        with turns([alias for alias in stores if alias != BITACORA]) as renew:
            restore.clear(fresh)

            def told(table: LakeTable, counts: Counts) -> None:
                renew()

            self._refuse_different(restore, self._compare(restore))
            restore.write(told)
        if not options["aside"]:
            self._audit(options, stores)
        self.stdout.write(self.style.SUCCESS(f"Restaurada la copia {options['backup']}."))

    def _make_tables(self, restore: Restore, options: dict[str, Any]) -> list[str]:
        """Make the tables of databases that --into names; return the stores that had none."""
        fresh = without_tables(restore.tables)
        if options["aside"]:
            call_command("migrate_stores", verbosity=0)
        elif fresh:
            raise JobFailed(
                f"Al almacén {', '.join(fresh)} le faltan tablas: las crea manage.py migrate_stores."
            )
        return fresh

    def _restore(self, options: dict[str, Any]) -> Restore:
        target, key = lake(), backup_key()
        backup = load(target, options["backup"], key)
        everything = copied_tables()
        tables = named(of_stores(everything, options["stores"]), options["tables"])
        refuse_unlike(backup, tables)
        source = Source(target, Seal(key, backup.id), backup)
        # All that will be read is read first: what isn't what was written is found before anything is.
        asked = everything if options["cliente"] else tables
        refuse_wrong_bytes(target, backup, [table.path for table in asked])
        if options["cliente"]:
            selection = selection_of(source, everything, str(options["cliente"]))
            source = Source(target, source.seal, backup, selection)
            tables = [table for table in tables if table.path in selection]
        return Restore(source, tables, Manner(options["overwrite"], options["empty"]))

    def _compare(self, restore: Restore) -> Counts:
        """Tell of each table how what is there stands to the backup; return the sum."""
        total = Counts()
        for table, counts in restore.compare():
            total += counts
            if counts.copied or counts.extra:
                self.stdout.write(f"{label(table)}: {sentence(counts)}.")
            if table.store == BITACORA and counts.different:
                raise JobFailed(
                    f"{label(table)}: hay {counts.different} hechos distintos de los de la copia con "
                    "su misma clave, y la bitácora no se reescribe."
                )
        self.stdout.write(f"En total: {sentence(total)}.")
        return total

    def _refuse_different(self, restore: Restore, total: Counts) -> None:
        if total.different and not (restore.manner.overwrite or restore.manner.empty):
            raise JobFailed(
                "No se ha escrito nada: hay filas que están y son distintas. Con --overwrite quedan "
                "como en la copia."
            )

    def _audit(self, options: dict[str, Any], stores: list[str]) -> None:
        auditar(
            "ingestion",
            "restauracion",
            copia=options["backup"],
            por=getuser(),
            almacenes=stores,
            tablas=options["tables"],
            cliente=options["cliente"] and str(options["cliente"]),
            aparte=[variable for variable, _url in options["into"]],
            sobrescribe=options["overwrite"],
            vacia=options["empty"],
        )

    # Into other databases: the same, by a process that has those for its stores.

    def _beside(self, options: dict[str, Any]) -> None:
        into = dict(options["into"])
        stores = [variables()[variable] for variable in into]
        env = os.environ | {"LAKE_URL": settings.LAKE_URL} | into
        asked = ["restore_backup", options["backup"], "--aside", "--stores", *stores]
        if options["tables"]:
            asked += ["--table", *options["tables"]]
        if options["cliente"]:
            asked += ["--cliente", str(options["cliente"])]
        asked += [f"--{flag}" for flag in ("write", "overwrite", "empty") if options[flag]]
        self._run(asked, env)
        if options["write"]:
            self._audit(options, stores)

    def _run(self, command: list[str], env: dict[str, str]) -> None:
        manage = str(settings.BASE_DIR / "manage.py")
        done = subprocess.run(
            [sys.executable, manage, *command], env=env, capture_output=True, text=True
        )
        self.stdout.write(done.stdout, ending="")
        if done.returncode:
            raise CommandError(done.stderr.strip().removeprefix("CommandError: "))


def sentence(counts: Counts) -> str:
    """Say in words how what is there stands to the backup."""
    told = (
        f"{counts.copied} en la copia, {counts.absent} por escribir, {counts.equal} iguales, "
        f"{counts.different} distintas"
    )
    return told + (f"; {counts.extra} que la copia no tiene" if counts.extra else "")
