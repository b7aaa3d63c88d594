import pytest
from django.apps import apps
from django.contrib.auth.models import Permission, User
from django.db import DEFAULT_DB_ALIAS, connections

from agentes.models import Agente
from clientes.models import Cliente
from clientes.tests.factories import ClienteFactory
from core.stores import StoreRouter, atomic, store_for, store_of
from polizas.models import Poliza


def test_an_app_without_a_store_lives_in_the_default_one():
    assert store_of("auth") == DEFAULT_DB_ALIAS


def test_the_router_sends_each_model_to_the_store_of_its_app():
    router = StoreRouter()
    for model in apps.get_models():
        assert router.db_for_read(model) == store_of(model._meta.app_label)
        assert router.db_for_write(model) == store_of(model._meta.app_label)


@pytest.mark.parametrize("alias", ["default", "clientes", "polizas", "bienes"])
def test_a_store_is_migrated_with_its_own_apps_alone(alias):
    router = StoreRouter()
    for config in apps.get_app_configs():
        assert router.allow_migrate(alias, config.label) == (store_of(config.label) == alias)


@pytest.mark.django_db(databases="__all__")
def test_each_store_has_the_tables_of_its_apps_and_no_others():
    for alias in connections:
        tables = set(connections[alias].introspection.table_names())
        here = {m._meta.db_table for m in apps.get_models() if store_for(m).alias == alias}
        elsewhere = {m._meta.db_table for m in apps.get_models() if store_for(m).alias != alias}
        assert here <= tables
        assert not elsewhere & tables


@pytest.mark.django_db(databases="__all__")
def test_permissions_of_every_domain_are_in_the_default_store():
    assert Permission.objects.filter(codename="change_poliza").exists()
    assert Permission.objects.db == DEFAULT_DB_ALIAS == User.objects.db


@pytest.mark.django_db(databases="__all__", transaction=True)
def test_atomic_rolls_back_the_store_of_the_model():
    with pytest.raises(RuntimeError), atomic(Cliente):
        ClienteFactory()
        raise RuntimeError
    assert not Cliente.objects.exists()


@pytest.mark.django_db(databases="__all__", transaction=True)
def test_atomic_of_one_store_leaves_the_others_alone():
    with pytest.raises(RuntimeError), atomic(Poliza):
        ClienteFactory()
        raise RuntimeError
    assert Cliente.objects.exists()


def test_what_an_engine_can_not_do_is_data_on_the_store():
    for model in (Agente, Poliza):
        store = store_for(model)
        features = connections[store.alias].features
        assert store.supports_transactions is features.supports_transactions
        assert store.supports_row_locks is features.has_select_for_update
