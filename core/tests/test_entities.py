"""The entity: versions, history and the transaction that holds both."""

import pytest
from django.contrib.auth.models import User
from django.core import serializers
from django.db import IntegrityError
from simple_history.signals import pre_create_historical_record

from agentes.tests.factories import AgenteFactory
from clientes.models import Cliente
from clientes.tests.factories import ClienteFactory
from core.entities import VersionConflict, WithoutHistory
from core.stores import atomic
from core.text import normalizar
from especialidades.tests.factories import EspecialidadFactory

pytestmark = pytest.mark.django_db(databases="__all__", transaction=True)

HISTORY = Cliente.history.model


def history_of(row):
    return list(HISTORY.objects.filter(id=row.pk).order_by("history_id"))


def test_keys_sort_by_the_time_they_were_made():
    first, second = ClienteFactory(), ClienteFactory()
    assert first.pk < second.pk
    assert first.pk.version == 7


def test_a_change_raises_the_version_and_the_time():
    cliente = ClienteFactory()
    version, changed = cliente.version, cliente.modificado
    cliente.save()
    cliente.refresh_from_db()
    assert cliente.version == version + 1
    assert cliente.modificado > changed


def test_update_fields_still_carry_the_version():
    cliente = ClienteFactory()
    cliente.nombres = "Otra"
    cliente.save(update_fields=["nombres"])
    read = Cliente.objects.get(pk=cliente.pk)
    assert (read.nombres, read.version) == ("Otra", cliente.version)
    assert normalizar("Otra") in read.busqueda


def test_history_says_who_when_what_and_which_version():
    ana = User.objects.create_user("ana")
    cliente = ClienteFactory.build()
    cliente._history_user = ana
    cliente.save()
    cliente.nombres = "Nueva"
    cliente.save()
    made, changed = history_of(cliente)
    assert (made.history_type, made.history_user_id, made.version) == ("+", ana.pk, 1)
    assert (changed.history_type, changed.nombres, changed.version) == ("~", "Nueva", 2)
    assert changed.diff_against(made).changed_fields


def test_history_is_in_the_store_of_its_row():
    assert history_of(ClienteFactory())[0]._state.db == "clientes"


def test_a_rolled_back_change_leaves_no_history():
    cliente = ClienteFactory()
    with pytest.raises(RuntimeError), atomic(Cliente):
        cliente.save()
        raise RuntimeError
    assert len(history_of(cliente)) == 1


def test_a_failing_history_write_fails_the_change():
    def fail(**kwargs):
        raise IntegrityError("no room")

    cliente = ClienteFactory(nombres="Antes")
    cliente.nombres = "Después"
    pre_create_historical_record.connect(fail)
    try:
        with pytest.raises(IntegrityError):
            cliente.save()
        with pytest.raises(IntegrityError):
            ClienteFactory()
        with pytest.raises(IntegrityError):
            cliente.delete()
    finally:
        pre_create_historical_record.disconnect(fail)
    assert [row.nombres for row in Cliente.objects.all()] == ["Antes"]
    assert cliente.version == 1


def test_a_failing_history_write_fails_a_bulk_insert(monkeypatch):
    def fail(row, past):
        raise IntegrityError("no room")

    monkeypatch.setattr("core.bulk._history_of", fail)
    with pytest.raises(IntegrityError):
        Cliente.objects.bulk_create(ClienteFactory.build_batch(3, usuario=None))
    assert not Cliente.objects.exists()


def test_the_second_of_two_saves_is_refused_and_may_be_tried_again():
    cliente = ClienteFactory()
    mine, theirs = Cliente.objects.get(pk=cliente.pk), Cliente.objects.get(pk=cliente.pk)
    theirs.nombres = "Suya"
    theirs.save()
    mine.nombres = "Mía"
    with pytest.raises(VersionConflict, match="Otra persona"):
        mine.save()
    assert mine.version == 1
    assert Cliente.objects.get(pk=cliente.pk).nombres == "Suya"
    assert len(history_of(cliente)) == 2


