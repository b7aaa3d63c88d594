"""What answers and what doesn't, of all that the house stands on."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from time import perf_counter

import structlog
from django.conf import settings
from django.db import connections
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bitacora.stores import bitacora
from core.outages import StoreDown
from ingestion.lake import lake

PATIENCE = 1  # seconds
# Not display_name, which MySQL's backend has to ask its server for.
ENGINES = {
    "sqlite": "SQLite",
    "mysql": "MySQL",
    "postgresql": "PostgreSQL",
    "mongodb": "MongoDB",
}

log = structlog.get_logger()


@dataclass(frozen=True)
class Health:
    """How one part answered; `kind` is what it runs on."""

    name: str
    kind: str
    status: str
    detail: str | Promise
    latency_ms: int

    @property
    def ok(self) -> bool:
        return self.status == "ok"


def salud() -> list[Health]:
    """Ask every part at once, each for as long as its client waits; who doesn't answer keeps no other waiting."""
    parts = checks()
    with ThreadPoolExecutor(len(parts)) as pool:
        return list(pool.map(lambda part: _asked(*part), parts))


def checks() -> list[tuple[str, str, Callable[[], object]]]:
    """Return the name of each part, what it runs on, and what to ask of it."""
    parts: list[tuple[str, str, Callable[[], object]]] = [
        (alias, ENGINES[connections[alias].vendor], lambda alias=alias: _ask_store(alias))  # type: ignore[misc]
        for alias in connections
    ]
    parts.append(("bitacora", bitacora().display_name, lambda: bitacora().ping()))
    parts.append(("lago", settings.LAKE_URL.partition(":")[0], lambda: lake().ping()))
    if settings.REDIS_URL:
        parts.append(("cola", "Redis", _ask_queue))
    return parts


def _asked(name: str, kind: str, ask: Callable[[], object]) -> Health:
    begun = perf_counter()
    try:
        ask()
        status, detail = "ok", _("Responde.")
    except Exception as failure:
        # What a driver says may repeat an address: the log has its kind alone.
        log.warning("part_unavailable", part=name, error=type(failure).__name__)
        status, detail = "error", _("No responde.")
    return Health(name, kind, status, detail, round((perf_counter() - begun) * 1000))


def _ask_store(alias: str) -> None:
    connection = connections[alias]  # of this thread alone
    try:
        connection.ensure_connection()
        if not connection.is_usable():
            raise StoreDown(alias)
    finally:
        connection.close()


def _ask_queue() -> None:
    import redis  # its client is not there where no queue has an address

    with redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE
    ) as queue:
        queue.ping()
