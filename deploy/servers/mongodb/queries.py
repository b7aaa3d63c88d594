"""Queries that SQLite answers as MongoDB would; the others are left to mongoeco's Python.

mongoeco writes queries as SQL over its JSON, by the type that a number was sent with, so {n: 9} misses a stored
Int64(9); and ranges, $nin, $ne and arrays have wrong answers too. Here equality and $in over texts, ids,
booleans and numbers become SQL, with $and and $or over them, and nothing else does.
"""

# mypy: ignore-errors

import math

from bson import ObjectId
from mongoeco.core.bson_scalars import BsonDouble, BsonInt32, BsonInt64
from mongoeco.core.query_plan import (
    AndCondition,
    EqualsCondition,
    InCondition,
    MatchAll,
    OrCondition,
)
from mongoeco.engines import sqlite, sqlite_query
from mongoeco.engines.sqlite import SQLiteEngine
from mongoeco.engines.sqlite_query import type_expression_sql, value_expression_sql

from mongodb.replacing import replace

NUMBERS = "('int32', 'int64', 'double')"
# What mongoeco asks of the whole collection before each query, and that changes nothing for texts and ids.
NEEDLESS = (
    "_plan_has_array_traversing_paths",
    "_plan_requires_python_for_dbref_paths",
    "_plan_requires_python_for_bytes",
    "_plan_requires_python_for_undefined",
    "_plan_requires_python_for_decimal_numeric",
    "_plan_requires_python_for_array_comparisons",
)


def install():
    replace("_translate_scalar_equals", sqlite_query, sqlite, by=scalar_equals)
    replace("_translate_array_contains_scalar", sqlite_query, by=array_contains)
    replace("_translate_array_contains_codec_aware", sqlite_query, by=array_contains)
    replace("translate_query_plan", sqlite_query, sqlite, by=translate)
    replace("_translate_query_plan_with_multikey", SQLiteEngine, by=translate_with_indexes)
    replace("_select_first_document_for_plan", SQLiteEngine, by=select_first)
    for name in NEEDLESS:
        replace(name, SQLiteEngine, by=unless_by_key)


def plain_number(value):
    """Return a number of whatever type as Python's own, and None for anything else."""
    if isinstance(value, BsonInt32 | BsonInt64 | BsonDouble):
        value = value.value
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return int(value)
    return value if isinstance(value, float) and math.isfinite(value) else None


def is_key(value):
    return type(value) is str or isinstance(value, ObjectId)


def values_asked(plan):
    return [plan.value] if isinstance(plan, EqualsCondition) else [*plan.values]


def fits_sql(plan, numbers_too=lambda field: True):
    match plan:
        case MatchAll():
            return True
        case AndCondition() | OrCondition():
            return all(fits_sql(clause, numbers_too) for clause in plan.clauses)
        case EqualsCondition() | InCondition():
            return all(
                is_key(value)
                or isinstance(value, bool)
                or (plain_number(value) is not None and numbers_too(plan.field))
                for value in values_asked(plan)
            )
    return False


def by_key(plan):
    """Whether a plan asks for texts and ids alone, in fields of the document itself."""
    match plan:
        case AndCondition() | OrCondition():
            return all(map(by_key, plan.clauses))
        case EqualsCondition() | InCondition():
            asked = values_asked(plan)
            return "." not in plan.field and bool(asked) and all(map(is_key, asked))
    return False


def unless_by_key(original, self, database, collection, plan):
    return not by_key(plan) and original(self, database, collection, plan)


def refuse_unless(fits):
    if not fits:
        raise NotImplementedError(
            "answered in Python"
        )  # what mongoeco expects of a plan beyond SQL


def scalar_equals(original, field, value, **kwargs):
    number, path = plain_number(value), sqlite_query._path_literal(field)
    tag, stored = type_expression_sql(field), value_expression_sql(field)
    if type(value) is str:  # in the words of the index, for SQLite to use it
        sql = f"({tag} = '' AND {stored} = ? AND json_type(document, {path}) = 'text')"
        return sql, [value]
    if number is None:
        return original(field, value, **kwargs)
    sql = (
        f"((json_type(document, {path}) IN ('integer', 'real') AND json_extract(document, {path}) = ?)"
        f" OR ({tag} IN {NUMBERS} AND {stored} = ?))"
    )
    return sql, [number, number]


def array_contains(original, field, value, **kwargs):
    number, path = plain_number(value), sqlite_query._path_literal(field)
    if number is None:
        return original(field, value, **kwargs)
    tag, stored = (
        f"json_extract(json_each.value, {sqlite_query._quote_sql_string(each)})"
        for each in sqlite_query._json_each_tagged_paths()
    )
    sql = (
        f"(json_type(document, {path}) = 'array' AND EXISTS (SELECT 1 FROM json_each(document, {path}) WHERE "
        f"(json_each.type IN ('integer', 'real') AND json_each.value = ?)"
        f" OR (json_each.type = 'object' AND {tag} IN {NUMBERS} AND {stored} = ?)))"
    )
    return sql, [number, number]


def one_of(field, keys):
    """Return SQL for a field that is one of these texts or ids; they may be thousands."""
    tag, stored = type_expression_sql(field), value_expression_sql(field)
    texts = [key for key in keys if type(key) is str]
    ids = [str(key) for key in keys if type(key) is not str]
    sql = " OR ".join(
        f"({tag} = '{name}' AND {stored} IN ({', '.join('?' * len(values))}){only})"
        for name, values, only in (
            ("", texts, f" AND json_type(document, {sqlite_query._path_literal(field)}) = 'text'"),
            ("objectid", ids, ""),
        )
        if values
    )
    return f"({sql})", [*texts, *ids]


def translate(original, plan):
    refuse_unless(fits_sql(plan) and not too_many(plan))
    return original(plan)


def translate_with_indexes(original, self, database, collection, plan):
    def without_arrays(field):
        return self._find_multikey_index(database, collection, field) is None

    refuse_unless(fits_sql(plan, without_arrays))
    if isinstance(plan, AndCondition | OrCondition):
        word = " AND " if isinstance(plan, AndCondition) else " OR "
        parts = [
            self._translate_query_plan_with_multikey(database, collection, clause)
            for clause in plan.clauses
        ]
        sql = word.join(f"({part})" for part, _ in parts)
        return f"({sql})", [value for _, values in parts for value in values]
    if isinstance(plan, EqualsCondition | InCondition):
        asked = values_asked(plan)
        if asked and all(map(is_key, asked)):
            if plan.field == "_id":
                marks = ", ".join("?" * len(asked))
                return f"storage_key IN ({marks})", [self._storage_key(value) for value in asked]
            if not self._unique_index_uses_multikey_values(
                database, collection, {}, {"fields": [plan.field]}
            ):
                return one_of(plan.field, asked)
    refuse_unless(not too_many(plan))
    return original(self, database, collection, plan)


def too_many(plan):
    """Whether mongoeco would write more alternatives than SQLite takes in one expression."""
    match plan:
        case AndCondition() | OrCondition():
            return any(map(too_many, plan.clauses))
    return isinstance(plan, InCondition) and len(plan.values) > 200


def select_first(original, self, database, collection, plan, **kwargs):
    refuse_unless(fits_sql(plan) or (isinstance(plan, EqualsCondition) and plan.field == "_id"))
    return original(self, database, collection, plan, **kwargs)
