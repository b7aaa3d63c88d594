"""The keyspace and its tables, made step by step; the steps taken are written down in `migraciones`."""

from collections.abc import Callable
from typing import NamedTuple

from cassandra import InvalidRequest

from bitacora.cassandra.address import Address
from bitacora.cassandra.server import ALIAS, Link
from bitacora.tables import PAGOS, RECLAMOS, TRANSACTION_AUDIT, EventTable, Kind
from core.outages import StoreDown

TIMEOUT = 60.0  # seconds: the nodes agree on a table more slowly than they write a row
KEYSPACE = "keyspace"

# Cassandra's own timestamp ends at the milliseconds, and two events of one of them would lose their order:
# moments are whole microseconds since 1970.
TYPES: dict[Kind, str] = {
    "text": "text",
    "uuid": "uuid",
    "integer": "bigint",
    "decimal": "decimal",
    "timestamp": "bigint",
}


class Copy(NamedTuple):
    """A table of the keyspace: the rows of an EventTable, by one of the keys that they are asked by."""

    name: str
    partition: tuple[str, ...]


def copies(table: EventTable) -> list[Copy]:
    """Return where each row is written, in that order.

    The table that scans read comes last: what the lake has seen can be asked for by any key.
    """
    reads = [Copy(f"{table.name}_por_{name}", columns) for name, columns in table.reads.items()]
    return [*reads, Copy(table.name, table.partition)]


class Step(NamedTuple):
    name: str
    statements: Callable[[str], list[str]]  # of the keyspace's name


def _creation(table: EventTable) -> Callable[[str], list[str]]:
    return lambda keyspace: [_create(keyspace, table, copy) for copy in copies(table)]


# A column that comes later is a step more: ALTER TABLE … ADD IF NOT EXISTS, harmless where the table is new.
STEPS = [
    Step("0001_transaction_audit", _creation(TRANSACTION_AUDIT)),
    Step("0002_reclamos", _creation(RECLAMOS)),
    Step("0003_pagos", _creation(PAGOS)),
]


def _create(keyspace: str, table: EventTable, copy: Copy) -> str:
    columns = ", ".join(f"{name} {TYPES[kind]}" for name, kind in table.columns.items())
    order = [name for name in table.order if name not in copy.partition]
    key = f"({', '.join(copy.partition)}), {', '.join(order)}"
    newest = ", ".join(f"{name} DESC" for name in order)
    return (
        f"CREATE TABLE IF NOT EXISTS {keyspace}.{copy.name} ({columns}, PRIMARY KEY ({key})) "
        f"WITH CLUSTERING ORDER BY ({newest}) AND default_time_to_live = 0"
    )


def pending(link: Link, address: Address) -> list[str]:
    """Return the names of the steps that the server lacks, in order."""
    taken = _taken(link, address)
    missing = [step.name for step in STEPS if step.name not in taken]
    return missing if _has_keyspace(link, address) else [KEYSPACE, *missing]


def setup(link: Link, address: Address) -> None:
    """Take the steps that the server lacks. Two that do it at once do no harm."""
    lacked = pending(link, address)
    if KEYSPACE in lacked:
        _define(
            link,
            f"CREATE KEYSPACE IF NOT EXISTS {address.keyspace} WITH replication = {address.replication}",
        )
    if lacked:
        _define(
            link,
            f"CREATE TABLE IF NOT EXISTS {address.keyspace}.migraciones "
            "(nombre text PRIMARY KEY, aplicada timestamp)",
        )
    for step in STEPS:
        if step.name in lacked:
            for statement in step.statements(address.keyspace):
                _define(link, statement)
            link.rows(
                f"INSERT INTO {address.keyspace}.migraciones (nombre, aplicada) "
                "VALUES (?, toTimestamp(now()))",
                step.name,
            )


def _has_keyspace(link: Link, address: Address) -> bool:
    query = "SELECT keyspace_name FROM system_schema.keyspaces WHERE keyspace_name = ?"
    return bool(link.rows(query, address.keyspace))


def _taken(link: Link, address: Address) -> set[str]:
    try:
        return {name for (name,) in link.rows(f"SELECT nombre FROM {address.keyspace}.migraciones")}
    except InvalidRequest:
        # Not to be foreseen: a table that another is creating is listed before it can be read.
        return set()


def _define(link: Link, statement: str) -> None:
    """Change the schema, and wait until the nodes that answer have the same."""
    link.session.execute(statement, timeout=TIMEOUT)
    if not link.session.cluster.control_connection.wait_for_schema_agreement():
        raise StoreDown(ALIAS)
