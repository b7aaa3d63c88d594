"""What settings read from the environment that takes more than one line."""

import re
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key
from environ import Env

# One SQLite file serves web, worker and beat at once. A transaction that reads and then writes is refused
# at once when another has written meanwhile, so it takes the write lock from the start and waits for it.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
}


def store_database(env: Env, variable: str, embedded: Path) -> dict[str, Any]:
    """Return the DATABASES entry of the store that `variable` names, or of its embedded SQLite file."""
    config: dict[str, Any] = env.db_url(variable, default=f"sqlite:///{embedded}")
    if not config:
        raise ImproperlyConfigured(f"{variable}: no es la URL de una base de datos.")
    if config["ENGINE"] == "django.db.backends.sqlite3":
        config["OPTIONS"] = SQLITE_OPTIONS | config.get("OPTIONS", {})
    return config


def version(changelog: Path) -> str:
    """Return the newest release that the changelog names."""
    found = re.search(r"^## (\S+)", changelog.read_text(), re.MULTILINE)
    if not found:
        raise ImproperlyConfigured(f"{changelog.name}: no nombra ninguna versión.")
    return found[1]


def secret_key(env: Env, folder: Path) -> str:
    """Return SECRET_KEY, or the one that a first start leaves in `folder` for those that follow."""
    if key := env.str("SECRET_KEY", default=""):
        return str(key)
    path = folder / "secret_key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(get_random_secret_key() + get_random_secret_key())
    return path.read_text()
