import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from core.datasets import Dataset
from ingestion.catalog import catalog
from ingestion.references import counting, one_column, references, repeated, unresolved
from ingestion.schema import table_of

# contract/analytics.md, "Keys between tables".
CONTRACT = (
    "mysql/clients.user_id -> mysql/users.id",
    "postgresql/policies.customer_id -> mysql/clients.id",
    "cassandra/pagos.customer_id -> mysql/clients.id",
    "postgresql/policies.agent_id -> mysql/agents.id",
    "postgresql/policies.product_id -> postgresql/products.id",
    "postgresql/policy_coverage.policy_id -> postgresql/policies.id",
    "postgresql/beneficiaries.policy_id -> postgresql/policies.id",
    "postgresql/beneficiaries.client_id -> mysql/clients.id",
    "mysql/beneficiaries.client_id -> mysql/clients.id",
    "cassandra/reclamos.policy_number -> postgresql/policies.policy_number",
    "mongodb/bienes.cliente_id -> mysql/clients.id",
    "mongodb/bienes.poliza_id -> postgresql/policies.id",
)

ONE_CONNECTION = hypothesis_settings(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

keys = st.lists(st.none() | st.text("abc", max_size=2), max_size=30)


@pytest.fixture
def duck():
    with counting() as connection:
        yield connection


def reader(values, name="k"):
    batches = (pa.record_batch({name: pa.array([value], pa.string())}) for value in values)
    return one_column(batches, name)


@pytest.mark.parametrize("relation", CONTRACT)
def test_every_key_of_the_contract_is_counted(relation):
    assert relation in [str(reference) for reference in references(catalog())]


def poliza(database, table, columns, **personal):
    return table_of(
        Dataset(database, table, model="polizas.Poliza", columns=columns, personal=personal)
    )


def test_a_reference_to_what_is_not_exported_is_none():
    assert references([poliza("postgresql", "p", {"id": "id", "cliente": "cliente_id"})]) == []


def test_a_reference_inside_one_table_counts_too():
    [found] = references([poliza("postgresql", "p", {"id": "id", "anterior": "anterior_id"})])
    assert str(found) == "postgresql/p.anterior -> postgresql/p.id"


def test_what_left_under_another_name_resolves_nothing_and_is_not_counted():
    columns = {"id": "id", "anterior": "anterior_id"}
    assert references([poliza("postgresql", "p", columns, anterior="pseudonym")]) == []
    assert references([poliza("postgresql", "p", columns, id="pseudonym")]) == []


@ONE_CONNECTION
@given(values=keys, targets=keys)
def test_unresolved_counts_what_python_would(duck, values, targets):
    expected = sum(value is not None and value not in targets for value in values)
    assert unresolved(duck, reader(values, "v"), reader(targets, "t")) == expected


@ONE_CONNECTION
@given(values=keys)
def test_repeated_counts_what_python_would(duck, values):
    seen = [value for value in values if value is not None]
    assert repeated(duck, reader(values)) == len(values) - len(set(seen))


def test_names_that_sql_would_take_for_its_own_are_quoted(duck):
    assert unresolved(duck, reader(["a"], "select"), reader(["a"], "group")) == 0
    assert repeated(duck, reader(["a", "a"], "order")) == 1


def test_keys_compare_as_text(duck):
    batch = pa.record_batch({"id": pa.array([1, 2])})
    assert unresolved(duck, one_column(iter([batch]), "id"), reader(["1"])) == 1


def test_a_reader_that_breaks_is_heard_of(duck):
    def broken():
        yield pa.record_batch({"k": pa.array(["a"])})
        raise OSError("disco")

    with pytest.raises(Exception, match="disco"):
        repeated(duck, one_column(broken(), "k"))
