"""One cliente alone comes back with all that is theirs, and nothing of anybody else's is touched."""

import pytest
from django.core.management.base import CommandError
from uuid_utils.compat import uuid7

from agentes.models import Agente
from bienes.models import Bien
from bienes.tests.factories import BienFactory
from bitacora import relay
from bitacora.stores import bitacora
from bitacora.tables import PAGOS, RECLAMOS
from clientes.models import Cliente, Contacto
from clientes.tests.factories import ClienteFactory, ContactoFactory
from core.references import store_references
from ingestion.backups.manifest import load
from ingestion.backups.one_client import selection_of
from ingestion.backups.sealed import Seal
from ingestion.backups.source import Source
from ingestion.backups.tables import copied_tables, label, pointed_at, rows_in
from ingestion.tests.backups.conftest import KEY, contents, differing, empty
from pedidos.models import Pedido
from pedidos.tests.factories import PedidoFactory
from polizas.models import Cobro, Poliza, Producto, Recibo
from polizas.tests.factories import CobroFactory, PolizaFactory
from siniestros.models import Pago, Reclamo
from siniestros.tests.factories import PagoFactory

pytestmark = pytest.mark.django_db(databases="__all__")


def with_all_that_is_theirs():
    """Return a cliente with a row of each kind that may be a cliente's."""
    cliente = ClienteFactory()
    ContactoFactory(cliente=cliente)
    poliza = PolizaFactory(cliente=cliente, estado="vigente")
    CobroFactory(recibo__poliza=poliza)
    PagoFactory(reclamo__poliza=poliza)
    BienFactory(cliente=cliente)
    PedidoFactory(cliente=cliente)
    return cliente


@pytest.fixture
def two():
    """Two clientes; the other one pays a póliza of the first, and insures them in one of theirs."""
    one, other = with_all_that_is_theirs(), with_all_that_is_theirs()
    PolizaFactory(cliente=one, pagador=other)
    PolizaFactory(cliente=other, asegurado=one)
    relay.run()
    return one, other


def keys_of(selection):
    return {path: set(c.to_pylist()) for path, wanted in selection.items() for c in wanted.values()}


@pytest.fixture
def selected(lago, back_up):
    """What a backup that is taken now has of a cliente, by what a person calls each table."""

    def select(cliente):
        key, backup_id = bytes.fromhex(KEY), back_up()
        source = Source(lago, Seal(key, backup_id), load(lago, backup_id, key))
        tables = copied_tables()
        found = keys_of(selection_of(source, tables, str(cliente.pk)))
        return {label(table): found[table.path] for table in tables if table.path in found}

    return select


def test_theirs_is_what_refers_to_them_and_to_what_is_theirs(two, selected):
    one, _other = two
    found = selected(one)
    for model in (Poliza, Bien, Pedido, Contacto):
        theirs = model.objects.filter(cliente=one).values_list("pk", flat=True)
        assert found[model._meta.label] == set(map(str, theirs))
    polizas = list(Poliza.objects.filter(cliente=one).values_list("pk", flat=True))
    for model in (Recibo, Reclamo):
        theirs = model.objects.filter(poliza__in=polizas).values_list("pk", flat=True)
        assert found[model._meta.label] == set(map(str, theirs))
    assert found[Cobro._meta.label] == {
        str(pk)
        for pk in Cobro.objects.filter(recibo__poliza__in=polizas).values_list("pk", flat=True)
    }
    assert found[Pago._meta.label] == {
        str(pk)
        for pk in Pago.objects.filter(reclamo__poliza__in=polizas).values_list("pk", flat=True)
    }
    # The other one is there, and so is the producto: nothing of them is brought.
    assert found[Cliente._meta.label] == {str(one.pk)}
    assert Producto._meta.label not in found
    assert found["clientes.HistoricalCliente"] == {str(one.pk)}


