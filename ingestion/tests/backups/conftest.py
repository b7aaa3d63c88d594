"""A key of the tests' own, and what all the stores hold, to be compared."""

from contextlib import ExitStack
from datetime import UTC, date, datetime

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.core.management import call_command
from django.db import connections

from bitacora import relay
from bitacora.stores import bitacora
from bitacora.tables import TABLES
from bitacora.testing import ON_CASSANDRA
from core import tokens
from core.models import Preferencias
from ingestion.backups.tables import copied_tables, label, rows_in
from ingestion.demo.accounts import open_accounts
from ingestion.demo.plan import Plan
from ingestion.demo.write import write_demo
from ingestion.models import Job
from siniestros.tests.factories import PagoFactory

EVER = datetime.max.replace(tzinfo=UTC)
KEY = "0f" * 32


@pytest.fixture(autouse=True)
def own_key(settings, tmp_path):
    settings.VAR_DIR = tmp_path / "var"
    settings.VAR_DIR.mkdir()
    settings.BACKUP_KEY = KEY
    settings.BACKUP_KEEP = 30
    settings.BACKUP_KEEP_DAYS = 90


@pytest.fixture
def back_up(run):
    """Take a backup and return its id."""
    return lambda: run(Job.Kind.RESPALDO).resultado["backup"]


@pytest.fixture
def restore(capsys):
    """Restore by the command a person types, and return what it says."""

    def do(backup_id, *options, **named):
        call_command("restore_backup", backup_id, *options, **named)
        return capsys.readouterr().out

    return do


@pytest.fixture
def accounts():
    """An account for each role, and one with all that may hang from an account."""
    list(open_accounts(3))
    user = User.objects.get(username="suscripcion")
    tokens.issue(user, nombre="Contabilidad", alcance="lectura", vence=None, by=user)
    Preferencias.objects.create(user=user, idioma="en")
    LogEntry.objects.create(user=user, action_flag=1, object_repr="ñandú", change_message="[]")
    user.user_permissions.add(Permission.objects.first())
    return user


@pytest.fixture
def house(accounts):
    """A small portfolio with its history told, and the accounts."""
    list(write_demo(Plan(12, 3, date(2026, 3, 1))))
    PagoFactory()
    relay.run()


def contents():
    """Return every row of every table, by what a person calls the table."""
    found = {
        label(table): sorted(
            (sorted(row.items()) for row in rows_in(table).values()), key=lambda row: repr(row)
        )
        for table in copied_tables()
        if table.model
    }
    return found | {
        f"bitacora.{events.name}": sorted(
            map(repr, ({**row} for row in bitacora().scan(events, until=EVER)))
        )
        for events in TABLES
    }


def differing(before, after):
    return sorted(name for name in before if before[name] != after[name])


def empty(*labels):
    """Empty those tables, or all of every store; the bitácora apart."""
    tables = [t for t in copied_tables() if t.model and (not labels or label(t) in labels)]
    with ExitStack() as stack:
        for alias in connections:
            stack.enter_context(connections[alias].constraint_checks_disabled())
        for table in reversed(tables):
            rows_in(table)._raw_delete(table.store)


@pytest.fixture
def empty_bitacora(request):
    def do():
        if ON_CASSANDRA:
            request.getfixturevalue("own_keyspace").empty()
        else:
            path = bitacora().path
            for file in path.parent.glob(f"{path.name}*"):
                file.unlink()
            bitacora().setup()

    return do
