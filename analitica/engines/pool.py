"""DuckDB in this process: one database, with the memory and the threads that the settings give it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from queue import LifoQueue

import duckdb
from django.conf import settings


@contextmanager
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    """Take one of this process's connections, or wait for one."""
    pool = _pool(os.getpid())
    own = pool.get()
    try:
        yield own
    finally:
        pool.put(own)


@cache
def _pool(process: int) -> LifoQueue[duckdb.DuckDBPyConnection]:
    folder = settings.ANALYTICS_CACHE
    folder.mkdir(parents=True, exist_ok=True)
    database = duckdb.connect(
        config={
            "memory_limit": f"{settings.ANALYTICS_MEMORY_MB}MiB",
            "threads": settings.ANALYTICS_THREADS,
            "temp_directory": str(folder / f"duckdb-{process}"),
            "autoinstall_known_extensions": False,
        }
    )
    pool: LifoQueue[duckdb.DuckDBPyConnection] = LifoQueue()
    for _ in range(settings.ANALYTICS_CONNECTIONS):
        own = database.cursor()
        own.execute("SET TimeZone = 'UTC'")
        pool.put(own)
    return pool


def literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
