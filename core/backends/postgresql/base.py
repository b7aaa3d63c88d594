from typing import Any

import psycopg
from django.db.backends.postgresql import base

from core.backends.guarded import GuardedWrapper

# It is shutting down, starting, or has no connection left; or it took too long.
GONE = ("57014", "57P01", "57P02", "57P03", "53300")
# Could not be put in an order, deadlocked, waited in vain for a lock.
COLLISIONS = ("40001", "40P01", "55P03")


class DatabaseWrapper(GuardedWrapper, base.DatabaseWrapper):
    def is_missing(self, error: Any) -> bool:
        if not isinstance(error, psycopg.OperationalError):
            return False
        state = error.sqlstate  # None where no server said anything
        return state is None or state.startswith("08") or state in GONE

    def is_collision(self, error: Any) -> bool:
        return getattr(error, "sqlstate", None) in COLLISIONS
