"""What the engines of the stores have in common here: what only passes is told apart from what they answer."""

from typing import Any

from django.db.utils import DatabaseErrorWrapper
from django.utils.functional import cached_property

from core.outages import StoreBusy, StoreDown, breaker


class _Telling(DatabaseErrorWrapper):
    """Django's translation of a driver's errors, which knows a server that is missing and two in their way."""

    wrapper: Any

    def __exit__(self, exc_type: Any, exc_value: Any, traceback: Any) -> None:
        alias = self.wrapper.alias
        if exc_value is None:
            breaker(alias).answered()
        elif isinstance(exc_value, self.wrapper.Database.Error):
            if self.wrapper.is_missing(exc_value):
                self.wrapper.errors_occurred = True
                breaker(alias).failed()
                raise StoreDown(alias) from exc_value
            if self.wrapper.is_collision(exc_value):
                self.wrapper.errors_occurred = True
                raise StoreBusy from exc_value
        super().__exit__(exc_type, exc_value, traceback)


class GuardedWrapper:
    """Beside a DatabaseWrapper of SQL: asks the breaker before each cursor, and tells it what came of it."""

    alias: str

    @cached_property
    def wrap_database_errors(self) -> DatabaseErrorWrapper:
        return _Telling(self)

    def ensure_connection(self) -> None:
        breaker(self.alias).ask()
        super().ensure_connection()  # type: ignore[misc]

    def is_missing(self, error: Any) -> bool:
        """Whether the driver's `error` means that the server doesn't answer, and not what it answers."""
        raise NotImplementedError

    def is_collision(self, error: Any) -> bool:
        """Whether it means that another transaction was in the way: a deadlock, or a lock waited for in vain."""
        raise NotImplementedError
