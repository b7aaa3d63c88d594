"""MongoDB: documents as the server sends them, which pymongoarrow reads without a Python object of each value."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import bson
import pyarrow as pa
import pyarrow.compute as pc
from django.db import connections, models
from django.db.models.constants import LOOKUP_SEP
from pymongoarrow.context import PyMongoArrowContext
from pymongoarrow.schema import Schema

from ingestion.extractors.batches import ROWS, blamed
from ingestion.extractors.sql import HEX_GROUPS
from ingestion.schema import Column, LakeTable, stored

# The server says them in text, which is exact: a number with decimals where there should be none isn't lost.
NUMBERS = (models.DecimalField, models.IntegerField)
MILLISECONDS = pa.timestamp("ms", tz="UTC")


@dataclass(frozen=True)
class MongoDBReading:
    connection: Any
    session: Any
    as_of: datetime

    def batches(self, table: LakeTable) -> Iterator[pa.RecordBatch]:
        assert table.model is not None
        collection = self.connection.database[table.model._meta.db_table]
        for documents in collection.aggregate_raw_batches(
            pipeline(table), session=self.session, batchSize=ROWS
        ):
            if documents:
                yield table.batch(values_of(table, documents))


@contextmanager
def reading(alias: str) -> Iterator[MongoDBReading]:
    """Hold the store at one moment where it is a replica set; else read it as it goes on changing.

    What was committed before `as_of` is in it.
    """
    connection: Any = connections[alias]
    as_of = connection.database.client.admin.command("hello")["localTime"].replace(tzinfo=UTC)
    one_moment = connection.has_own_transactions()
    client = connection.database.client
    with client.start_session(snapshot=True) if one_moment else nullcontext() as session:
        yield MongoDBReading(connection, session, as_of)


def pipeline(table: LakeTable) -> list[dict[str, Any]]:
    """Return the stages that give the table's columns under their names in the lake, by primary key."""
    assert table.model is not None
    model: Any = table.model
    joins = _Joins(model)
    columns = {
        column.name: _expression(column, joins.path(column.path.split(LOOKUP_SEP)[:-1], column))
        for column in table.columns
    }
    return [
        {"$sort": {model._meta.pk.column: 1}},
        *joins.stages,
        {"$project": {"_id": 0} | columns},
    ]


class _Joins:
    """The collections that the paths cross, each looked up once, under a name of its own."""

    def __init__(self, model: Any) -> None:
        self.known: dict[tuple[str, ...], tuple[str, Any]] = {(): ("", model)}
        self.stages: list[dict[str, Any]] = []

    def path(self, crossed: list[str], column: Column) -> str:
        assert column.field is not None
        prefix, _model = self._joined(tuple(crossed))
        return prefix + column.field.column

    def _joined(self, crossed: tuple[str, ...]) -> tuple[str, Any]:
        if crossed not in self.known:
            holder, model = self._joined(crossed[:-1])
            reference = model._meta.get_field(crossed[-1])
            target, found = reference.related_model, f"_t{len(self.known)}"
            lookup = {
                "from": target._meta.db_table,
                "localField": holder + reference.column,
                "foreignField": reference.target_field.column,
                "as": found,
            }
            unwind = {"path": f"${found}", "preserveNullAndEmptyArrays": True}
            self.stages += [{"$lookup": lookup}, {"$unwind": unwind}]
            self.known[crossed] = f"{found}.", target
        return self.known[crossed]


def _expression(column: Column, path: str) -> Any:
    return {"$toString": f"${path}"} if _is(column, *NUMBERS) else f"${path}"


def values_of(table: LakeTable, documents: bytes) -> list[pa.Array]:
    """Return the columns of some documents, or raise JobFailed naming the one that is wrong."""
    try:
        return _read(documents, table.columns)
    except (pa.ArrowException, TypeError):
        # A TypeError is pymongoarrow's own, and json's.
        raise blamed(table, lambda columns: _read(documents, columns)) from None


def _read(documents: bytes, wanted: Sequence[Column]) -> list[pa.Array]:
    flat = [column for column in wanted if not _is(column, models.JSONField)]
    context = PyMongoArrowContext(Schema({column.name: _read_as(column) for column in flat}))
    context.process_bson_stream(documents)
    read = context.finish().combine_chunks()
    decoded = bson.decode_all(documents) if len(flat) < len(wanted) else []
    return [
        _value(column, read[column.name].combine_chunks())
        if column in flat
        else _texts(column, decoded)
        for column in wanted
    ]


def _is(column: Column, *kinds: type[models.Field]) -> bool:
    assert column.field is not None
    return isinstance(stored(column.field), kinds)


def _read_as(column: Column) -> pa.DataType:
    if _is(column, models.DateTimeField):
        return MILLISECONDS
    return pa.string() if _is(column, *NUMBERS) else column.raw


def _value(column: Column, values: pa.Array) -> pa.Array:
    if _is(column, models.UUIDField):
        groups = [
            pc.utf8_slice_codeunits(values, first - 1, first - 1 + n) for first, n in HEX_GROUPS
        ]
        return pc.binary_join_element_wise(*groups, "-")
    return values.cast(column.raw)


def _texts(column: Column, documents: list[dict[str, Any]]) -> pa.Array:
    found = (document.get(column.name) for document in documents)
    texts = [None if value is None else json.dumps(value) for value in found]
    return pa.array(texts, pa.string()).cast(column.raw)
