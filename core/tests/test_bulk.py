"""Many rows at once: the same rows and the same history as one by one, however they go in."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connections, models
from django.db.models.sql import compiler
from django.test import RequestFactory
from django.utils import timezone
from simple_history.models import HistoricalRecords
from uuid_utils.compat import uuid7

from agentes.tests.factories import AgenteFactory
from bienes.models import Bien
from bienes.tests.factories import BienFactory
from clientes.models import Cliente
from clientes.tests.factories import ClienteFactory, UsuarioFactory
from core import bulk, entities
from core.bulk import Stage
from core.stores import Store, store_for
from core.testing import queries
from polizas.models import Poliza
from polizas.tests.factories import PolizaFactory

pytestmark = pytest.mark.django_db(databases="__all__", transaction=True)

HISTORY = Cliente.history.model
LUNES = datetime(2024, 1, 1, 15, tzinfo=UTC)
MARTES, JUEVES = LUNES + timedelta(days=1), LUNES + timedelta(days=3)
# What each writing has of its own.
ITS_OWN = {"history_id", "history_date", "modificado"}


@pytest.fixture(params=["prepared", "left to Django"])
def either_way(request, monkeypatch):
    """Rows go in by SQL, or as on an engine that takes none."""
    if request.param == "left to Django":
        monkeypatch.setattr(Store, "takes_plain_inserts", lambda self, model: False)
        monkeypatch.setattr(bulk, "_insert_prepared", None)


@pytest.fixture
def left_to_django(monkeypatch):
    def leave():
        monkeypatch.setattr(Store, "takes_plain_inserts", lambda self, model: False)

    return leave


def some(number=3, **values):
    return ClienteFactory.build_batch(number, usuario=None, **values)


def told(rows, *, without=frozenset()):
    return [{k: v for k, v in row.items() if k not in without} for row in rows]


def kept_of(model):
    """What a store has of a model and of its history, but for what each writing has of its own."""
    return (
        told(model.objects.order_by("pk").values(), without=ITS_OWN),
        told(model.history.order_by("id", "version").values(), without=ITS_OWN),
    )


# Rows.


@pytest.mark.usefixtures("either_way")
def test_every_value_comes_back_as_it_went_in():
    agente, usuario = AgenteFactory(), UsuarioFactory()
    [cliente] = some(
        1, nombres="Ñusta «O'Higgins» %s", telefono="", expuesto=True, notas="a\nb\tç 日本"
    )
    cliente.agente, cliente.usuario = agente, usuario
    Cliente.objects.bulk_create([cliente])
    names = [field.attname for field in Cliente._meta.concrete_fields]
    kept = Cliente.objects.get()
    assert {n: getattr(kept, n) for n in names} == {n: getattr(cliente, n) for n in names}


@pytest.mark.usefixtures("either_way")
def test_a_document_comes_back_as_it_went_in():
    poliza = PolizaFactory()
    bien = BienFactory.build(cliente=poliza.cliente, poliza=poliza)
    bien.datos |= {"detalle": "ñ «%s»"}
    bien.valor = Decimal("1234567890.12")
    Bien.objects.bulk_create([bien])
    kept = Bien.objects.get(pk=bien.pk)
    assert (kept.datos, kept.valor) == (bien.datos, bien.valor)
    assert (kept.history.get().datos, kept.history.get().valor) == (bien.datos, bien.valor)


@pytest.mark.usefixtures("either_way")
def test_the_rows_know_that_they_are_kept():
    made = Cliente.objects.bulk_create(some())
    assert {(row._state.adding, row._state.db) for row in made} == {(False, "clientes")}
    made[0].nombres = "Otra"
    made[0].save()
    assert Cliente.objects.get(pk=made[0].pk).version == 2


@pytest.mark.usefixtures("either_way")
def test_a_row_that_lost_its_key_is_given_another():
    [cliente] = some(1)
    cliente.pk = None
    [made] = Cliente.objects.bulk_create([cliente])
    assert made.pk.version == 7
    assert made.history.get().id == made.pk


@pytest.mark.usefixtures("either_way")
def test_none_at_all_are_none():
    assert Cliente.objects.bulk_create([]) == []
    assert Cliente.objects.bulk_create(iter(())) == []


@pytest.mark.usefixtures("either_way")
def test_any_iterable_will_do():
    assert len(Cliente.objects.bulk_create(cliente for cliente in some(4))) == 4
    assert Cliente.objects.count() == HISTORY.objects.count() == 4


def test_a_row_that_points_at_one_not_kept_yet_is_refused():
    [cliente] = some(1)
    cliente.agente = AgenteFactory.build()
    cliente.agente.pk = None
    with pytest.raises(ValueError, match="unsaved related object 'agente'"):
        Cliente.objects.bulk_create([cliente])
    assert not Cliente.objects.exists()


def test_a_reference_to_nothing_in_another_store_is_refused():
    poliza = PolizaFactory()
    lost = PolizaFactory.build(producto=poliza.producto, cliente=None, agente=None)
    lost.cliente_id = uuid4()
    with pytest.raises(ValidationError, match="No existe: cliente"):
        Poliza.objects.bulk_create([lost])
    assert Poliza.objects.count() == Poliza.history.count() == 1


# Both ways are one.


def test_what_goes_in_prepared_is_what_django_and_simple_history_would_write(left_to_django):
    """Of the row and of its history, to the last column."""
    keys = [uuid7() for _ in range(3)]

    def write():
        rows = some(3, nombres="Ana", nacimiento=None)
        for number, (row, key) in enumerate(zip(rows, keys, strict=True)):
            row.pk, row.apellidos, row.creado = key, f"Núñez {number}", LUNES
        Cliente.objects.bulk_create(rows)
        found = kept_of(Cliente)
        Cliente.objects.all()._raw_delete("clientes")
        HISTORY.objects.all()._raw_delete("clientes")
        return found

    prepared = write()
    left_to_django()
    assert prepared == write()
    assert len(prepared[1]) == 3


def test_its_history_is_what_simple_history_writes_of_many_rows():
    rows = Cliente.objects.bulk_create(some())
    ours = told(HISTORY.objects.order_by("id").values(), without=ITS_OWN)
    HISTORY.objects.all()._raw_delete("clientes")
    Cliente.history.bulk_history_create(rows)
    assert told(HISTORY.objects.order_by("id").values(), without=ITS_OWN) == ours


# Who did it, when and why.


@pytest.mark.usefixtures("either_way")
def test_history_says_who_asked():
    ana = User.objects.create_user("ana")
    HistoricalRecords.context.request = RequestFactory().get("/")
    HistoricalRecords.context.request.user = ana
    try:
        Cliente.objects.bulk_create(some(2))
    finally:
        del HistoricalRecords.context.request
    assert {row.history_user_id for row in HISTORY.objects.all()} == {ana.pk}


@pytest.mark.usefixtures("either_way")
def test_history_says_who_it_was_told_to_name_be_it_nobody():
    ana, eva = User.objects.create_user("ana"), User.objects.create_user("eva")
    HistoricalRecords.context.request = RequestFactory().get("/")
    HistoricalRecords.context.request.user = ana
    rows = some(2)
    rows[0]._history_user, rows[1]._history_user = eva, None
    try:
        Cliente.objects.bulk_create(rows)
    finally:
        del HistoricalRecords.context.request
    assert [row.history.get().history_user_id for row in rows] == [eva.pk, None]


@pytest.mark.usefixtures("either_way")
def test_history_says_when_and_why():
    told_when, plain = some(2)
    told_when._history_date, told_when._change_reason = LUNES, "Traspaso"
    before = timezone.now()
    Cliente.objects.bulk_create([told_when, plain])
    first, second = told_when.history.get(), plain.history.get()
    assert (first.history_date, first.history_change_reason) == (LUNES, "Traspaso")
    assert before <= second.history_date <= timezone.now()
    assert second.history_change_reason == ""
    assert {first.history_type, second.history_type} == {"+"}
    assert first.relay_seq is second.relay_seq is None


# Rows with a past.


def with_a_past():
    [cliente] = some(1, nombres="Ana María", email="nueva@example.com", creado=LUNES)
    cliente.stages = [
        Stage(uuid7(), LUNES, {"nombres": "Ana", "email": "vieja@example.com"}),
        Stage(uuid7(), MARTES, {"nombres": "Ana"}),
        Stage(uuid7(), JUEVES, {}),
    ]
    return cliente


@pytest.mark.usefixtures("either_way")
def test_a_row_brings_all_that_it_was():
    cliente = with_a_past()
    Cliente.objects.bulk_create([cliente])
    found = HISTORY.objects.order_by("version").values_list(
        "version", "history_type", "history_date", "modificado", "nombres", "email"
    )
    assert list(found) == [
        (1, "+", LUNES, LUNES, "Ana", "vieja@example.com"),
        (2, "~", MARTES, MARTES, "Ana", "nueva@example.com"),
        (3, "~", JUEVES, JUEVES, "Ana María", "nueva@example.com"),
    ]
    assert list(HISTORY.objects.order_by("version").values_list("history_id", flat=True)) == [
        stage.key for stage in cliente.stages
    ]


@pytest.mark.usefixtures("either_way")
def test_the_row_itself_is_what_it_was_last():
    Cliente.objects.bulk_create([with_a_past()])
    kept = Cliente.objects.get()
    assert (kept.version, kept.creado, kept.modificado) == (3, LUNES, JUEVES)
    assert (kept.nombres, kept.email) == ("Ana María", "nueva@example.com")
    assert "ana maria" in kept.busqueda


@pytest.mark.usefixtures("either_way")
def test_what_happens_to_it_later_is_counted_from_there():
    Cliente.objects.bulk_create([with_a_past()])
    kept = Cliente.objects.get()
    kept.nombres = "Otra"
    kept.save()
    assert [row.version for row in kept.history.all()] == [4, 3, 2, 1]


@pytest.mark.usefixtures("either_way")
def test_rows_with_a_past_and_without_come_together():
    plain = some(2)
    Cliente.objects.bulk_create([plain[0], with_a_past(), plain[1]])
    assert HISTORY.objects.count() == 5
    assert {row.version for row in plain} == {1}


# All or nothing.


@pytest.mark.usefixtures("either_way")
def test_a_history_that_cannot_be_written_keeps_the_rows_out():
    first, second = with_a_past(), with_a_past()
    second.stages = first.stages  # keys that are taken
    with pytest.raises(IntegrityError):
        Cliente.objects.bulk_create([first, second])
    assert not Cliente.objects.exists()
    assert not HISTORY.objects.exists()


@pytest.mark.usefixtures("either_way")
def test_a_row_that_the_store_refuses_keeps_out_those_before_it(monkeypatch):
    monkeypatch.setattr(entities, "BATCH", 2)
    rows = some(5)
    rows[4].pk = rows[0].pk
    with pytest.raises(IntegrityError):
        Cliente.objects.bulk_create(rows)
    assert not Cliente.objects.exists()
    assert not HISTORY.objects.exists()


# What it costs.


def test_many_rows_cost_one_statement_and_their_history_another():
    rows = some(300)
    with queries() as asked:
        Cliente.objects.bulk_create(rows)
    assert [sql.split(" INTO ")[0] for sql in asked.by_store["clientes"]] == [
        "300 times: INSERT",
        "300 times: INSERT",
    ]


def test_no_more_are_prepared_at_a_time_than_a_batch(monkeypatch):
    sizes = []
    whole = entities.insert_with_history
    monkeypatch.setattr(
        entities, "insert_with_history", lambda rows: sizes.append(len(rows)) or whole(rows)
    )
    Cliente.objects.bulk_create(some(25), batch_size=10)
    assert sizes == [10, 10, 5]
    assert Cliente.objects.count() == HISTORY.objects.count() == 25


# Which engines and models take it.


class NoSQLInsertCompiler(compiler.SQLCompiler):
    """As an engine has it that inserts documents."""


@pytest.mark.parametrize("model", [Cliente, HISTORY, Bien, Poliza])
def test_every_model_of_an_engine_of_sql_takes_plain_inserts(model):
    store = store_for(model)
    assert store.takes_plain_inserts(model) is (connections[store.alias].vendor != "mongodb")


def test_an_engine_without_sql_is_left_to_its_own(monkeypatch):
    ops = connections["clientes"].ops
    monkeypatch.setattr(ops, "compiler", lambda name: NoSQLInsertCompiler)
    assert not store_for(Cliente).takes_plain_inserts(Cliente)
    monkeypatch.undo()
    assert store_for(Cliente).takes_plain_inserts(Cliente)


@pytest.mark.parametrize(
    "field",
    [models.BinaryField(), models.IntegerField(db_default=3)],
    ids=["its own place", "the store's own default"],
)
def test_a_column_that_wants_more_than_a_value_is_left_to_django(monkeypatch, field):
    fields = (*Cliente._meta.concrete_fields, field)
    monkeypatch.setattr(Cliente._meta, "concrete_fields", fields)
    assert not store_for(Cliente).takes_plain_inserts(Cliente)


def test_a_stage_says_when_and_what_was_otherwise():
    stage = Stage(UUID(int=1), LUNES, {"nombres": "Ana"})
    assert (stage.key, stage.moment, stage.was) == (UUID(int=1), LUNES, {"nombres": "Ana"})
