"""Nothing is written unless it was asked for, and nothing at all from a backup that isn't what was written."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from bienes.models import Bien
from bitacora import relay
from bitacora.stores import bitacora
from bitacora.tables import TRANSACTION_AUDIT
from clientes.models import Cliente, Contacto, Usuario
from clientes.tests.factories import ClienteFactory, ContactoFactory, UsuarioFactory
from core.leases import lease
from core.models import Operacion
from ingestion.backups import chosen, turns
from ingestion.backups import restore as module
from ingestion.backups.manifest import load
from ingestion.backups.sealed import Seal
from ingestion.backups.verification import verify
from ingestion.models import Job
from ingestion.tests.backups.conftest import KEY, contents, differing, empty
from polizas.models import Poliza, Producto

pytestmark = pytest.mark.django_db(databases="__all__")


def change(row, **values):
    """Change a row as if by the engine's own console: no history, no version."""
    fields = [(row._meta.get_field(name), None, value) for name, value in values.items()]
    type(row)._base_manager.filter(pk=row.pk)._update(fields)


@pytest.fixture
def backup_id(portfolio, back_up):
    relay.run()
    return back_up()


# Dry runs.


def test_without_write_nothing_changes(backup_id, restore):
    empty("bienes.Bien")
    change(Cliente.objects.first(), notas="otra")
    ContactoFactory(cliente=Cliente.objects.first())
    relay.run()
    before = contents()
    said = restore(backup_id, overwrite=True)
    assert differing(before, contents()) == []
    assert "bienes.Bien: 1 en la copia, 1 por escribir, 0 iguales, 0 distintas." in said
    there = Cliente.objects.count()
    assert (
        f"clientes.Cliente: {there} en la copia, 0 por escribir, {there - 1} iguales, 1 distintas"
        in said
    )
    assert (
        "clientes.Contacto: 0 en la copia, 0 por escribir, 0 iguales, 0 distintas; 1 que la copia no tiene."
        in said
    )
    assert "Simulación: no se ha escrito nada" in said


def test_a_dry_run_of_a_cliente_changes_nothing(backup_id, restore):
    cliente = Poliza.objects.first().cliente
    empty()
    before = contents()
    assert "polizas.Poliza: 1 en la copia, 1 por escribir" in restore(backup_id, cliente=cliente.pk)
    assert differing(before, contents()) == []


# Rows that are there.


def test_a_row_that_differs_is_not_overwritten_unless_asked(backup_id, restore):
    empty("bienes.Bien")
    cliente = Cliente.objects.first()
    change(cliente, notas="otra")
    before = contents()
    with pytest.raises(CommandError, match="hay filas que están y son distintas"):
        restore(backup_id, write=True)
    assert differing(before, contents()) == []
    restore(backup_id, write=True, overwrite=True)
    assert Bien.objects.count() == 1
    assert Cliente.objects.get(pk=cliente.pk).notas == ""


def test_what_changed_between_the_comparison_and_the_writing_is_not_overwritten(
    backup_id, restore, monkeypatch
):
    write = module.Restore.write

    def meanwhile(self, told):
        change(Cliente.objects.first(), notas="otra")
        write(self, told)

    monkeypatch.setattr(module.Restore, "write", meanwhile)
    with pytest.raises(CommandError, match=r"clientes\.Cliente: hay filas distintas"):
        restore(backup_id, write=True)
    assert Cliente.objects.filter(notas="otra").exists()


def test_rows_that_the_backup_lacks_stay(backup_id, restore):
    new = ClienteFactory()
    restore(backup_id, write=True, overwrite=True)
    assert Cliente.objects.filter(pk=new.pk).exists()
    assert new.history.count() == 1


def test_a_table_that_is_to_be_emptied_holds_the_backup_and_no_more(backup_id, restore):
    kept = set(Cliente.objects.values_list("pk", flat=True))
    ContactoFactory(cliente=ClienteFactory())
    restore(backup_id, "--stores", "clientes", write=True, empty=True)
    assert set(Cliente.objects.values_list("pk", flat=True)) == kept
    assert not Contacto.objects.exists()
    assert not Contacto.history.exists()


