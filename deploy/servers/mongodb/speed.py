"""What mongoeco did too often. To be installed last, once every module of it is loaded."""

# mypy: ignore-errors

import copy
import datetime
import sys

from bson import ObjectId
from bson.decimal128 import Decimal128
from bson.int64 import Int64
from mongoeco import types
from mongoeco.core.bson_scalars import BsonDecimal128, BsonDouble, BsonInt32, BsonInt64
from mongoeco.engines.sqlite import SQLiteEngine

UNCHANGING = {
    *(type(None), bool, int, float, str, bytes, datetime.datetime),
    *(ObjectId, Decimal128, Int64, types.ObjectId, types.Decimal128),
    *(BsonInt32, BsonInt64, BsonDouble, BsonDecimal128),
}
deepcopy = copy.deepcopy


def install():
    SQLiteEngine._decode_codec_payload = decode
    for name, module in list(sys.modules.items()):
        if name.startswith("mongoeco") and getattr(module, "deepcopy", None) is deepcopy:
            module.deepcopy = copied


def decode(self, payload, *, preserve_bson_wrappers):
    """As it was, without looking up the decoder's signature for each document."""
    return self._codec.decode(payload, preserve_bson_wrappers=preserve_bson_wrappers)


def copied(value, memo=None):
    """Copy a document: a tree of dicts and lists, with no cycles, whose leaves do not change."""
    kind = type(value)
    if kind in UNCHANGING:
        return value
    if memo is None and kind is dict:
        return {k: v if type(v) in UNCHANGING else copied(v) for k, v in value.items()}
    if memo is None and kind is list:
        return [v if type(v) in UNCHANGING else copied(v) for v in value]
    return deepcopy(value, memo)


def index_entries(connection):
    """Let the entries of a document be found: making an index, or deleting, read them all."""
    for table in ("scalar_index_entries", "multikey_entries"):
        connection.execute(
            f"CREATE INDEX IF NOT EXISTS fix_{table} ON {table} (collection_id, index_name, storage_key)"
        )
    connection.commit()
