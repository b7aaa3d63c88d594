"""The bitácora on Cassandra: a table for each key that its rows are asked by."""

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise
from typing import Any

from cassandra.query import UNSET_VALUE, BatchStatement, BatchType, BoundStatement

from bitacora.cassandra.address import read_address
from bitacora.cassandra.schema import Copy, copies, pending, setup
from bitacora.cassandra.server import Link, Server
from bitacora.tables import EventTable, Kind, Row, moment

BATCH_ROWS = 36  # more are hardly faster
BATCH_BYTES = 256 * 1024  # of one row at least: far from what a node refuses to take at once
WRITES_AT_ONCE = 16
RANGES = 16
PAGES_AT_ONCE = 4
PAGE_ROWS = 5000
PING_TIMEOUT = 2.0  # seconds

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


class CassandraBitacora:
    """Links at first use, never before: a site whose Cassandra is down starts."""

    display_name = "Cassandra"

    def __init__(self, url: str) -> None:
        self.server = Server(read_address(url))

    def append(self, table: EventTable, rows: Sequence[Row]) -> None:
        if not rows:
            return
        with self.server.link() as link:
            for copy in copies(table):
                sent: deque[Any] = deque()
                for batch in self._batches(link, table, copy, rows):
                    if len(sent) == WRITES_AT_ONCE:
                        sent.popleft().result()
                    sent.append(link.session.execute_async(batch))
                for future in sent:
                    future.result()

    def read(self, table: EventTable, key: Row, *, limit: int) -> list[dict[str, Any]]:
        copy = next((copy for copy in copies(table) if copy.partition == tuple(key)), None)
        if copy is None:
            raise ValueError(f"{table.name} is not read by {', '.join(key)}")
        if limit < 1 or not all(map(_is_key, key.values())):
            return []
        values = [_stored(table.columns[name], value) for name, value in key.items()]
        where = " AND ".join(f"{name} = ?" for name in key)
        with self.server.link() as link:
            found = link.rows(f"{self._select(table, copy)} WHERE {where} LIMIT ?", *values, limit)
        return list(_told(table, found))

    def scan(self, table: EventTable, *, until: datetime) -> Iterator[dict[str, Any]]:
        *_, main = copies(table)
        token = f"token({', '.join(main.partition)})"
        query = f"{self._select(table, main)} WHERE {token} > ? AND {token} <= ?"
        moment_of = moment(table)
        with self.server.link() as link:
            statement = link.prepare(query)
            statement.fetch_size = PAGE_ROWS
            for page in _pages(link, [statement.bind(ends) for ends in _ranges()]):
                yield from (row for row in _told(table, page) if row[moment_of] <= until)

    def setup(self) -> None:
        with self.server.link() as link:
            setup(link, self.server.address)

    def pending(self) -> list[str]:
        with self.server.link() as link:
            return pending(link, self.server.address)

    def ping(self) -> None:
        with self.server.link() as link:
            link.session.execute("SELECT key FROM system.local", timeout=PING_TIMEOUT)

    def close(self) -> None:
        """Leave the server; the next use links again."""
        self.server.close()

    def _select(self, table: EventTable, copy: Copy) -> str:
        return f"SELECT {', '.join(table.columns)} FROM {self.server.address.keyspace}.{copy.name}"

    def _batches(
        self, link: Link, table: EventTable, copy: Copy, rows: Sequence[Row]
    ) -> Iterator[BatchStatement]:
        """Yield the rows in batches of one partition each, which a node takes in as one change."""
        places = ", ".join("?" for _ in table.columns)
        insert = link.prepare(
            f"INSERT INTO {self.server.address.keyspace}.{copy.name} "
            f"({', '.join(table.columns)}) VALUES ({places})"
        )
        by_partition: dict[tuple[Any, ...], list[BoundStatement]] = defaultdict(list)
        for row in rows:
            key = tuple(row[name] for name in copy.partition)
            if all(map(_is_key, key)):
                values = [_stored(kind, row[name]) for name, kind in table.columns.items()]
                by_partition[key].append(insert.bind(values))
        for bound in by_partition.values():
            yield from _packed(bound)


def _is_key(value: Any) -> bool:
    """Whether Cassandra takes the value as part of a partition's key."""
    return value is not None and value != ""


def _packed(statements: Iterable[BoundStatement]) -> Iterator[BatchStatement]:
    batch, size = _batch(), 0
    for statement in statements:
        weight = sum(len(value) for value in statement.values if isinstance(value, bytes))
        if len(batch) == BATCH_ROWS or (len(batch) and size + weight > BATCH_BYTES):
            yield batch
            batch, size = _batch(), 0
        batch.add(statement)
        size += weight
    yield batch


def _batch() -> BatchStatement:
    batch = BatchStatement(BatchType.UNLOGGED)
    batch.is_idempotent = True
    return batch


def _ranges() -> list[tuple[int, int]]:
    """Cut all the tokens that a partition may have into ranges of one size: (after, up to)."""
    first, last = -(2**63), 2**63 - 1
    step = 2**64 // RANGES
    return list(pairwise([*range(first, last, step), last]))


def _pages(link: Link, statements: Iterable[BoundStatement]) -> Iterator[list[tuple[Any, ...]]]:
    """Yield the pages of each statement in turn, while those that come next are already on their way."""
    # A page is always asked for anew: start_fetching_next_page(), of the driver, waits without a timeout.
    waiting = iter(statements)
    asked = deque(
        (statement, link.session.execute_async(statement))
        for statement in islice(waiting, PAGES_AT_ONCE)
    )
    while asked:
        statement, future = asked.popleft()
        found = future.result()
        if found.paging_state:
            following = link.session.execute_async(statement, paging_state=found.paging_state)
            asked.appendleft((statement, following))
        elif (fresh := next(waiting, None)) is not None:
            asked.append((fresh, link.session.execute_async(fresh)))
        yield found.current_rows


def _stored(kind: Kind, value: Any) -> Any:
    if value is None:
        return UNSET_VALUE  # a null that is written is a tombstone, which every read steps over
    return (value - EPOCH) // MICROSECOND if kind == "timestamp" else value


def _told(table: EventTable, rows: Iterable[tuple[Any, ...]]) -> Iterator[dict[str, Any]]:
    moments = [name for name, kind in table.columns.items() if kind == "timestamp"]
    for values in rows:
        row = dict(zip(table.columns, values, strict=True))
        for name in moments:
            if row[name] is not None:
                row[name] = EPOCH + timedelta(microseconds=row[name])
        yield row