def test_a_value_that_another_row_has_now_is_told_without_quoting_it(backup_id, restore):
    usuario = Usuario.objects.first()
    empty()
    mine = UsuarioFactory(username=usuario.username)
    with pytest.raises(CommandError, match="choca con otras filas") as refusal:
        restore(backup_id, "--stores", "clientes", write=True)
    assert usuario.username not in str(refusal.value)
    assert [row.pk for row in Usuario.objects.all()] == [mine.pk]
    restore(backup_id, "--stores", "clientes", write=True, empty=True)
    assert Usuario.objects.filter(pk=usuario.pk).exists()
    assert not Usuario.objects.filter(pk=mine.pk).exists()


def test_a_row_without_what_it_points_at_is_told(backup_id, restore):
    empty()
    with pytest.raises(CommandError, match="una referencia que no está"):
        restore(backup_id, "--table", "polizas.Producto", write=True)
    assert not Producto.objects.exists()


def test_an_event_is_never_rewritten(backup_id, restore, empty_bitacora):
    [row] = list(bitacora().scan(TRANSACTION_AUDIT, until=timezone.now()))[:1]
    empty_bitacora()
    bitacora().append(TRANSACTION_AUDIT, [row | {"detalle": "otro"}])
    with pytest.raises(CommandError, match=r"transaction_audit: hay 1 hechos distintos"):
        restore(backup_id, write=True, overwrite=True)
    found = list(bitacora().scan(TRANSACTION_AUDIT, until=timezone.now()))
    assert [event["detalle"] for event in found] == ["otro"]


# Tables.


@pytest.mark.parametrize(
    "name", ["bienes.Bien", "mongodb/bienes", "bienes/bienes_bien", "BIENES.bien"]
)
def test_a_table_comes_back_alone_with_its_history(backup_id, restore, name):
    empty()
    said = restore(backup_id, "--table", name, write=True)
    told = contents()
    assert {
        name for name, rows in told.items() if rows and "." in name and "bitacora" not in name
    } == {
        "bienes.Bien",
        "bienes.HistoricalBien",
        "core.Operacion",
    }
    assert "clientes" not in said


def test_the_events_of_a_table_of_the_lake_come_back(backup_id, restore, empty_bitacora):
    empty_bitacora()
    restore(backup_id, "--table", "cassandra/reclamos", write=True)
    told = contents()
    assert told["bitacora.reclamos"] and not told["bitacora.pagos"]


def test_a_table_that_is_not_there_is_named(backup_id, restore):
    with pytest.raises(CommandError, match=r"ninguna tabla polizas\.Pliza"):
        restore(backup_id, "--table", "polizas.Pliza")


def test_a_store_that_is_not_there_is_named(backup_id, restore):
    with pytest.raises(CommandError, match="ningún almacén mysql: hay default, clientes"):
        restore(backup_id, "--stores", "mysql")


def test_a_backup_that_is_not_there_is_named(restore):
    for unknown in ("20200101T000000Z", "../snapshots", "x"):
        with pytest.raises(CommandError, match="No hay ninguna copia"):
            restore(unknown)


# Another version of the code.


def test_tables_that_other_migrations_made_are_not_written_to(backup_id, restore, monkeypatch):
    known = chosen.applied
    monkeypatch.setattr(
        chosen,
        "applied",
        lambda alias: (
            [*known(alias), "clientes.0099_algo"] if alias == "clientes" else known(alias)
        ),
    )
    with pytest.raises(
        CommandError, match=r"'clientes' no tiene las migraciones.*clientes\.0099_algo"
    ):
        restore(backup_id)
    restore(backup_id, "--stores", "bienes")


def test_a_table_with_other_columns_is_not_written_to(backup_id, restore, monkeypatch):
    loaded = load

    def with_less(*args):
        backup = loaded(*args)
        backup.tables["bienes/bienes_bien"].columns.pop()
        return backup

    monkeypatch.setattr("ingestion.management.commands.restore_backup.load", with_less)
    with pytest.raises(CommandError, match=r"bienes\.Bien no tiene en la copia las columnas"):
        restore(backup_id)


# The key, and the bytes.