def test_a_row_that_somebody_deleted_is_not_made_again_by_saving_it():
    cliente = ClienteFactory()
    stale = Cliente.objects.get(pk=cliente.pk)
    cliente.delete()
    with pytest.raises(VersionConflict):
        stale.save()
    assert not Cliente.objects.exists()


def test_an_insert_with_a_key_that_exists_is_refused_not_an_update():
    cliente = ClienteFactory(nombres="Primera")
    with pytest.raises(IntegrityError):
        ClienteFactory(pk=cliente.pk, nombres="Segunda")
    assert Cliente.objects.get().nombres == "Primera"


def test_a_removal_is_the_last_event_of_its_row():
    cliente = ClienteFactory()
    cliente.save()
    kept = Cliente.objects.get()
    cliente.delete()
    assert [row.version for row in history_of(kept)] == [1, 2, 3]


def test_a_row_is_removed_once_however_often_it_is_asked():
    cliente = ClienteFactory()
    stale = Cliente.objects.get(pk=cliente.pk)
    cliente.delete()
    with pytest.raises(VersionConflict):
        stale.delete()
    assert [row.history_type for row in history_of(stale)] == ["+", "-"]


def test_a_newer_row_is_not_removed_by_who_saw_an_older_one():
    cliente = ClienteFactory()
    stale = Cliente.objects.get(pk=cliente.pk)
    cliente.save()
    with pytest.raises(VersionConflict):
        stale.delete()
    assert stale.version == 1
    assert Cliente.objects.filter(pk=cliente.pk).exists()


def test_a_fixture_brings_its_rows_as_they_are():
    cliente = ClienteFactory(usuario=None)
    cliente.save()
    kept = serializers.serialize("json", [cliente])
    Cliente.objects.all().delete()
    for row in serializers.deserialize("json", kept):
        row.save()
    assert Cliente.objects.get().version == 2


def test_bulk_create_writes_rows_search_and_history():
    made = Cliente.objects.bulk_create(
        ClienteFactory.build_batch(25, usuario=None, nombres="José Ñandú")
    )
    assert {len(history_of(row)) for row in made} == {1}
    assert Cliente.objects.filter(busqueda__contains="jose nandu").count() == 25


@pytest.mark.parametrize(
    "write",
    [
        lambda: Cliente.objects.update(nombres="x"),
        lambda: Cliente.objects.filter(nombres="y").update(nombres="x"),
        lambda: Cliente.objects.bulk_update([], ["nombres"]),
        lambda: Cliente.objects.bulk_create([], ignore_conflicts=True),
        lambda: Cliente.objects.bulk_create([], update_conflicts=True),
    ],
)
def test_a_write_that_would_leave_no_history_is_refused(write):
    with pytest.raises(WithoutHistory):
        write()


def test_deleting_a_queryset_leaves_the_history_of_each_row():
    clientes = ClienteFactory.create_batch(3)
    Cliente.objects.all().delete()
    assert all(history_of(row)[-1].history_type == "-" for row in clientes)


def test_a_change_of_many_to_many_is_in_the_history():
    agente, especialidad = AgenteFactory(), EspecialidadFactory()
    before = agente.history.count()
    agente.otras_especialidades.add(especialidad)
    assert agente.history.count() == before + 1
    kept = agente.history.first().otras_especialidades.all()
    assert [row.especialidad_id for row in kept] == [especialidad.pk]


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("Ángel  NÚÑEZ", "angel nunez"),
        ("  MÜLLER\tGómez ", "muller gomez"),
        ("Straße", "strasse"),
        ("№ 12", "no 12"),
        ("", ""),
    ],
)
def test_text_is_searched_without_case_accents_or_blanks(written, found):
    assert normalizar(written) == found
    assert normalizar(normalizar(written)) == normalizar(written)
