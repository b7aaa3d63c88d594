"""What a demo leaves in the stores: the same whenever it is written, whole over all of them, in little memory."""

import tracemalloc
from hashlib import sha256
from statistics import mean

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connections, models
from django.utils import timezone

from agentes.models import Agente
from clientes.models import Cliente
from core.entities import Entity
from core.models import Operacion
from core.stores import store_for
from core.testing import undone
from ingestion.demo.plan import Plan
from ingestion.demo.write import ORDER, write_demo
from ingestion.tests.demo.conftest import HOY
from pedidos.models import Pedido
from polizas.models import Aseguradora, Poliza, Producto, TipoCobertura
from siniestros.models import Reclamo

pytestmark = pytest.mark.django_db(databases="__all__")

SMALL = Plan(60, 3, HOY)
OTHER = Plan(60, 4, HOY)
STORES = ("clientes", "polizas", "bienes")
CATALOGUE = (Aseguradora, Producto, TipoCobertura)


@pytest.fixture(autouse=True)
def small_batches(monkeypatch):
    monkeypatch.setattr("ingestion.demo.plan.BATCH", 20)


def hashes():
    """Return a hash of all that each table of the domains' stores holds, history and links included.

    Keys that an engine counts go on counting when the rows are undone: they are left out.
    """
    found = {}
    for model in apps.get_models(include_auto_created=True):
        if store_for(model).alias not in STORES or model._meta.proxy:
            continue
        fields = model._meta.concrete_fields
        counted = [f for f in fields if isinstance(f, models.AutoField) or f.name == "id"]
        names = [f.attname for f in fields if f not in counted or type(f) is models.UUIDField]
        rows = sorted(map(repr, model._base_manager.values_list(*names)))
        if rows:
            found[model._meta.db_table] = sha256("\n".join(rows).encode()).hexdigest()
    return found


def hashes_of(*plans):
    """Write demos, hash the stores, and leave no trace of it."""
    with undone():
        for plan in plans:
            list(write_demo(plan))
        return hashes()


# Deterministic.


def test_the_same_demo_is_the_same_in_every_table():
    first = hashes_of(SMALL)
    assert not hashes()
    assert hashes_of(SMALL) == first
    tables = set(first)
    assert {model._meta.db_table for model in ORDER} <= tables
    assert {model.history.model._meta.db_table for model in ORDER} <= tables
    assert "agentes_historicalagente_otras_especialidades" in tables


def test_it_is_the_same_on_another_day(monkeypatch):
    first = hashes_of(SMALL)
    later = timezone.now() + timezone.timedelta(days=400, hours=7)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert hashes_of(SMALL) == first


def test_it_is_the_same_in_whatever_language_and_zone(settings):
    first = hashes_of(SMALL)
    settings.LANGUAGE_CODE, settings.TIME_ZONE = "en", "Europe/Madrid"
    assert hashes_of(SMALL) == first


def test_it_is_the_same_however_often_it_was_cut(monkeypatch):
    def in_parts():
        with undone():
            for _batch in range(SMALL.batches):
                steps = write_demo(SMALL)
                next(steps)
                steps.close()
            return hashes()

    assert in_parts() == hashes_of(SMALL)


def test_another_seed_is_another_demo():
    one, other = hashes_of(SMALL), hashes_of(OTHER)
    for model in ORDER:
        assert one[model._meta.db_table] != other[model._meta.db_table]


def test_a_demo_changes_no_row_of_another():
    list(write_demo(SMALL))
    before = {model: list(model.objects.order_by("pk").values()) for model in ORDER}
    list(write_demo(OTHER))
    for model, rows in before.items():
        keys = [row["id"] for row in rows]
        assert list(model.objects.filter(pk__in=keys).order_by("pk").values()) == rows
        assert model.objects.count() > len(rows)


def test_an_order_of_two_demos_is_no_matter_but_for_who_brought_the_catalogue():
    one, other = hashes_of(SMALL, OTHER), hashes_of(OTHER, SMALL)
    links = {"agentes_agente_otras_especialidades", "agentes_historicalagente_otras_especialidades"}
    histories = {
        model.history.model._meta.db_table
        for model in (*CATALOGUE, Agente.especialidad.field.related_model)
    }
    assert {t for t in one if one[t] != other[t]} <= links | histories


# Whole.


def references():
    for model in (*ORDER, *CATALOGUE):
        for field in model._meta.concrete_fields:
            if isinstance(field, models.ForeignKey):
                yield model, field


def test_no_reference_points_at_nothing():
    list(write_demo(SMALL))
    for model, field in references():
        pointed = set(model.objects.values_list(field.attname, flat=True)) - {None}
        target = field.related_model
        assert pointed <= set(target._base_manager.values_list("pk", flat=True)), field
        assert pointed or target._meta.label == settings.AUTH_USER_MODEL, field


def test_each_row_is_in_the_store_of_its_model_with_its_history():
    list(write_demo(SMALL))
    for model in ORDER:
        alias = store_for(model).alias
        assert alias in STORES
        assert model.objects.using(alias).exists()
        assert model.history.using(alias).exists()


def test_nothing_of_it_is_said_to_be_done_by_anybody():
    list(write_demo(SMALL))
    for model in (*ORDER, *CATALOGUE):
        assert not model.history.exclude(history_user_id=None).exists()


def test_nothing_of_it_has_been_relayed():
    list(write_demo(SMALL))
    for model in ORDER:
        assert not model.history.exclude(relay_seq=None).exists()


def test_people_find_what_it_wrote():
    list(write_demo(SMALL))
    for model in ORDER:
        if model.search_terms:
            assert model.objects.exclude(busqueda="").exists(), model
    cliente = Cliente.objects.filter(tipo="persona").first()
    assert cliente in Cliente.objects.matching(cliente.apellidos.upper())


@pytest.mark.parametrize("model", [Cliente, Poliza, Reclamo, Pedido])
def test_what_it_wrote_may_be_worked_on(model):
    list(write_demo(SMALL))
    row = model.objects.order_by("-version").first()
    before = row.version
    row.save()
    assert model.objects.get(pk=row.pk).version == before + 1
    assert row.history.first().version == before + 1


def test_what_the_demo_was_is_in_the_audit_once():
    before = Operacion.objects.count()
    list(write_demo(SMALL))
    assert Operacion.objects.count() == before + 1


# In little memory.


def test_what_a_long_demo_holds_between_batches_does_not_grow():
    held = []
    tracemalloc.start()
    try:
        for _step in write_demo(Plan(1000, 9, HOY)):
            held.append(tracemalloc.get_traced_memory()[0])
    finally:
        tracemalloc.stop()
    # The first batches fill caches; a batch itself takes hundreds of times this.
    assert mean(held[-10:]) - mean(held[15:25]) < 50_000


def test_no_row_outlives_its_batch(monkeypatch):
    """Not even under DEBUG, which keeps what every query said."""
    import gc

    monkeypatch.setattr(connections["clientes"], "force_debug_cursor", True)
    steps = write_demo(Plan(100, 9, HOY))
    alive = []
    for _step in steps:
        gc.collect()
        alive.append(sum(isinstance(found, Entity) for found in gc.get_objects()))
        assert not connections["clientes"].queries_log
    assert max(alive[1:]) <= alive[0] * 1.25
