"""A store that does not answer: told by name, and not asked again at every step."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from time import monotonic

from django.db import OperationalError
from django.utils.translation import gettext as _

REST = 5.0  # seconds that a store which did not answer is left alone


class StoreDown(OperationalError):
    """The store `alias` does not answer, or did not a moment ago."""

    def __init__(self, alias: str) -> None:
        super().__init__(_("El almacén «%(store)s» no está disponible.") % {"store": alias})
        self.alias = alias


class StoreBusy(OperationalError):
    """Two who write the same got in each other's way, and this one was undone: it may simply be sent again."""

    def __init__(self) -> None:
        super().__init__(_("Otras personas están cambiando lo mismo: inténtelo de nuevo."))


class Breaker:
    """What keeps a dead store from slowing the others: it rests after a failure, and then one call tries it."""

    def __init__(self, alias: str) -> None:
        self.alias = alias
        self._rests_until: float | None = None  # None while the store answers

    def ask(self) -> None:
        """Raise StoreDown while the store rests; who comes first after that is the one that tries."""
        if self._rests_until is not None:
            if monotonic() < self._rests_until:
                raise StoreDown(self.alias)
            self.failed()  # the others go on being refused meanwhile

    def failed(self, rest: float = REST) -> None:
        self._rests_until = monotonic() + rest

    def answered(self) -> None:
        self._rests_until = None

    @contextmanager
    def guard(self) -> Iterator[None]:
        """Ask before the block, and learn from how it ends."""
        self.ask()
        try:
            yield
        except StoreDown:
            self.failed()
            raise
        self.answered()


@cache
def breaker(alias: str) -> Breaker:
    """Return the one breaker of `alias` in this process."""
    return Breaker(alias)
