"""A keyspace for tests, where only what a test wrote to is emptied after it."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest

from bitacora.cassandra import CassandraBitacora
from bitacora.cassandra.schema import TIMEOUT, copies
from bitacora.cassandra.server import ALIAS
from bitacora.stores import bitacora_at
from bitacora.tables import EventTable, Row
from core.outages import breaker


class OwnKeyspace:
    def __init__(self, url: str) -> None:
        self.url = url
        self.written: set[EventTable] = set()

    @property
    def kept(self) -> CassandraBitacora:
        kept = bitacora_at(self.url)
        assert isinstance(kept, CassandraBitacora)
        return kept

    def empty(self) -> None:
        """Empty the tables written to since the last time: each takes Cassandra a moment."""
        if not self.written:
            return
        names = [copy.name for table in self.written for copy in copies(table)]
        self.written.clear()
        breaker(ALIAS).answered()  # whatever outage the test played
        with self.kept.server.link() as link:
            keyspace = self.kept.server.address.keyspace
            asked = [
                link.session.execute_async(f"TRUNCATE {keyspace}.{name}", timeout=TIMEOUT)
                for name in names
            ]
            for future in asked:
                future.result()

    def drop(self) -> None:
        with self.kept.server.link() as link:
            keyspace = self.kept.server.address.keyspace
            link.session.execute(f"DROP KEYSPACE IF EXISTS {keyspace}", timeout=TIMEOUT)


@contextmanager
def own_keyspace(url: str) -> Iterator[OwnKeyspace]:
    """Yield a keyspace beside that of `url`, this process's own, and drop it in the end."""
    parts = urlsplit(url)
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    name = "_".join(filter(None, ("test", parts.path.strip("/"), worker)))
    keyspace = OwnKeyspace(parts._replace(path=f"/{name}").geturl())
    keyspace.drop()  # what a run that was killed has left
    keyspace.kept.setup()
    append = CassandraBitacora.append

    def noted(self: CassandraBitacora, table: EventTable, rows: Sequence[Row]) -> None:
        keyspace.written.add(table)
        append(self, table, rows)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(CassandraBitacora, "append", noted)
        yield keyspace
    # Whatever became of the server meanwhile: linked anew, and asked even if it was just missing.
    keyspace.kept.close()
    breaker(ALIAS).answered()
    keyspace.drop()
    keyspace.kept.close()
