"""While a restore writes, nobody else does so, and the relay waits."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from time import monotonic, sleep

from core.leases import LeaseTaken, lease
from ingestion.jobs import JobFailed

PATIENCE = 60.0  # seconds: the relay is often at work, and never for long
PAUSE = 0.2
DURATION = timedelta(minutes=3)  # that one batch of rows surely takes less than


@contextmanager
def turns(stores: Sequence[str]) -> Iterator[Callable[[], None]]:
    """Hold the turns to restore and to relay those stores; yields the call that renews them.

    Raises JobFailed if another process keeps one.
    """
    with ExitStack() as stack:
        names = ["restore", *(f"relay:{alias}" for alias in stores)]
        renewals = [_wait(stack, name) for name in names]

        def renew() -> None:
            for each in renewals:
                each()

        yield renew


def _wait(stack: ExitStack, name: str) -> Callable[[], None]:
    deadline = monotonic() + PATIENCE
    while True:
        try:
            return stack.enter_context(lease(name, duration=DURATION))
        except LeaseTaken:
            if monotonic() > deadline:
                raise JobFailed(
                    "Otro proceso restaura o releva estos almacenes: repita la orden cuando acabe."
                ) from None
            sleep(PAUSE)
