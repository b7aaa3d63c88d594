"""The beat that sends: one of however many run."""

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from django_celery_beat.schedulers import DatabaseScheduler

from core.leases import LeaseLost, LeaseTaken, lease

NAME = "beat"
WAIT = 5.0  # seconds, as often as the scheduler itself looks


class OneBeat(DatabaseScheduler):
    """Sends only while it holds the lease: another takes over within a minute of a death, and repeats nothing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._turn = ExitStack()
        self._renew: Callable[[], None] | None = None
        super().__init__(*args, **kwargs)

    def tick(self, *args: Any, **kwargs: Any) -> float:
        if not self._is_ours():
            return WAIT
        return float(super().tick(*args, **kwargs))

    def close(self) -> None:
        super().close()
        self._turn.close()

    def _is_ours(self) -> bool:
        try:
            if self._renew is None:
                self._renew = self._turn.enter_context(lease(NAME))
                # What the one before has sent is in the store, and not in what was read at the start.
                self._initial_read, self._heap = True, None
            else:
                self._renew()
        except (LeaseTaken, LeaseLost):
            self._turn.close()
            self._renew = None
        return self._renew is not None
