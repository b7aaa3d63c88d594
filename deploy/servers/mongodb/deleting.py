"""Many documents deleted as one batch, in one transaction: mongoeco takes them one by one."""

# mypy: ignore-errors

from mongoeco.api._async import _collection_modify as writes
from mongoeco.engines._sqlite_write_scope import sqlite_write_scope
from mongoeco.types import DeleteResult

from mongodb.replacing import replace

FEW = 100  # below which each one is asked again whether it still matches
CHUNK = 900
KEPT = ("multikey_entries", "scalar_index_entries", "ttl_index_entries")


def install():
    replace("delete_many", writes, by=delete_many)


async def delete_many(original, collection, query, *, filter, session=None, **options):
    let = options["let"]
    special = options["collation"] or options["hint"] or (let and let.bindings)
    plain = not special and not (session and session.in_transaction)
    engine = collection._engine
    namespace = collection._db_name, collection._collection_name
    if plain and query == {}:
        return DeleteResult(await engine._run_blocking(delete, engine, namespace, [None]))
    found = await matching(collection, query, session) if plain else []
    if len(found) < FEW:
        return await original(collection, query, filter=filter, session=session, **options)
    keys = [engine._storage_key(document["_id"]) for document in found]
    some = [keys[first : first + CHUNK] for first in range(0, len(keys), CHUNK)]
    return DeleteResult(await engine._run_blocking(delete, engine, namespace, some))


async def matching(collection, query, session):
    """Return the documents as they are kept, with the ids that their keys were made of."""
    operation = writes.compile_update_operation(
        query, dialect=collection._mongodb_dialect, planning_mode=collection._planning_mode
    )
    operation = writes._bind_execution_context(
        operation, collection, session=session, change_operation_type="delete"
    )
    selection = writes.compile_find_selection_from_update_operation(operation)
    cursor = collection._build_cursor(selection, session=session, apply_codec_options=False)
    return await cursor.to_list()


def delete(engine, namespace, chunks):
    """Delete the documents of those keys (None: all), and what the indexes keep of them; return how many."""
    with engine._lock:
        connection = engine._require_connection()
        number = connection.execute(
            "SELECT collection_id FROM collections WHERE db_name = ? AND coll_name = ?", namespace
        ).fetchone()
        if number is None:
            return 0
        count = 0
        with (
            engine._bind_connection(connection),
            sqlite_write_scope(
                connection,
                begin_write=lambda current: engine._begin_write(current, None),
                commit_write=lambda current: engine._commit_write(current, None),
                rollback_write=lambda current: engine._rollback_write(current, None),
            ),
        ):
            for keys in chunks:
                among = f" AND storage_key IN ({', '.join('?' * len(keys))})" if keys else ""
                count += connection.execute(
                    f"DELETE FROM documents WHERE db_name = ? AND coll_name = ?{among}",
                    (*namespace, *(keys or ())),
                ).rowcount
                for table in KEPT:
                    connection.execute(
                        f"DELETE FROM {table} WHERE collection_id = ?{among}",
                        (*number, *(keys or ())),
                    )
        engine._invalidate_collection_features_cache(*namespace)
    return count