def test_a_cliente_that_was_removed_is_as_before_in_every_store(two, back_up, restore):
    one, _other = two
    before = contents()
    backup_id = back_up()
    polizas = list(Poliza.objects.filter(cliente=one).values_list("pk", flat=True))
    remove(Cobro, recibo__in=keys(Recibo, poliza__in=polizas))
    remove(Pago, reclamo__in=keys(Reclamo, poliza__in=polizas))
    for model in (Recibo, Reclamo):
        remove(model, poliza__in=polizas)
    for model in (Poliza, Bien, Pedido, Contacto):
        remove(model, cliente=one)
    remove(Cliente, pk=one.pk)
    assert len(differing(before, contents())) > 10
    said = restore(backup_id, cliente=one.pk, write=True)
    assert "clientes.Cliente: 1 en la copia, 1 por escribir" in said
    # What has been told since stays: the backup and the restore.
    assert set(differing(before, contents())) <= {"core.Operacion", "bitacora.transaction_audit"}


def keys(model, **which):
    return list(model.objects.filter(**which).values_list("pk", flat=True))


def remove(model, **which):
    """Remove rows and their history, as if they had never been."""
    gone = keys(model, **which)
    model.history.model._base_manager.filter(id__in=gone).delete()
    model._base_manager.filter(pk__in=gone)._raw_delete(model._base_manager.db)


def test_into_empty_stores_they_bring_what_they_cannot_be_without(
    two, back_up, restore, empty_bitacora
):
    one, other = two
    told = {
        events: list(bitacora().read(events, {"customer_id": one.pk}, limit=99))
        for events in (RECLAMOS, PAGOS)
    }
    backup_id = back_up()
    empty()
    empty_bitacora()
    restore(backup_id, cliente=one.pk, write=True)
    assert Poliza.objects.filter(cliente=one).count() == 2
    assert not Poliza.objects.filter(cliente=other).exists()
    assert Cliente.objects.filter(pk=other.pk).exists()  # who pays
    assert not Contacto.objects.filter(cliente=other).exists()
    assert Agente.objects.exists() and Producto.objects.exists()
    assert_nothing_dangles()
    for events, rows in told.items():
        assert rows
        assert list(bitacora().read(events, {"customer_id": one.pk}, limit=99)) == rows
        assert not bitacora().read(events, {"customer_id": other.pk}, limit=1)
    for cliente in Cliente.objects.all():
        assert cliente.history.exists()


def assert_nothing_dangles():
    tables = {table.model: table for table in copied_tables() if table.model}
    for model, table in tables.items():
        if table.store == "default" or hasattr(model, "instance_type"):
            continue
        for field in model._meta.concrete_fields:
            target = pointed_at(field)
            if target is None or target not in tables:
                continue
            held = set(rows_in(table).values_list(field.attname, flat=True)) - {None}
            there = set(rows_in(tables[target]).values_list("pk", flat=True))
            assert held <= there, field
    assert store_references(Poliza)


def test_what_is_there_of_others_stays_as_it_is(two, back_up, restore):
    one, other = two
    backup_id = back_up()
    Cliente._base_manager.filter(pk=other.pk)._update(
        [(Cliente._meta.get_field("notas"), None, "Nuevo")]
    )
    restore(backup_id, cliente=one.pk, write=True, overwrite=True)
    assert Cliente.objects.get(pk=other.pk).notas == "Nuevo"


def test_one_table_of_one_cliente(two, back_up, restore):
    one, _other = two
    backup_id = back_up()
    remove(Bien, pk__in=keys(Bien))
    said = restore(backup_id, "--table", "mongodb/bienes", cliente=one.pk, write=True)
    assert {bien.cliente_id for bien in Bien.objects.all()} == {one.pk}
    assert "polizas.Poliza" not in said


def test_a_cliente_that_the_backup_lacks_is_told(two, back_up, restore):
    backup_id, unknown = back_up(), uuid7()
    with pytest.raises(CommandError, match=f"no tiene ningún cliente {unknown}"):
        restore(backup_id, cliente=unknown)


def test_one_cliente_empties_no_table(two, back_up, restore):
    with pytest.raises(CommandError, match="--empty vaciaría lo de los demás"):
        restore(back_up(), cliente=two[0].pk, empty=True, write=True)
    assert Cliente.objects.count() == 2
