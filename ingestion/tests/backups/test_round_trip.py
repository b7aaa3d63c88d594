"""What comes back equals what left, row for row, on whatever engines."""

from hashlib import sha256

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.contrib.contenttypes.models import ContentType
from django.db.models.signals import post_save, pre_save
from django_celery_beat.models import PeriodicTask, PeriodicTasks

from agentes.tests.factories import AgenteFactory
from bitacora import relay
from clientes.models import Cliente
from core.models import Operacion, Token
from ingestion.backups.tables import NO_DATA, copied_tables, label
from ingestion.snapshots.files import read_columns
from ingestion.tests.backups.conftest import contents, differing, empty
from polizas.models import Poliza, Recibo

pytestmark = pytest.mark.django_db(databases="__all__")

# Exports and backups are audited too: one more each time.
AUDIT = "cassandra/transaction_audit"


def column_hashes(lake, manifest):
    """Return a hash of the values of each column of each table of a snapshot."""
    found = {}
    for path, table in manifest.tables.items():
        for column in table.schema if path != AUDIT else ():
            told = sha256()
            for batch in read_columns(lake, table.files, [column["name"]]):
                told.update(repr(batch.column(0).to_pylist()).encode())
            found[path, column["name"]] = told.hexdigest()
    return found


def test_all_stores_emptied_and_restored_hold_every_row_as_it_was(
    house, back_up, restore, empty_bitacora
):
    before = contents()
    assert {name for name, rows in before.items() if not rows} == {
        "django_celery_beat.SolarSchedule",
        "django_celery_beat.ClockedSchedule",
    }
    backup_id = back_up()
    empty()
    empty_bitacora()
    assert not any(contents().values())
    restore(backup_id, write=True)
    after = contents()
    # The restore itself is told, once.
    [told] = [row for row in after["core.Operacion"] if row not in before["core.Operacion"]]
    assert dict(told)["operacion"] == "restauracion"
    assert differing(before, after) == ["core.Operacion"]


def test_an_export_after_it_has_the_same_values_in_every_column(
    house, back_up, restore, empty_bitacora, export, lago
):
    before = column_hashes(lago, export())
    backup_id = back_up()
    empty()
    empty_bitacora()
    restore(backup_id, write=True)
    after = column_hashes(lago, export())
    assert after == before
    assert len(before) > 100


def test_restored_twice_it_is_the_same(house, back_up, restore, empty_bitacora):
    backup_id = back_up()
    empty()
    empty_bitacora()
    restore(backup_id, write=True)
    before = contents()
    said = restore(backup_id, write=True)
    assert "0 por escribir" in said.splitlines()[-2]
    assert differing(before, contents()) == ["core.Operacion"]


def test_what_was_not_relayed_yet_is_relayed_once_it_is_back(
    portfolio, back_up, restore, empty_bitacora
):
    backup_id = back_up()  # which relays what waits before it reads the events
    empty()
    empty_bitacora()
    restore(backup_id, write=True)
    relay.run()
    told = contents()
    for model in (Cliente, Poliza, Recibo):
        past = told[model.history.model._meta.label]
        keys = {str(dict(row)["history_id"]) for row in past}
        events = "\n".join(told["bitacora.transaction_audit"])
        assert keys
        assert all(key in events for key in keys)


def test_a_history_that_the_bitacora_lacked_has_its_number_taken_from_nobody(
    house, back_up, restore
):
    past = Cliente.history.model
    backup_id = back_up()
    one = past.objects.order_by("pk").first()
    number = one.relay_seq
    past._base_manager.filter(pk=one.pk).delete()
    cliente = Cliente.objects.first()
    cliente.save()
    past._base_manager.filter(id=cliente.pk, version=cliente.version).update(relay_seq=number)
    restore(backup_id, "--table", "clientes.HistoricalCliente", write=True)
    assert past.objects.get(pk=one.pk).relay_seq is None
    assert past.objects.filter(relay_seq=number).count() == 1


def test_no_signal_is_sent_and_no_history_is_made(house, back_up, restore):
    backup_id = back_up()
    empty()
    sent = []

    def told(sender, **kwargs):
        if sender is not Operacion and sender._meta.label not in NO_DATA:
            sent.append(sender)

    for signal in (pre_save, post_save):
        signal.connect(told)
    try:
        restore(backup_id, write=True)
    finally:
        for signal in (pre_save, post_save):
            signal.disconnect(told)
    assert sent == []
    assert Cliente.history.filter(history_type="~").count() == 0


def test_times_that_fields_set_by_themselves_come_back_as_they_were(accounts, back_up, restore):
    token = Token.objects.get()
    backup_id = back_up()
    empty("core.Token")
    restore(backup_id, "--table", "core.Token", write=True)
    back = Token.objects.get()
    assert (back.created, back.digest, back.expiry) == (token.created, token.digest, token.expiry)


def test_numbers_that_an_engine_counts_go_on_after_those_that_came_back(accounts, back_up, restore):
    agente = AgenteFactory()
    agente.otras_especialidades.set([agente.especialidad])
    backup_id = back_up()
    last = max(Group.objects.values_list("pk", flat=True))
    empty()
    restore(backup_id, "--stores", "default", "clientes", write=True)
    assert Group.objects.create(name="Otro").pk > last
    other = AgenteFactory(especialidad=agente.especialidad)
    other.otras_especialidades.set([agente.especialidad])
    assert list(other.otras_especialidades.all()) == [agente.especialidad]


def test_accounts_come_back_with_their_rights_and_passwords(accounts, back_up, restore):
    rights, password = accounts.get_all_permissions(), accounts.password
    backup_id = back_up()
    empty()
    assert not Permission.objects.exists()
    restore(backup_id, "--stores", "default", write=True)
    back = User.objects.get(username="suscripcion")
    assert rights and back.get_all_permissions() == rights
    assert back.password == password
    assert ContentType.objects.get_for_model(Cliente).model_class() is Cliente


def test_the_beat_reads_again_the_schedules_that_came_back(back_up, restore):
    backup_id = back_up()
    empty("django_celery_beat.PeriodicTask")
    before = PeriodicTasks.last_change()
    restore(backup_id, "--stores", "default", write=True)
    assert PeriodicTask.objects.exists()
    assert before is None or PeriodicTasks.last_change() > before


def test_only_what_is_no_data_is_left_out():
    from django.apps import apps

    copied = {label(table) for table in copied_tables() if table.model}
    known = {
        model._meta.label
        for model in apps.get_models(include_auto_created=True)
        if not model._meta.proxy
    }
    assert known - copied == NO_DATA
    for table in copied_tables():
        if table.model:
            fields = [field.attname for field in table.model._meta.concrete_fields]
            assert table.schema.names == fields
            assert {column.treatment for column in table.columns} == {"plain"}
