"""Unique indexes that do not read the whole collection at each write.

mongoeco compares a document with all the others for a compound index, or one over numbers; and with all
the pairs of them when the index is made.
"""

# mypy: ignore-errors

import sys
import threading

from bson import ObjectId
from mongoeco.core.bson_ordering import bson_equality_key
from mongoeco.engines import _sqlite_index_admin, virtual_indexes
from mongoeco.engines.memory import MemoryEngine, index_build_duplicate_error
from mongoeco.engines.sqlite import SQLiteEngine
from mongoeco.engines.sqlite_query import type_expression_sql, value_expression_sql

from mongodb.queries import plain_number
from mongodb.replacing import replace

NUMBERS = "('', 'int32', 'int64', 'double')"

arrays = {}  # (database, collection) -> {fields: whether any document ever had an array there}
checking = (
    threading.local()
)  # what the check under way reads: `indexes`, and a `condition` on documents
filters = {}
values_of = MemoryEngine()


def install():
    replace("_unique_index_uses_multikey_values", SQLiteEngine, by=has_arrays)
    replace("_field_is_top_level_array_in_collection", SQLiteEngine, by=is_array)
    replace("_load_indexes", SQLiteEngine, by=indexes_to_check)
    replace("_load_documents", SQLiteEngine, by=documents_to_check)
    replace("_validate_document_against_unique_indexes", SQLiteEngine, by=check)
    replace("compile_filter", virtual_indexes, by=compiled_once)
    replace("document_in_virtual_index", _sqlite_index_admin, by=to_compare_when_built)


def forget_arrays():
    arrays.clear()


def at(document, field):
    """Return the value at a path, or the first list on the way to it."""
    value = document
    for part in field.split("."):
        value = value.get(part) if isinstance(value, dict) else None
        if isinstance(value, list):
            return value
    return value


def holds_array(document, fields):
    return any(isinstance(at(document, field), list) for field in fields)


def has_arrays(original, self, database, collection, document, index):
    """Remember whether a field holds arrays: mongoeco looks through the collection after each write."""
    known = arrays.setdefault((database, collection), {})
    fields = tuple(index["fields"])
    if holds_array(document, fields):
        known[fields] = True
    elif fields not in known:
        known[fields] = original(self, database, collection, document, index)
    return known[fields]


def is_array(original, self, database, collection, field):
    """Remember that too."""
    known = arrays.setdefault((database, collection), {})
    if (field,) not in known:
        known[field,] = original(self, database, collection, field)
    return known[field,]


def check(original, self, database, collection, document, *, skip_id_check=False, **kwargs):
    """Check an index at a time, each against the documents that could collide in it."""
    for fields, seen in arrays.get((database, collection), {}).items():
        if not seen and holds_array(document, fields):
            arrays[database, collection][fields] = True
    kwargs["scan_payload_id"] = False  # the storage key says the same
    indexes = list(self._load_indexes(database, collection))
    try:
        checking.indexes, checking.condition = [], None
        original(self, database, collection, document, skip_id_check=skip_id_check, **kwargs)
        for index in indexes:
            checking.indexes, checking.condition = [index], None
            if (
                index["unique"]
                and index.get("collation") is None
                and not self._unique_index_uses_multikey_values(
                    database, collection, document, index
                )
            ):
                checking.condition = same_values(document, index["fields"])
            original(self, database, collection, document, skip_id_check=True, **kwargs)
    finally:
        checking.indexes = checking.condition = None


def same_values(document, fields):
    """Return SQL that finds the documents alike in the first fields, as far as they are texts, ids or numbers.

    A number is not compared there with those of 128 bits.
    """
    sql, parameters = "", []
    for field in fields:
        value = at(document, field)
        number = plain_number(value)
        if type(value) is str:
            kinds = "('')"
        elif is_object_id(value):
            kinds, value = "('objectid')", str(value)
        elif number is not None:
            kinds, value = NUMBERS, number
        else:
            break
        # In the words of the index, for SQLite to use it.
        sql += f" AND {type_expression_sql(field)} IN {kinds} AND {value_expression_sql(field)} = ?"
        parameters.append(value)
    return (sql, parameters) if parameters else None


def is_object_id(value):
    """Whether it is an ObjectId, of bson or of mongoeco."""
    return isinstance(value, ObjectId) or type(value).__name__ == "ObjectId"


def indexes_to_check(original, self, database, collection):
    told = getattr(checking, "indexes", None)
    return original(self, database, collection) if told is None else told


def documents_to_check(original, self, database, collection):
    condition = getattr(checking, "condition", None)
    if condition is None:
        return original(self, database, collection)
    sql, parameters = condition
    rows = self._require_connection().execute(
        f"SELECT storage_key, document FROM documents WHERE db_name = ? AND coll_name = ?{sql}",
        (database, collection, *parameters),
    )
    return [(key, self._deserialize_document(payload)) for key, payload in rows.fetchall()]


def compiled_once(original, spec, *, dialect, **kwargs):
    key = (repr(spec), dialect.key, repr(kwargs))
    if key not in filters:
        filters[key] = original(spec, dialect=dialect, **kwargs)
    return filters[key]


def to_compare_when_built(original, document, index, **kwargs):
    """Say whether a document belongs in an index; in one that is being built, compare it here, by hash.

    The one who asks keeps `seen_documents`, and would compare the document with each of them: its first
    item becomes a dict of the keys seen.
    """
    belongs = original(document, index, **kwargs)
    scope = sys._getframe(2).f_locals  # over the wrapper that replace() made
    if not belongs or "seen_documents" not in scope:
        return belongs
    if not index["unique"] or index.get("collation") is not None:
        return belongs
    if not scope["seen_documents"]:
        scope["seen_documents"].append({})
    [seen] = scope["seen_documents"]
    for values in MemoryEngine._unique_index_values(values_of, document, index["fields"]):
        key = tuple(map(bson_equality_key, values))
        if seen.setdefault(key, document) is not document:
            raise index_build_duplicate_error(
                namespace=f"{scope['db_name']}.{scope['coll_name']}",
                index=index,
                document=document,
                conflict=key,
            )
    return False
