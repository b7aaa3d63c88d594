"""Where no transaction holds a row and its history together, the history comes first and is true in the end."""

from contextlib import nullcontext
from datetime import timedelta

import pytest
from django.db import IntegrityError, connections
from django.utils import timezone

from bienes.models import Bien
from bienes.tests.factories import BienFactory
from core import history
from core.entities import EntityQuerySet, VersionConflict
from core.history import settled
from core.outages import StoreDown
from core.stores import Store, store_for
from pedidos.models import Pedido
from pedidos.tests.factories import PedidoFactory, TomadoFactory

pytestmark = pytest.mark.django_db(databases="__all__", transaction=True)

HISTORY = Bien.history.model


class Killed(BaseException):
    """As a kill does, nothing catches it."""


@pytest.fixture(autouse=True)
def nothing_is_rolled_back(monkeypatch):
    """Take the store of bienes as one without transactions, which it is on a MongoDB of one server."""
    monkeypatch.setattr(Store, "supports_transactions", False)
    monkeypatch.setattr(Store, "atomic", lambda self: nullcontext())


@pytest.fixture
def forgotten(monkeypatch):
    """The announcements that were forgotten, as if each had been written when its history says."""
    keys = []

    def forget(self, model, gone, *, written_before):
        old = model._base_manager.filter(pk__in=gone, history_date__lt=written_before)
        keys.extend(old.values_list("pk", flat=True))
        old.delete()

    monkeypatch.setattr(Store, "forget", forget)
    return keys


@pytest.fixture
def killed(monkeypatch):
    """Kill whoever writes a row, after its history and before the row."""

    def kill(*args, **kwargs):
        raise Killed

    def arm(name="save_base"):
        return monkeypatch.setattr(Bien, name, kill)

    return arm


def told():
    rows = HISTORY.objects.order_by("pk")
    return [(row.id, row.version, row.history_type) for row in settled(HISTORY, rows)]


def test_a_row_has_one_history_of_each_change():
    bien = BienFactory()
    bien.save()
    key = bien.pk
    bien.delete()
    assert told() == [(key, 1, "+"), (key, 2, "~"), (key, 3, "-")]


def test_the_history_says_what_the_row_then_holds():
    bien = BienFactory(descripcion="Antes")
    bien.descripcion = "Después"
    bien.save()
    assert list(bien.history.values_list("descripcion", flat=True)) == ["Después", "Antes"]


def test_what_was_announced_and_never_came_is_not_told(killed, forgotten):
    bien = BienFactory()
    killed()
    with pytest.raises(Killed):
        bien.save()
    assert HISTORY.objects.filter(version=2).exists()
    assert told() == [(bien.pk, 1, "+")]
    assert not forgotten


def test_a_row_that_was_never_made_is_not_told(killed, forgotten):
    bien = BienFactory.build(cliente=BienFactory().cliente, poliza=None)
    killed()
    with pytest.raises(Killed):
        bien.save()
    assert bien.pk not in {key for key, _version, _kind in told()}


def test_a_removal_that_was_never_made_is_not_told(monkeypatch, forgotten):
    bien = BienFactory()
    with monkeypatch.context() as patch, pytest.raises(ZeroDivisionError):
        patch.setattr("django.db.models.deletion.Collector.delete", lambda self: 1 / 0)
        bien.delete()
    assert told() == [(bien.pk, 1, "+")]


def test_it_is_forgotten_once_no_write_can_still_be_under_way(killed, forgotten, monkeypatch):
    bien = BienFactory()
    killed()
    with pytest.raises(Killed):
        bien.save()
    later = timezone.now() + history.PATIENCE + timedelta(seconds=1)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert told() == [(bien.pk, 1, "+")]
    assert len(forgotten) == 1
    assert not HISTORY.objects.filter(version=2).exists()


def test_what_came_is_never_forgotten(forgotten, monkeypatch):
    bien = BienFactory()
    bien.save()
    later = timezone.now() + 2 * history.PATIENCE
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert len(told()) == 2
    assert not forgotten


def test_what_the_store_refuses_is_taken_back(monkeypatch):
    BienFactory()
    stale = Bien.objects.get()
    monkeypatch.setattr(
        Bien, "_do_update", lambda self, *args: (_ for _ in ()).throw(self.conflict())
    )
    with pytest.raises(VersionConflict):
        stale.save()
    assert HISTORY.objects.count() == 1
    assert stale.version == 1


