from importlib import import_module

import pytest
from django.apps import apps

from core.datasets import Dataset

# The columns that readers of the lake rely on, in their order.
CONTRACT = {
    "users": "id username email role phone state city created_at",
    "clients": "user_id first_name last_name document_type birth_date id document_number created_at",
    "agents": "id code first_name last_name is_active specialty created_at",
    "beneficiaries": "client_id relationship birth_date id",
}
DATASETS: list[Dataset] = [
    dataset
    for app in ("especialidades", "agentes", "clientes")
    for dataset in import_module(f"{app}.datasets").DATASETS
]


@pytest.mark.parametrize("table", CONTRACT)
def test_the_tables_of_the_contract_have_its_columns(table: str) -> None:
    (dataset,) = [dataset for dataset in DATASETS if dataset.table == table]
    assert list(dataset.columns) == CONTRACT[table].split()
    required = {name: dataset.personal.get(name, "plain") for name in dataset.columns}
    required.pop("document_number", None)
    assert set(required.values()) == {"plain"}


@pytest.mark.parametrize("dataset", DATASETS, ids=lambda dataset: dataset.table)
def test_every_column_is_of_a_field_that_exists(dataset: Dataset) -> None:
    assert dataset.database == "mysql"
    for path in dataset.columns.values():
        model = apps.get_model(dataset.model)
        *relations, name = path.split("__")
        for relation in relations:
            model = model._meta.get_field(relation).related_model
        assert name in {field.attname for field in model._meta.concrete_fields}


def test_personal_data_nobody_needs_does_not_leave_in_the_clear() -> None:
    treated = {
        f"{dataset.table}.{column}": treatment
        for dataset in DATASETS
        for column, treatment in dataset.personal.items()
        if treatment != "plain"
    }
    assert treated == {
        "clients.document_number": "pseudonym",
        "contactos.valor": "masked",
        "contactos.nota": "dropped",
        "direcciones.linea": "dropped",
        "direcciones.codigo_postal": "masked",
    }


def test_every_column_declared_personal_is_one_of_the_table() -> None:
    assert all(set(dataset.personal) <= set(dataset.columns) for dataset in DATASETS)
