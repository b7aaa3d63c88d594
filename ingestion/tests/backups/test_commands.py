"""What a person types, and what they are told."""

import sqlite3
from contextlib import closing

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone
from django.utils.formats import date_format

from config.tests.house import house
from core.leases import lease
from ingestion.backups.key import key_path
from ingestion.backups.manifest import complete_ids, expires
from ingestion.models import Job
from ingestion.tests.backups.conftest import KEY

pytestmark = pytest.mark.any_engine

everything = pytest.mark.django_db(databases="__all__")


@pytest.fixture
def said(capsys):
    def do(*command, **options):
        call_command(*command, **options)
        return capsys.readouterr().out

    return do


@everything
def test_backup_says_what_was_copied_until_when_and_where_the_key_is(said, settings, lago):
    settings.BACKUP_KEY = ""
    told = said("backup")
    [backup_id] = complete_ids(lago)
    day = date_format(timezone.localtime(expires(backup_id)), "SHORT_DATE_FORMAT")
    assert f"Copia {backup_id}: " in told
    assert f"Caduca el {day}." in told
    assert f"La clave está en {key_path()}: guárdela también fuera" in told
    assert key_path().read_text().strip() not in told


@everything
def test_a_key_that_the_person_gave_is_not_talked_about(said):
    told = said("backup")
    assert "clave" not in told and KEY not in told


@everything
def test_a_backup_that_another_process_is_making_is_waited_for_by_a_worker():
    with lease("job:respaldo"), pytest.raises(CommandError, match="Otro proceso hace una copia"):
        call_command("backup")
    assert Job.objects.get().estado == Job.Estado.PENDIENTE


@everything
def test_backups_are_listed_newest_first_with_the_day_they_end(said, settings):
    assert "Aún no hay ninguna copia" in said("list_backups")
    said("backup")
    settings.BACKUP_KEY = "ab" * 32
    said("backup")
    new, old = said("list_backups").splitlines()
    assert new > old
    assert "caduca el" in new and "filas" in new
    assert "caduca el" in old and "se cifró con otra clave" in old


@everything
def test_verify_backup_says_of_each_table_whether_it_is_well(said, lago):
    with pytest.raises(CommandError, match="Aún no hay ninguna copia"):
        said("verify_backup")
    said("backup")
    told = said("verify_backup")
    assert "clientes/clientes_cliente: bien" in told and ": mal" not in told
    [backup_id] = complete_ids(lago)
    key = f"backups/{backup_id}/clientes/clientes_cliente.parquet"
    content = bytearray(lago.read(key))
    content[len(content) // 2] ^= 1
    lago.path(key).write_bytes(content)
    with pytest.raises(CommandError, match=rf"{key}: su contenido no es el que se escribió"):
        said("verify_backup", backup_id)
    lago.remove(key)
    with pytest.raises(CommandError, match=f"{key}: no está"):
        said("verify_backup", backup_id)


@everything
def test_an_address_of_no_store_is_refused():
    for wrong in ("mysql://x", "OTRA_URL=mysql://x", "CLIENTES_URL="):
        with pytest.raises(CommandError, match="se espera VARIABLE=URL"):
            call_command("restore_backup", "x", "--into", wrong)


# Beside the present ones: processes of their own, on files.


def dump(folder, store):
    """Return the rows of every table of a store."""
    with closing(sqlite3.connect(folder / f"{store}.sqlite3")) as connection:
        names = [
            name
            for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            if not name.startswith("sqlite_")
        ]
        return {
            name: sorted(connection.execute(f'SELECT * FROM "{name}"').fetchall(), key=repr)
            for name in names
        }


@pytest.fixture
def house_with_a_backup(tmp_path_factory):
    with house(tmp_path_factory.mktemp("copia"), "copia") as made:
        made.env |= {"LAKE_URL": (made.folder / "lago").as_uri(), "BACKUP_KEY": KEY}
        made.migrate()
        made.manage("demo", "--clientes", "2")
        made.manage("backup")
        yield made


def test_beside_the_present_stores_new_ones_are_made_that_hold_the_same(
    house_with_a_backup, tmp_path
):
    mine, other = house_with_a_backup.folder, tmp_path
    [backup_id] = [path.name for path in (mine / "lago" / "backups").iterdir()]
    # Making their tables takes longest: two stores are enough.
    into = [
        f"{variable}=sqlite:///{other / store}.sqlite3"
        for variable, store in (("DATABASE_URL", "default"), ("CLIENTES_URL", "clientes"))
    ]

    dry = house_with_a_backup.manage("restore_backup", backup_id, "--into", *into)
    assert "Simulación" in dry and " 0 iguales, 0 distintas." in dry.splitlines()[-2]
    assert dump(other, "clientes") == {}

    before = dump(mine, "clientes")
    done = house_with_a_backup.manage("restore_backup", backup_id, "--into", *into, "--write")
    assert f"Restaurada la copia {backup_id}." in done
    assert dump(mine, "clientes") == before
    assert without_moments(dump(other, "clientes")) == without_moments(before)
    for name in ("auth_group_permissions", "auth_permission", "django_celery_beat_periodictask"):
        assert dump(other, "default")[name] == dump(mine, "default")[name]
    # Told here, where somebody asked for it, and not there.
    told = "restauracion"
    assert told in str(dump(mine, "default")["core_operacion"])
    assert told not in str(dump(other, "default")["core_operacion"])


def without_moments(tables):
    """The moments at which each store was migrated are its own."""
    return {name: rows for name, rows in tables.items() if name != "django_migrations"}
