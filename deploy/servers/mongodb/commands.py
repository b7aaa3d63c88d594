"""Commands as clients send them, and answers in the batches that they ask for."""

# mypy: ignore-errors

import functools

from bson.decimal128 import Decimal128
from mongoeco.api._async import _database_admin_write_commands as writes
from mongoeco.core.aggregation import runtime
from mongoeco.core.bson_scalars import BsonDecimal128, BsonDouble, BsonInt32, BsonInt64
from mongoeco.errors import BulkWriteError
from mongoeco.types import Decimal128 as EcoDecimal128
from mongoeco.wire import executor, proxy
from mongoeco.wire._executor_support import build_request_context
from mongoeco.wire.cursors import (
    WireCursorState,
    WireCursorStore,
    _principal_key,
    wire_session_key,
)

from mongodb.replacing import replace
from mongodb.uniqueness import forget_arrays

# PyMongo writes these in lower case, and mongoeco knows them in the other one alone.
SPELLINGS = {
    "buildinfo": "buildInfo",
    "dbstats": "dbStats",
    "collstats": "collStats",
    "serverstatus": "serverStatus",
    "findandmodify": "findAndModify",
}
WRITES = 500  # documents in one command
BATCH = 5000  # documents; one message holds 48 MB at most
SIZES = {
    Decimal128: 16,
    EcoDecimal128: 16,
    BsonDecimal128: 16,
    BsonInt32: 4,
    BsonInt64: 8,
    BsonDouble: 8,
}


def install():
    executor.build_request_context = request_context
    # One that writes much lets the others write between its batches.
    proxy.WireSurface = functools.partial(proxy.WireSurface, max_write_batch_size=WRITES)
    writes.DatabaseAdminWriteCommandService.command_insert = insert(
        writes.DatabaseAdminWriteCommandService.command_insert
    )
    replace("materialize_command_result", WireCursorStore, by=first_batch)
    replace("get_more", WireCursorStore, by=next_batch)
    replace("_bson_value_size", runtime, by=size)


def request_context(body, **kwargs):
    name = next(iter(body), None)
    if name in ("drop", "dropDatabase", "renameCollection"):
        forget_arrays()
    if name in SPELLINGS:
        body = {SPELLINGS.get(key, key): value for key, value in body.items()}
    elif name == "aggregate" and isinstance(body.get("pipeline"), list):
        body = body | {"pipeline": [plain_stage(stage) for stage in body["pipeline"]]}
    return build_request_context(body, **kwargs)


def plain_stage(stage):
    """Write a stage in the form of it that mongoeco understands."""
    if not isinstance(stage, dict) or len(stage) != 1:
        return stage
    [(operator, spec)] = stage.items()
    if not isinstance(spec, dict):
        return stage
    if operator == "$project":
        return {operator: flat(spec)}
    if operator == "$facet":
        return {operator: {key: [*map(plain_stage, inner)] for key, inner in spec.items()}}
    if operator in ("$lookup", "$unionWith") and "pipeline" in spec:
        if spec["pipeline"] == [] and not spec.get("let") and "localField" in spec:
            # With a pipeline, even an empty one, it compares all the pairs; without, it joins by hash.
            return {operator: {k: v for k, v in spec.items() if k not in ("pipeline", "let")}}
        return {operator: spec | {"pipeline": [*map(plain_stage, spec["pipeline"])]}}
    return stage


def flat(projection):
    """Turn {a: {b: 1}} into {"a.b": 1}: mongoeco takes the {b: 1} for a value to put there."""
    result = {}
    for key, value in projection.items():
        if isinstance(value, dict) and value and not any(str(k).startswith("$") for k in value):
            result |= {f"{key}.{inner}": deep for inner, deep in flat(value).items()}
        else:
            result[key] = value
    return result


def insert(one_by_one):
    """Insert many documents as one batch, in one transaction."""

    async def command_insert(self, spec, *, session=None):
        if not isinstance(spec.get("documents"), list) or len(spec["documents"]) < 2:
            return await one_by_one(self, spec, session=session)
        admin = self._admin
        collection = admin._database.get_collection(
            admin._require_collection_name(spec.get("insert"), "insert")
        )
        errors = None
        try:
            done = await collection.insert_many(
                admin._normalize_insert_documents(spec["documents"]),
                ordered=admin._normalize_ordered_from_command(spec.get("ordered")),
                bypass_document_validation=bool(spec.get("bypassDocumentValidation", False)),
                session=session,
            )
            count = len(done.inserted_ids)
        except BulkWriteError as failure:
            count = failure.details["nInserted"]
            known = ("index", "code", "errmsg", "op")
            errors = [
                writes.WriteErrorEntry(
                    index=error["index"],
                    code=error.get("code"),
                    errmsg=error.get("errmsg", ""),
                    details={key: value for key, value in error.items() if key not in known},
                )
                for error in failure.details["writeErrors"]
            ]
        return writes._write_command_result(
            writes.WriteCommandResult(count=count, write_errors=errors),
            acknowledged=writes.write_command_acknowledged(
                spec, dialect=admin._mongodb_dialect.key
            ),
        )

    return command_insert


def first_batch(original, self, command, result, **kwargs):
    """Send no more than a message holds; and nothing yet where the batch asked for is of none."""
    asked = self._resolve_batch_size(command)
    whole = (result.get("cursor") or {}).get("firstBatch")
    if asked or command.get("singleBatch") or not isinstance(whole, list):
        return original(self, command, result, **kwargs)
    size = BATCH if asked is None else 0
    if len(whole) <= size:
        return original(self, command, result, **kwargs)
    session, cursor = kwargs.get("lsid"), result["cursor"]
    cursor |= {"id": self._next_cursor_id, "firstBatch": whole[:size]}
    self._next_cursor_id += 1
    self._state[cursor["id"]] = WireCursorState(
        namespace=cursor["ns"],
        remaining_batch=whole[size:],
        session_key=None if session is None else wire_session_key(session),
        principal_key=_principal_key(kwargs.get("connection")),
    )
    return result


def next_batch(original, self, command, **kwargs):
    return original(self, command | {"batchSize": command.get("batchSize") or BATCH}, **kwargs)


def size(original, value, *args, **kwargs):
    """Know numbers of fixed size too: dbStats failed where one was stored."""
    return SIZES.get(type(value)) or original(value, *args, **kwargs)
