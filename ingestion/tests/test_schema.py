import hmac

import pyarrow as pa
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.utils.crypto import salted_hmac
from hypothesis import given
from hypothesis import strategies as st

from bitacora.datasets import DATASETS as EVENTS
from core.datasets import Dataset
from ingestion.schema import TIMESTAMP, masked, pseudonyms, table_of

texts = st.lists(st.none() | st.text())


def poliza(columns, **personal):
    return Dataset(
        "postgresql", "polizas", model="polizas.Poliza", columns=columns, personal=personal
    )


def types(dataset):
    return {field.name: str(field.type) for field in table_of(dataset).schema}


def test_each_kind_of_field_has_its_type():
    found = types(
        poliza(
            {
                "id": "id",
                "numero": "numero",
                "prima": "prima",
                "inicio": "inicio",
                "creado": "creado",
                "version": "version",
                "cliente_id": "cliente_id",
                "producto_id": "producto",
                "activo": "producto__activo",
                "aseguradora": "producto__aseguradora__nombre",
            }
        )
    )
    assert found == {
        "id": "string",
        "numero": "string",
        "prima": "decimal128(14, 2)",
        "inicio": "date32[day]",
        "creado": "timestamp[us, tz=UTC]",
        "version": "int64",
        "cliente_id": "string",
        "producto_id": "string",
        "activo": "bool",
        "aseguradora": "string",
    }


def test_json_leaves_as_text():
    bien = Dataset("mongodb", "b", model="bienes.Bien", columns={"datos": "datos"})
    assert types(bien) == {"datos": "string"}


def test_events_have_the_types_of_their_kinds():
    pagos = next(dataset for dataset in EVENTS if dataset.table == "pagos")
    table = table_of(pagos)
    assert table.schema.field("fecha_pago").type == TIMESTAMP
    assert table.schema.field("monto").type == pa.decimal128(14, 2)
    assert table.key == ["id"]
    assert (table.store, table.model) == ("bitacora", None)


@pytest.mark.parametrize("events", EVENTS, ids=lambda dataset: dataset.table)
def test_events_have_a_key(events):
    assert table_of(events).key == ["id"]


def test_the_key_is_the_column_of_the_primary_key_if_it_leaves():
    assert table_of(poliza({"codigo": "id", "numero": "numero"})).key == ["codigo"]
    assert table_of(poliza({"codigo": "pk"})).key == ["codigo"]
    assert table_of(poliza({"numero": "numero"})).key == []
    assert table_of(poliza({"id": "id"}, id="pseudonym")).key == []


@pytest.mark.parametrize(
    "path", ["no_hay", "cliente__nombres", "producto__no_hay", "numero__x", "recibos__importe"]
)
def test_a_path_that_its_store_does_not_have_is_refused_by_name(path):
    with pytest.raises(ImproperlyConfigured, match=path):
        table_of(poliza({"x": path}))


def test_a_treatment_of_no_column_is_refused():
    with pytest.raises(ImproperlyConfigured, match="no tiene la columna nombre"):
        table_of(poliza({"id": "id"}, nombre="masked"))


def test_only_text_is_masked():
    with pytest.raises(ImproperlyConfigured, match="prima no es texto"):
        table_of(poliza({"prima": "prima"}, prima="masked"))


def test_a_field_of_a_kind_that_the_lake_lacks_is_refused():
    group = Dataset("mysql", "g", model="django_celery_beat.SolarSchedule", columns={"t": "event"})
    assert types(group) == {"t": "string"}
    job = Dataset("mysql", "u", model="auth.User", columns={"u": "groups"})
    with pytest.raises(ImproperlyConfigured, match="groups"):
        table_of(job)


def test_what_is_dropped_is_not_in_the_lake_at_all():
    table = table_of(poliza({"id": "id", "numero": "numero"}, numero="dropped"))
    assert table.schema.names == ["id"]


def test_a_pseudonym_of_anything_is_text():
    table = table_of(poliza({"inicio": "inicio"}, inicio="pseudonym"))
    assert table.schema.field("inicio").type == pa.string()
    [name] = table.batch([pa.array(["2026-01-01"]).cast(pa.date32())]).column(0).to_pylist()
    assert len(name) == 64


@given(values=texts)
def test_a_mask_keeps_the_first_letter_and_no_more(values):
    for value, shown in zip(values, masked(pa.array(values, pa.string())).to_pylist(), strict=True):
        assert shown == (f"{value[0]}***" if value else value)


@given(values=texts)
def test_a_pseudonym_is_stable_and_tells_nothing(values):
    first, second = (pseudonyms(pa.array(values, pa.string())).to_pylist() for _ in range(2))
    assert first == second
    key = salted_hmac("ingestion.schema.pseudonym", "", algorithm="sha256").digest()
    for value, name in zip(values, first, strict=True):
        assert name == (hmac.digest(key, value.encode(), "sha256").hex() if value else value)
    assert len(set(first)) == len(set(values))


def test_another_secret_gives_other_pseudonyms(settings):
    values = pa.array(["12345678"])
    before = pseudonyms(values).to_pylist()
    settings.SECRET_KEY = "otra" * 20
    assert pseudonyms(values).to_pylist() != before
