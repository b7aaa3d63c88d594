"""What mongoeco keeps of each change for who might follow them: nobody here does, and it was a third of its work."""

# mypy: ignore-errors

import itertools

from mongoeco.engines import sqlite
from mongoeco.engines.sqlite import SQLiteEngine

from mongodb.replacing import replace


def install():
    numbers = itertools.count(1)
    sqlite._sqlite_append_change = lambda *args, **kwargs: next(numbers)
    SQLiteEngine.register_change_consumer = lambda *args, **kwargs: 0
    SQLiteEngine.dispatch_committed_changes = lambda *args, **kwargs: None
    # All share one connection, as they do in memory: readers with their own kept the log from being emptied.
    SQLiteEngine._can_use_dedicated_reader = lambda *args, **kwargs: False
    replace("_create_sqlite_connection", SQLiteEngine, by=quick)


def quick(original, self):
    """Outlive being killed, but not the machine's end."""
    connection = original(self)
    connection.execute("PRAGMA synchronous=OFF")
    return connection
