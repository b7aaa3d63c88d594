from typing import Any

from django.db.backends.mysql import base

from core.backends.guarded import GuardedWrapper

# Can't connect, gone away, lost while asking, no connection left, shutting down, took too long.
GONE = {2002, 2003, 2005, 2006, 2013, 1040, 1053, 1969, 3024}
# Waited in vain for a lock, deadlocked, read what another had changed since.
COLLISIONS = {1205, 1213, 1020}


class DatabaseWrapper(GuardedWrapper, base.DatabaseWrapper):
    def is_missing(self, error: Any) -> bool:
        return bool(error.args) and error.args[0] in GONE

    def is_collision(self, error: Any) -> bool:
        return bool(error.args) and error.args[0] in COLLISIONS