def test_of_a_failure_that_nobody_knows_the_end_of_the_history_waits(monkeypatch):
    bien = BienFactory()

    def lost(self, *args):
        raise StoreDown("bienes")

    monkeypatch.setattr(Bien, "_do_update", lost)
    with pytest.raises(StoreDown):
        bien.save()
    assert HISTORY.objects.filter(version=2).exists()


def test_many_at_once_have_their_history_first(monkeypatch):
    rows = BienFactory.build_batch(3, cliente=BienFactory().cliente, poliza=None)
    monkeypatch.setattr(Store, "takes_plain_inserts", lambda self, model: False)
    order = []
    create = EntityQuerySet.__mro__[2].bulk_create

    def noted(self, objs, *args, **kwargs):
        order.append(self.model)
        return create(self, objs, *args, **kwargs)

    monkeypatch.setattr("django.db.models.QuerySet.bulk_create", noted)
    Bien.objects.bulk_create(rows)
    assert order == [HISTORY, Bien]
    assert {(row.pk, 1, "+") for row in rows} <= set(told())


class TestOnMongoDB:
    """What the server itself holds to."""

    @pytest.fixture(autouse=True)
    def only_there(self):
        if connections["bienes"].vendor != "mongodb":
            pytest.skip("bienes live elsewhere")

    def test_nobody_announces_a_version_that_somebody_is_writing(self, killed, monkeypatch):
        bien = BienFactory()
        with monkeypatch.context() as patch:
            patch.setattr(
                Bien, "save_base", lambda *args, **kwargs: (_ for _ in ()).throw(Killed())
            )
            with pytest.raises(Killed):
                bien.save()
        other = Bien.objects.get()
        with pytest.raises(VersionConflict):
            other.save()
        assert HISTORY.objects.filter(version=2).count() == 1

    def test_a_save_after_a_failure_announces_again(self):
        bien = BienFactory()
        with pytest.raises(VersionConflict):
            stale = Bien.objects.get()
            bien.save()
            stale.save()
        bien.save()
        assert [version for _key, version, _kind in told()] == [1, 2, 3]

    def test_an_old_announcement_is_forgotten_by_when_it_was_written(self, killed):
        bien = BienFactory()
        killed()
        with pytest.raises(Killed):
            bien.save()
        store = store_for(Bien)
        announced = [HISTORY.objects.get(version=2).pk]
        store.forget(HISTORY, announced, written_before=timezone.now() - timedelta(hours=1))
        assert HISTORY.objects.filter(version=2).exists()
        store.forget(HISTORY, announced, written_before=timezone.now() + timedelta(hours=1))
        assert not HISTORY.objects.filter(version=2).exists()

    @pytest.mark.parametrize(
        "wrong",
        [
            {"tipo": 7},
            {"valor": 1.5},
            {"descripcion": "x" * 201},
            {"creado": "ayer"},
            {"version": "1"},
        ],
        ids=lambda wrong: next(iter(wrong)),
    )
    def test_a_document_that_is_not_what_its_model_says_is_refused(self, wrong):
        from pymongo.errors import WriteError

        BienFactory()
        collection = connections["bienes"].database["bienes_bien"]
        document = collection.find_one() | wrong | {"id": "otro"}
        del document["_id"]
        with pytest.raises(WriteError):
            collection.insert_one(document)

    def test_a_document_with_something_missing_is_refused(self):
        from pymongo.errors import WriteError

        with pytest.raises(WriteError):
            connections["bienes"].database["pedidos_pedido"].insert_one({"id": "solo"})

    def test_each_collection_has_the_indexes_of_its_model(self):
        names = {*connections["bienes"].database["pedidos_pedido"].index_information()}
        assert {index.name for index in Pedido._meta.indexes} <= names

    def test_two_histories_of_one_version_are_one_too_many(self):
        bien = BienFactory()
        twin = HISTORY.objects.get()
        twin.pk = type(twin)._meta.pk.get_default()
        with pytest.raises(IntegrityError):
            twin.save(force_insert=True)
        assert bien.history.count() == 1

    def test_of_two_who_take_a_pedido_the_second_is_told(self):
        pedido = PedidoFactory()
        stale = Pedido.objects.get()
        taken = TomadoFactory(cliente=pedido.cliente)
        pedido.empleado = taken.empleado
        pedido.save()
        stale.empleado = taken.empleado
        with pytest.raises(VersionConflict):
            stale.save()
