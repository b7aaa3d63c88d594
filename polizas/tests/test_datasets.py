import pytest
from django.apps import apps

from polizas.datasets import DATASETS
from polizas.tests.factories import BeneficiarioPolizaFactory

CONTRATO = {
    "products": ["id", "code", "name", "product_type", "base_premium", "description"],
    "policies": [
        "id",
        "policy_number",
        "customer_id",
        "agent_id",
        "premium",
        "sum_insured",
        "product_id",
        "status",
        "start_date",
        "end_date",
        "created_at",
    ],
    "policy_coverage": ["policy_id", "coverage_name", "coverage_limit", "deductible"],
    "beneficiaries": ["policy_id", "client_id", "full_name", "relationship"],
}


@pytest.mark.parametrize(("tabla", "columnas"), CONTRATO.items())
def test_the_tables_of_the_lake_have_the_columns_that_its_readers_know(tabla, columnas):
    [dataset] = [dataset for dataset in DATASETS if dataset.table == tabla]
    assert list(dataset.columns) == columnas
    assert dataset.database == "postgresql"


@pytest.mark.django_db(databases="__all__")
@pytest.mark.parametrize("dataset", DATASETS, ids=lambda dataset: dataset.table)
def test_every_column_is_a_field_that_the_store_reads(dataset):
    rows = apps.get_model(dataset.model)._base_manager.values_list(*dataset.columns.values())
    assert list(rows) == []


@pytest.mark.django_db(databases="__all__")
def test_a_beneficiario_names_the_cliente_of_its_poliza():
    [dataset] = [dataset for dataset in DATASETS if dataset.table == "beneficiaries"]
    fila = BeneficiarioPolizaFactory()
    leida = type(fila).objects.values(*dataset.columns.values()).get()
    assert leida["poliza__cliente_id"] == fila.poliza.cliente_id
