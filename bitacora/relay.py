"""From each store's outbox to the bitácora: every committed change, once, whenever it was committed."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

import structlog
from django.apps import apps
from django.db.models import Max

from bitacora.events import events
from bitacora.stores import Bitacora, bitacora
from core.bulk import update_each
from core.history import Outbox, settled
from core.leases import LeaseTaken, lease
from core.references import batched
from core.stores import atomic, store_of

BATCH = 1000
PAGE = 100_000  # keys asked for at once: an engine that sorts all that waits does it once a page

log = structlog.get_logger()


def outboxes() -> dict[str, list[type[Outbox]]]:
    """Return the models that wait for the relay, by store."""
    found: dict[str, list[type[Outbox]]] = defaultdict(list)
    for model in apps.get_models():
        if issubclass(model, Outbox):
            found[store_of(model._meta.app_label)].append(model)
    return found


def run() -> int:
    """Relay what every store has waiting; return how many rows.

    A store whose relay is running elsewhere is left to it. One that fails does not keep the others
    waiting: what it raised is raised when they are done.
    """
    target = bitacora()
    relayed, failures = 0, []
    for alias, models in outboxes().items():
        try:
            with lease(f"relay:{alias}") as renew:
                relayed += sum(_relay(model, target, renew) for model in models)
        except LeaseTaken:
            log.info("relay_busy", store=alias)
        except Exception as failure:
            log.warning("relay_failed", store=alias, error=type(failure).__name__)
            failures.append(failure)
    if failures:
        raise failures[0]
    return relayed


def _relay(model: type[Outbox], target: Bitacora, renew: Callable[[], None]) -> int:
    relayed, last = 0, UUID(int=0)
    while keys := list(_waiting(model, last)[:PAGE]):
        last = keys[-1]  # what is announced, and did not come yet, goes on waiting
        for some in batched(keys, BATCH):
            rows = settled(model, model._base_manager.filter(pk__in=some).order_by("pk"))
            for table, told in events(model, rows).items():
                target.append(table, told)
            renew()
            # Numbered only now: killed before this line, the same rows are appended again, which is harmless.
            _number(model, rows)
            relayed += len(rows)
    return relayed


def _waiting(model: type[Outbox], last: UUID) -> Any:
    waiting = model._base_manager.filter(relay_seq=None, pk__gt=last)
    return waiting.order_by("pk").values_list("pk", flat=True)


def _number(model: type[Outbox], rows: Sequence[Any]) -> None:
    with atomic(model):
        # Whoever took the lease over while this process stood still may have numbered some already.
        held = model._base_manager.select_for_update().filter(pk__in=[row.pk for row in rows])
        numbers = held.order_by("pk").values_list("pk", "relay_seq")
        waiting = [pk for pk, number in numbers if number is None]
        last = model._base_manager.aggregate(last=Max("relay_seq"))["last"] or 0
        update_each(model, "relay_seq", {pk: n for n, pk in enumerate(waiting, start=last + 1)})