def test_another_key_is_told_in_one_sentence(backup_id, restore, settings):
    settings.BACKUP_KEY = "ab" * 32
    with pytest.raises(CommandError, match=r"se cifró con otra clave \(huella") as refusal:
        restore(backup_id, write=True)
    assert KEY not in str(refusal.value) and "\n" not in str(refusal.value)
    with pytest.raises(CommandError, match="se cifró con otra clave"):
        call_command("verify_backup", backup_id)


def test_no_key_at_all_is_told(backup_id, restore, settings):
    settings.BACKUP_KEY = ""
    with pytest.raises(CommandError, match="No hay clave de las copias"):
        restore(backup_id)


def test_one_flipped_byte_is_found_before_anything_is_written(backup_id, restore, lago):
    empty()
    before = contents()
    keys = [key for key in lago.keys(f"backups/{backup_id}") if not key.endswith("claim")]
    for number, key in enumerate(keys):
        content = lago.read(key)
        # Another place in each file: the first bytes, the last ones, and those between.
        place = (number * 7919) % len(content)
        flipped = bytearray(content)
        flipped[place] ^= 1 << number % 8
        lago.path(key).write_bytes(flipped)
        with pytest.raises(CommandError, match=key.rpartition("/")[2].replace(".", r"\.")):
            restore(backup_id, write=True)
        lago.path(key).write_bytes(content)
    assert differing(before, contents()) == []
    assert len(keys) > 60
    restore(backup_id, write=True)


def test_every_byte_of_the_manifest_counts(backup_id, lago):
    key = f"backups/{backup_id}/manifest.parquet"
    content = lago.read(key)
    for place in range(0, len(content), 97):
        flipped = bytearray(content)
        flipped[place] ^= 4
        lago.path(key).write_bytes(flipped)
        with pytest.raises(module.JobFailed, match=r"manifest\.parquet: no se puede leer"):
            load(lago, backup_id, bytes.fromhex(KEY))


def test_a_file_in_the_place_of_another_does_not_open(backup_id, lago):
    one, other = (
        f"backups/{backup_id}/clientes/clientes_{n}.parquet" for n in ("cliente", "usuario")
    )
    lago.path(one).write_bytes(lago.read(other))
    key = bytes.fromhex(KEY)
    backup = load(lago, backup_id, key)
    wrong = dict(verify(lago, Seal(key, backup_id), backup))
    assert "clientes_cliente.parquet" in wrong["clientes/clientes_cliente"]
    assert [path for path, problem in wrong.items() if problem] == ["clientes/clientes_cliente"]


def test_nothing_of_the_rows_is_readable_in_the_files(backup_id, lago):
    name = Cliente.objects.first().nombres
    assert name
    for key in lago.keys(f"backups/{backup_id}"):
        content = lago.read(key)
        assert name.encode() not in content
        assert b"nombres" not in content
        if not key.endswith("claim"):
            assert content[:4] == content[-4:] == b"PARE"


# Turns.


def test_while_another_process_restores_or_relays_it_waits_its_turn(
    backup_id, restore, monkeypatch
):
    monkeypatch.setattr(turns, "PATIENCE", 0)
    for name in ("restore", "relay:clientes"):
        with lease(name), pytest.raises(CommandError, match="Otro proceso restaura o releva"):
            restore(backup_id, write=True)
        restore(backup_id)  # a dry run needs no turn
    restore(backup_id, write=True)


def test_who_restored_what_is_audited_once(backup_id, restore):
    before = set(Operacion.objects.values_list("pk", flat=True))
    restore(backup_id, "--stores", "bienes", write=True)
    [told] = Operacion.objects.exclude(pk__in=before)
    assert (told.servicio, told.operacion) == ("ingestion", "restauracion")
    assert told.detalle["copia"] == backup_id and told.detalle["almacenes"] == ["bienes"]
    assert told.detalle["por"]
    restore(backup_id)
    assert Operacion.objects.exclude(pk__in=before).count() == 1


def test_a_key_that_is_no_key_is_told_without_saying_it(settings, back_up):
    for wrong in ("secreto", "ab" * 31, "zz" * 32, "/no/hay"):
        settings.BACKUP_KEY = wrong
        with pytest.raises(ImproperlyConfigured, match="64 cifras hexadecimales") as refusal:
            back_up()
        assert wrong not in str(refusal.value)
    assert Job.objects.filter(estado=Job.Estado.FALLIDO).count() == 4
