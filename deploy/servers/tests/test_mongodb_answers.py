"""What the product relies on in MongoDB: the same answers from the real one and from the stand-in."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow
import pytest

from config.settings import DATABASES

bson = pytest.importorskip("bson")  # as its driver, not with what the embedded stores need
pymongo = pytest.importorskip("pymongo")
arrow = pytest.importorskip("pymongoarrow.api")

ADDRESS = str(DATABASES["bienes"].get("HOST", ""))

pytestmark = pytest.mark.skipif(
    not ADDRESS.startswith("mongodb"), reason="BIENES_URL names no MongoDB"
)
Decimal128, Int64, ObjectId = bson.Decimal128, bson.Int64, bson.ObjectId
BulkWriteError, DuplicateKeyError = pymongo.errors.BulkWriteError, pymongo.errors.DuplicateKeyError
IDS = [ObjectId() for _ in range(20)]
START = datetime(2024, 1, 1, 3, tzinfo=UTC)


@pytest.fixture(scope="module")
def database() -> Iterator[Any]:
    name = f"test_answers_{ObjectId()}"
    with pymongo.MongoClient(ADDRESS, tz_aware=True) as client:
        yield client[name]
        client.drop_database(name)


@pytest.fixture(scope="module")
def bienes(database: Any) -> Any:
    """300 documents that nobody changes."""
    database.bienes.create_index([("grupo", 1), ("numero", 1)], unique=True)
    database.bienes.insert_many(
        {
            "_id": f"{i:04}",
            "numero": Int64(i),
            "orden": i,
            "mitad": i / 2,
            "grupo": f"g{i % 7}",
            "par": i % 2 == 0,
            "monto": Decimal128(f"{i}.50"),
            "notas": [i, Int64(i + 1), "x"],
            "datos": {"valor": i, "placa": f"P{i}", "lista": [f"l{i}"]},
            "creado": START + timedelta(hours=7 * i),
            "nota": i if i % 3 == 0 else None,
            "dueno": IDS[i % 20],
        }
        for i in range(300)
    )
    return database.bienes


@pytest.fixture
def fresh(database: Any) -> Iterator[Any]:
    yield database.fresh
    database.fresh.drop()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"numero": 9}, 1),
        ({"orden": Int64(9)}, 1),
        ({"mitad": 2}, 1),
        ({"numero": True}, 0),
        ({"par": True}, 150),
        ({"par": 1}, 0),
        ({"numero": {"$in": [1, Int64(2), 3.0, 1000]}}, 3),
        ({"numero": {"$nin": [1, 2]}}, 298),
        ({"numero": {"$ne": 1}}, 299),
        ({"datos.valor": {"$gt": 290}}, 9),
        ({"datos.placa": "P7"}, 1),
        ({"datos.lista": "l7"}, 1),
        ({"nota": None}, 200),
        ({"nota": {"$ne": None}}, 100),
        ({"nada": None}, 300),
        ({"notas": 5}, 2),
        ({"notas": "x"}, 300),
        ({"monto": Decimal128("9.5")}, 1),
        ({"monto": {"$gte": Decimal128("290")}}, 10),
        ({"creado": {"$lt": START + timedelta(days=7)}}, 24),
        ({"_id": "0005", "numero": 5}, 1),
        ({"_id": "0005", "numero": 6}, 0),
        ({"_id": {"$in": ["0001", "0002", "no"]}}, 2),
        ({"dueno": IDS[0]}, 15),
        ({"dueno": {"$in": [IDS[0], IDS[1], "g1"]}}, 30),
        ({"$or": [{"grupo": "g0"}, {"numero": 1}]}, 44),
        ({"$and": [{"grupo": "g0"}, {"numero": {"$in": [0, 7, 8]}}]}, 2),
        ({"par": True, "$or": [{"grupo": "g0"}, {"numero": {"$in": [2, 3]}}]}, 23),
        ({"$expr": {"$eq": ["$numero", "$orden"]}}, 300),
    ],
)
def test_a_query_finds_what_mongodb_finds(bienes: Any, query: dict, found: int):
    assert bienes.count_documents(query) == found
    assert len(list(bienes.aggregate([{"$match": query}]))) == found


def test_thousands_of_keys_may_be_asked_for_at_once(bienes: Any):
    texts = [f"{i:04}" for i in range(10_000)]
    grupos = [f"g{i}" for i in range(5_000)]
    assert bienes.count_documents({"_id": {"$in": texts}}) == 300
    assert bienes.count_documents({"grupo": {"$in": grupos}}) == 300
    assert bienes.count_documents({"grupo": {"$in": grupos}, "numero": {"$lt": 10}}) == 10
    assert bienes.count_documents({"numero": {"$in": list(range(200, 3_000))}}) == 100
    assert bienes.count_documents({"dueno": {"$in": [*IDS, *(ObjectId() for _ in texts)]}}) == 300
    assert bienes.count_documents({"$or": [{"grupo": {"$in": grupos}}, {"numero": -1}]}) == 300


def test_a_nested_projection_is_not_a_value(bienes: Any):
    stages = [{"$match": {"_id": "0004"}}, {"$project": {"datos": {"placa": 1}}}]
    assert list(bienes.aggregate(stages)) == [{"_id": "0004", "datos": {"placa": "P4"}}]


@pytest.mark.parametrize(
    ("value", "negated"),
    [("$par", True), ("$orden", False), ("$nada", True), ("", False), ([[]], False), (0, True)],
)
def test_not_takes_null_and_zero_for_false_and_empty_texts_for_true(
    bienes: Any, value: Any, negated: bool
):
    value = value if isinstance(value, str) and value.startswith("$") else {"$literal": value}
    stages = [{"$match": {"_id": "0005"}}, {"$project": {"x": {"$not": [value]}}}]
    assert list(bienes.aggregate(stages)) == [{"_id": "0005", "x": negated}]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"unit": "day"}, datetime(2024, 1, 1, tzinfo=UTC)),
        ({"unit": "day", "timezone": "America/Lima"}, datetime(2023, 12, 31, 5, tzinfo=UTC)),
        ({"unit": "month", "timezone": "America/Lima"}, datetime(2023, 12, 1, 5, tzinfo=UTC)),
        ({"unit": "week", "startOfWeek": "mon"}, datetime(2024, 1, 1, tzinfo=UTC)),
        ({"unit": "week"}, datetime(2023, 12, 31, tzinfo=UTC)),
    ],
)
def test_a_date_is_cut_in_the_zone_asked_for(bienes: Any, options: dict, expected: datetime):
    stages: list[dict] = [
        {"$match": {"_id": "0000"}},
        {"$project": {"x": {"$dateTrunc": {"date": "$creado"} | options}}},
    ]
    assert [row["x"] for row in bienes.aggregate(stages)] == [expected]


def test_groups_and_joins_count_what_there_is(bienes: Any):
    groups = bienes.aggregate([{"$group": {"_id": "$grupo", "n": {"$sum": 1}}}])
    assert {row["_id"]: row["n"] for row in groups} == {
        f"g{i}": 43 if i < 6 else 42 for i in range(7)
    }
    join = {"from": "bienes", "localField": "grupo", "foreignField": "grupo", "as": "otros"}
    let = {
        "let": {"grupo": "$grupo"},
        "pipeline": [{"$match": {"$expr": {"$eq": ["$$grupo", "$grupo"]}}}],
        "from": "bienes",
        "as": "otros",
    }
    for lookup in (join, join | {"pipeline": []}, let):
        [row] = bienes.aggregate([{"$match": {"_id": "0001"}}, {"$lookup": lookup}])
        assert len(row["otros"]) == 43


def test_an_update_that_asks_for_a_version_finds_it_once(fresh: Any):
    fresh.insert_one({"_id": "a", "version": 1})
    change = {"$set": {"version": Int64(2)}}
    assert fresh.update_one({"_id": "a", "version": Int64(1)}, change).matched_count == 1
    assert fresh.update_one({"_id": "a", "version": 1}, change).matched_count == 0
    assert fresh.update_one({"_id": "a", "version": 2.0}, change).matched_count == 1


def test_a_unique_index_refuses_the_second_and_keeps_the_rest(fresh: Any):
    fresh.create_index([("placa", 1), ("numero", 1)], unique=True)
    rows = [("a", "x", 1), ("b", "x", Int64(1)), ("c", "x", 2), ("a", "y", 1), ("d", "y", 1)]
    documents = [{"_id": key, "placa": placa, "numero": n} for key, placa, n in rows]
    with pytest.raises(BulkWriteError) as refused:
        fresh.insert_many(documents, ordered=False)
    assert refused.value.details["nInserted"] == 3
    assert [error["index"] for error in refused.value.details["writeErrors"]] == [1, 3]
    with pytest.raises(DuplicateKeyError):
        fresh.update_one({"_id": "c"}, {"$set": {"numero": 1}})
    assert sorted(row["_id"] for row in fresh.find()) == ["a", "c", "d"]


def test_a_unique_index_sees_into_lists(fresh: Any):
    fresh.create_index("placas", unique=True)
    fresh.insert_one({"_id": 1, "placas": "x"})
    fresh.insert_one({"_id": 2, "placas": ["y", "z"]})
    for taken in ("z", ["x"], ["w", "y"]):
        with pytest.raises(DuplicateKeyError):
            fresh.insert_one({"placas": taken})


def test_a_partial_index_judges_only_its_own(fresh: Any):
    fresh.create_index("placa", unique=True, partialFilterExpression={"placa": {"$type": "string"}})
    fresh.insert_many([{"placa": None}, {"placa": None}, {"placa": "x"}])
    with pytest.raises(DuplicateKeyError):
        fresh.insert_one({"placa": "x"})


def test_an_index_over_what_is_already_twice_is_not_made(fresh: Any):
    fresh.insert_many([{"placa": "x", "n": n} for n in (1, 2)] + [{"placa": "y", "n": Int64(1)}])
    with pytest.raises(DuplicateKeyError):
        fresh.create_index("placa", unique=True)
    fresh.create_index([("placa", 1), ("n", 1)], unique=True)
    with pytest.raises(DuplicateKeyError):
        fresh.insert_one({"placa": "y", "n": 1})


def test_a_cursor_brings_everything_whatever_its_batches(fresh: Any):
    fresh.insert_many({"_id": i} for i in range(12_000))
    for size in (0, 1_000, 20_000):
        assert sum(1 for _ in fresh.find(batch_size=size)) == 12_000
    assert sum(1 for _ in fresh.aggregate([{"$match": {}}])) == 12_000
    schema = arrow.Schema({"_id": pyarrow.int64()})
    for query, rows in (({}, 12_000), ({"_id": 7}, 1), ({"_id": -1}, 0)):
        table = arrow.aggregate_arrow_all(fresh, [{"$match": query}], schema=schema)
        assert table.num_rows == rows


def test_the_size_of_what_is_kept_can_be_asked(database: Any, bienes: Any):
    assert database.command("dbStats")["ok"] == 1
    assert database.command("dbstats")["ok"] == 1
    assert database.name in database.client.list_database_names()
    assert bienes.count_documents({}) == 300
