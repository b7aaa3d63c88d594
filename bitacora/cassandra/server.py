"""The one session of this process with a Cassandra, and what happens when nobody answers."""

import logging
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from time import time_ns
from typing import Any

import structlog
from cassandra import (
    ConsistencyLevel,
    OperationTimedOut,
    ProtocolVersion,
    Timeout,
    Unavailable,
    UnresolvableContactPoints,
)
from cassandra.auth import PlainTextAuthProvider
from cassandra.cluster import EXEC_PROFILE_DEFAULT, Cluster, ExecutionProfile, NoHostAvailable
from cassandra.connection import ConnectionBusy, ConnectionException
from cassandra.policies import (
    ConstantReconnectionPolicy,
    DCAwareRoundRobinPolicy,
    RetryPolicy,
    TokenAwarePolicy,
)
from cassandra.pool import NoConnectionsAvailable
from cassandra.protocol import IsBootstrappingErrorMessage, OverloadedErrorMessage
from cassandra.query import PreparedStatement, tuple_factory

from bitacora.cassandra.address import Address
from core.outages import StoreDown, breaker

ALIAS = "bitacora"
CONNECT_TIMEOUT = 1.0  # seconds, as those that follow
REQUEST_TIMEOUT = 10.0
RECONNECT_EACH = 5.0
HEARTBEAT_EACH, HEARTBEAT_TIMEOUT = 10, 5  # a node that fell silent is known by it
RETRIES = 2

NOBODY_ANSWERS = (
    NoHostAvailable,
    OperationTimedOut,
    Timeout,
    Unavailable,
    UnresolvableContactPoints,
    ConnectionException,
    ConnectionBusy,
    NoConnectionsAvailable,
    OverloadedErrorMessage,
    IsBootstrappingErrorMessage,
)

log = structlog.get_logger()
# The driver writes a traceback each time that a node is missing; here that is raised, and logged in a line.
logging.getLogger("cassandra").setLevel(logging.CRITICAL)


class AskAgain(RetryPolicy):
    """What may be said twice is said again, a few times, before its failure is told."""

    def on_read_timeout(self, query: Any, consistency: Any, retry_num: int, **seen: Any) -> Any:
        return self._again(query, consistency, retry_num, self.RETRY)

    on_write_timeout = on_read_timeout

    def on_unavailable(self, query: Any, consistency: Any, retry_num: int, **seen: Any) -> Any:
        return self._again(query, consistency, retry_num, self.RETRY_NEXT_HOST)

    def on_request_error(self, query: Any, consistency: Any, error: Any, retry_num: int) -> Any:
        return self._again(query, consistency, retry_num, self.RETRY_NEXT_HOST)

    def _again(self, query: Any, consistency: Any, retry_num: int, how: int) -> tuple[int, Any]:
        # The driver passes no query when it prepares one.
        if retry_num < RETRIES and (query is None or query.is_idempotent):
            return how, consistency
        return self.RETHROW, None


def first_wins() -> int:
    """A write time that falls as time goes by: Cassandra keeps the greatest, so an event is never changed."""
    return 2**64 - time_ns() // 1000  # below zero, as the driver has to be told a signed number


@dataclass(frozen=True)
class Link:
    """A session, and the statements that it has prepared."""

    session: Any
    prepared: dict[str, PreparedStatement] = field(default_factory=dict)

    def prepare(self, query: str) -> PreparedStatement:
        if query not in self.prepared:
            statement = self.session.prepare(query)
            statement.is_idempotent = True  # as all that the bitácora says
            self.prepared[query] = statement
        return self.prepared[query]

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        return list(self.session.execute(self.prepare(query), values))


class Server:
    """What keeps this process linked: from the first use on, and anew after a fork or when nobody answered."""

    def __init__(self, address: Address) -> None:
        self.address = address
        self._lock = Lock()
        # By process: what a fork brought along is the parent's, and is neither used nor closed here.
        self._links: dict[int, Link] = {}

    @contextmanager
    def link(self) -> Iterator[Link]:
        """Yield the link; StoreDown is raised of a Cassandra that does not answer in the block."""
        link = None
        with breaker(ALIAS).guard():
            try:
                link = self._linked()
                yield link
            except NOBODY_ANSWERS as failure:
                log.warning("bitacora_unreachable", errors=_told(failure))
                if isinstance(failure, NoHostAvailable):
                    self._leave(link)  # the nodes may come back at other addresses
                raise StoreDown(ALIAS) from failure

    def close(self) -> None:
        self._leave(self._links.get(os.getpid()))

    def _leave(self, link: Link | None) -> None:
        """Leave `link`, but not one that another thread has made since."""
        if link is None:
            return
        with self._lock:
            if self._links.get(os.getpid()) is link:
                del self._links[os.getpid()]
        link.session.cluster.shutdown()

    def _linked(self) -> Link:
        with self._lock:
            if os.getpid() not in self._links:
                self._links[os.getpid()] = Link(_connected(self.address))
            return self._links[os.getpid()]


def _connected(address: Address) -> Any:
    profile = ExecutionProfile(
        load_balancing_policy=TokenAwarePolicy(DCAwareRoundRobinPolicy(address.datacenter)),
        retry_policy=AskAgain(),
        consistency_level=ConsistencyLevel.LOCAL_QUORUM,
        request_timeout=REQUEST_TIMEOUT,
        row_factory=tuple_factory,
    )
    auth = PlainTextAuthProvider(address.user, address.password) if address.user else None
    cluster = Cluster(
        address.hosts,
        port=address.port,
        auth_provider=auth,
        ssl_context=address.tls,
        # The driver writes a statement piece by piece: without it, a piece waits 40 ms for the one before.
        sockopts=[(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)],
        protocol_version=ProtocolVersion.V5,
        execution_profiles={EXEC_PROFILE_DEFAULT: profile},
        reconnection_policy=ConstantReconnectionPolicy(RECONNECT_EACH, max_attempts=None),
        connect_timeout=CONNECT_TIMEOUT,
        idle_heartbeat_interval=HEARTBEAT_EACH,
        idle_heartbeat_timeout=HEARTBEAT_TIMEOUT,
        timestamp_generator=first_wins,
        monitor_reporting_enabled=False,
    )
    try:
        return cluster.connect()
    except BaseException:
        cluster.shutdown()  # its threads would stay
        raise


def _told(failure: Exception) -> str:
    """What went wrong at each node; of what the driver says, only what can't hold a written value."""
    at_nodes = failure.errors.values() if isinstance(failure, NoHostAvailable) else ()
    return ", ".join(sorted({_cause(error) for error in at_nodes or [failure]}))


def _cause(error: Exception) -> str:
    # The driver makes an OSError of whatever kept it from connecting: its kind alone says nothing.
    return str(error) if isinstance(error, OSError) else type(error).__name__
