"""For tests: what was written where nothing is rolled back is undone by hand."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connections
from pymongo import monitoring

WRITES = {"insert", "update", "delete", "findAndModify"}

Documents = dict[str, list[dict[str, Any]]]


class _Touched(monitoring.CommandListener):
    """The collections that anything was written to since somebody asked."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        if event.command_name in WRITES:
            self.names.add(event.command[event.command_name])
        self.names.discard("django_migrations")

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None: ...

    def failed(self, event: monitoring.CommandFailedEvent) -> None: ...


touched = _Touched()
monitoring.register(touched)
_kept: list[Documents] = [{}]


@contextmanager
def undone_documents(alias: str) -> Iterator[None]:
    """What the block writes in the store is as if it had not been; may stand inside another."""
    connection: Any = connections[alias]
    written, touched.names = touched.names, set()
    before = {
        name: list(connection.database[name].find()) for name in sorted({*_kept[-1], *written})
    }
    _kept.append(before)
    try:
        yield
    finally:
        _kept.pop()
        for name in touched.names:
            collection = connection.database[name]
            collection.delete_many({})
            if documents := before.get(name):
                collection.insert_many(documents)
        touched.names = written
