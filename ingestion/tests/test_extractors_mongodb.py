"""What MongoDB may hold and no model allows is refused, never lost; its stages are asked for once."""

from datetime import UTC, datetime

import pytest
from django.utils.timezone import now

from ingestion.jobs import JobFailed
from ingestion.tests.cosas import table_with

bson = pytest.importorskip("bson")
mongodb = pytest.importorskip("ingestion.extractors.mongodb")

TABLE = table_with("id", "texto", "entero", "monto", "dia", "momento", "sí", "datos")


def values(*documents):
    return [
        dict(zip(TABLE.schema.names, row, strict=True))
        for row in zip(
            *(
                array.to_pylist()
                for array in mongodb.values_of(TABLE, b"".join(map(bson.encode, documents)))
            ),
            strict=True,
        )
    ]


def test_what_a_document_lacks_is_null():
    assert values({}, {"texto": "a"}) == [
        dict.fromkeys(TABLE.schema.names),
        dict.fromkeys(TABLE.schema.names) | {"texto": "a"},
    ]


def test_a_number_as_the_server_writes_it_is_read_exact():
    [found] = values({"monto": "1.5E+3", "entero": "-9223372036854775808"})
    assert str(found["monto"]) == "1500.00"
    assert found["entero"] == -(2**63)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("id", 7),
        ("texto", 7),
        ("texto", {"un": "secreto"}),
        ("entero", "1.5"),
        ("entero", "9223372036854775808"),
        ("monto", "1.005"),
        ("monto", "1E+20"),
        ("monto", "NaN"),
        ("monto", "Infinity"),
        ("dia", "2026-01-01"),
        ("momento", "2026-01-01"),
        ("sí", 1),
        ("datos", {"cuando": datetime(2026, 1, 1, tzinfo=UTC)}),
        ("datos", [bson.Decimal128("1.5")]),
    ],
)
def test_a_value_of_another_kind_is_refused_by_its_column(column, value):
    with pytest.raises(JobFailed, match=f"mysql/cosas: un valor de {column} no es") as refusal:
        values({"texto": "a"}, {column: value})
    assert refusal.value.__cause__ is None and refusal.value.__suppress_context__
    assert "secreto" not in str(refusal.value)


def test_documents_are_not_decoded_where_no_column_needs_it(monkeypatch):
    monkeypatch.setattr(mongodb.bson, "decode_all", lambda documents: pytest.fail("decoded"))
    table = table_with("texto", "momento")
    moment = now().replace(microsecond=0)
    [texts, moments] = mongodb.values_of(table, bson.encode({"texto": "a", "momento": moment}))
    assert (texts.to_pylist(), moments.to_pylist()) == (["a"], [moment])


def test_each_collection_that_a_path_crosses_is_looked_up_once():
    table = table_with("id", "otra__texto", "otra__monto", "otra__otra__texto", "otra_id")
    stages = mongodb.pipeline(table)
    assert [next(iter(stage)) for stage in stages] == [
        "$sort",
        "$lookup",
        "$unwind",
        "$lookup",
        "$unwind",
        "$project",
    ]
    assert stages[1]["$lookup"]["localField"] == "otra_id"
    assert stages[3]["$lookup"]["localField"] == "_t1.otra_id"
    assert stages[-1]["$project"] == {
        "_id": 0,
        "id": "$id",
        "otra__texto": "$_t1.texto",
        "otra__monto": {"$toString": "$_t1.monto"},
        "otra__otra__texto": "$_t2.texto",
        "otra_id": "$otra_id",
    }
