import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured

from core.datasets import Dataset
from ingestion import catalog as module
from ingestion import checks
from ingestion.catalog import catalog, databases

# contract/analytics.md: what readers of the old layout count on.
CONTRACT = {
    "mysql/users": "id username email role phone state city created_at",
    "mysql/clients": "user_id first_name last_name document_type birth_date id document_number "
    "created_at",
    "mysql/agents": "id code first_name last_name is_active specialty created_at",
    "mysql/beneficiaries": "client_id relationship birth_date id",
    "postgresql/products": "id code name product_type base_premium description",
    "postgresql/policies": "id policy_number customer_id agent_id premium sum_insured product_id "
    "status start_date end_date created_at",
    "postgresql/policy_coverage": "policy_id coverage_name coverage_limit deductible",
    "postgresql/beneficiaries": "policy_id client_id full_name relationship",
    "cassandra/reclamos": "id policy_number estado monto fecha_reclamo",
    "cassandra/pagos": "id customer_id monto metodo_pago fecha_pago tipo policy_number",
    "cassandra/transaction_audit": "timestamp servicio operacion user_id",
}


def dataset(table="usuarios", database="mysql", model="clientes.Usuario", **kwargs):
    return Dataset(database, table, model=model, columns={"id": "id"}, **kwargs)


@pytest.mark.parametrize("path", CONTRACT)
def test_each_table_of_the_contract_has_its_columns(path):
    [table] = [table for table in catalog() if table.path == path]
    assert set(CONTRACT[path].split()) <= set(table.schema.names)
    assert table.csv_key == f"{path}/{path.split('/')[1]}.csv"


def test_the_tables_come_by_path_once_each():
    paths = [table.path for table in catalog()]
    assert paths == sorted(set(paths))


def test_every_app_that_declares_datasets_is_heard():
    heard = {type(d) and d.model for d in module.declared() if isinstance(d, Dataset)}
    for label in ("agentes.Agente", "clientes.Cliente", "polizas.Poliza", "bienes.Bien"):
        assert label in heard


def test_every_dataset_of_an_app_is_of_its_own_models():
    for table in catalog():
        if table.model is not None:
            config = apps.get_app_config(table.model._meta.app_label)
            assert table.store == config.store


def test_each_database_is_read_from_one_store():
    assert databases(catalog()) == {
        "mysql": "clientes",
        "postgresql": "polizas",
        "mongodb": "bienes",
        "cassandra": "bitacora",
    }


def refused(monkeypatch, *datasets):
    monkeypatch.setattr(module, "declared", lambda: datasets)
    with pytest.raises(ImproperlyConfigured) as refusal:
        catalog()
    [error] = checks.the_catalog_holds(None)
    assert error.msg == str(refusal.value)
    return error.msg


def test_a_table_declared_twice_is_refused_by_name(monkeypatch):
    assert "mysql/usuarios" in refused(monkeypatch, dataset(), dataset())


def test_a_database_of_two_stores_is_refused(monkeypatch):
    said = refused(monkeypatch, dataset(), dataset("polizas", model="polizas.Poliza"))
    assert "clientes" in said and "polizas" in said


def test_the_catalog_of_the_project_passes_the_check():
    assert checks.the_catalog_holds(None) == []
