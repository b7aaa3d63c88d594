"""A stand-in for MongoDB, for development and tests: mongoeco 4.11.0 with what it lacks put right.

    python mongodb_server.py --port 27117 --db bienes.db

It speaks MongoDB's protocol over a SQLite file, and outlives being killed. It is not MongoDB: one process,
no planner, no replica set, no passwords, no TLS.
"""

# mypy: ignore-errors

import argparse
import asyncio
import contextlib
import signal
import sqlite3
from pathlib import Path

from mongodb import changes, commands, deleting, expressions, indexes, queries, speed, uniqueness
from mongoeco.engines.sqlite import SQLiteEngine
from mongoeco.wire import AsyncMongoEcoProxyServer

for corrections in (changes, commands, deleting, expressions, indexes, queries, uniqueness, speed):
    corrections.install()


async def serve(port: int, path: Path) -> None:
    """Serve on loopback until told to stop."""
    engine = SQLiteEngine(str(path), aggregation_materialization_limit=None)
    server = AsyncMongoEcoProxyServer(
        engine=engine, host="127.0.0.1", port=port, mongodb_dialect="7.0"
    )
    await server.start()
    with contextlib.closing(sqlite3.connect(path, timeout=30)) as connection:
        speed.index_entries(connection)
    told = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, told.set)
    await told.wait()
    await server.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--db", type=Path, required=True)
    options = parser.parse_args()
    asyncio.run(serve(options.port, options.db))
