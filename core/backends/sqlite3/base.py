from typing import Any

from django.db.backends.sqlite3 import base

from core.backends.guarded import GuardedWrapper

# SQLITE_IOERR and SQLITE_CANTOPEN: the disk is not there. A file that is busy answers in the end.
GONE = {10, 14}
BUSY = {5, 6}  # SQLITE_BUSY and SQLITE_LOCKED, after having waited


class DatabaseWrapper(GuardedWrapper, base.DatabaseWrapper):
    def is_missing(self, error: Any) -> bool:
        return getattr(error, "sqlite_errorcode", 0) & 0xFF in GONE

    def is_collision(self, error: Any) -> bool:
        return getattr(error, "sqlite_errorcode", 0) & 0xFF in BUSY
