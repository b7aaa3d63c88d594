"""What settings read from the environment that takes more than one line."""

import re
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit
from zoneinfo import available_timezones

from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key
from environ import Env

# One SQLite file serves web, worker and beat at once. A transaction that reads and then writes is refused
# at once when another has written meanwhile, so it takes the write lock from the start and waits for it.
SQLITE = {"ENGINE": "core.backends.sqlite3"}
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
}


# A server that doesn't answer is given up soon, and one that is slow in the end: others wait behind it.
MYSQL = {
    "ENGINE": "core.backends.mysql",
    "CONN_MAX_AGE": 60,
    "CONN_HEALTH_CHECKS": True,
}
MYSQL_OPTIONS = {
    "charset": "utf8mb4",
    "sql_mode": "STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO",
    "isolation_level": "read committed",
    "connect_timeout": 1,
    "read_timeout": 60,
    "write_timeout": 60,
}
POSTGRESQL = {"ENGINE": "core.backends.postgresql", "CONN_HEALTH_CHECKS": True}
POSTGRESQL_OPTIONS = {
    "pool": {"min_size": 0, "max_size": 16, "timeout": 1},  # more than a process has threads
    "connect_timeout": 2,  # the least that libpq takes
    "tcp_user_timeout": 10_000,
    "options": "-c statement_timeout=60s -c timezone=UTC",
}
MONGODB_OPTIONS = {
    "serverSelectionTimeoutMS": 900,
    "connectTimeoutMS": 900,
    "socketTimeoutMS": 60_000,
}

LAKE_STORES = ("mysql", "postgresql", "mongodb", "cassandra")

YES, NO = ("true", "1", "yes", "on", "si", "sí"), ("false", "0", "no", "off")


def boolean(env: Env, variable: str, *, default: bool) -> bool:
    """Return what `variable` says; a word that is neither yes nor no is refused, not taken for no."""
    word = env.str(variable, default=str(default)).strip().casefold()
    if word not in YES + NO:
        raise ImproperlyConfigured(f"{variable}: se espera True o False.")
    return word in YES


def words(env: Env, variable: str, *, default: Sequence[str] = ()) -> list[str]:
    """Return what `variable` lists between commas."""
    given = env.str(variable, default=",".join(default))
    return [word.strip() for word in given.split(",") if word.strip()]


def redis(env: Env, variable: str) -> str:
    """Return the address of a Redis, or "" where there is none."""
    url = str(env.str(variable, default=""))
    if url and not url.startswith(("redis://", "rediss://", "unix://")):
        raise ImproperlyConfigured(f"{variable}: se espera redis://servidor:puerto/número.")
    return url


def integer(env: Env, variable: str, *, default: int, minimum: int = 0) -> int:
    """Return the whole number that `variable` holds."""
    text = env.str(variable, default=str(default)).strip()
    if not text.isdecimal() or int(text) < minimum:
        raise ImproperlyConfigured(f"{variable}: se espera un número entero desde {minimum}.")
    return int(text)


def store_database(env: Env, variable: str, embedded: Path) -> dict[str, Any]:
    """Return the DATABASES entry of the store that `variable` names, or of its embedded SQLite file.

    What the address says after its "?" goes before what is set here.
    """
    return _database(env, variable, env.str(variable, default=f"sqlite:///{embedded}"))


def report_databases(env: Env) -> dict[str, dict[str, Any]]:
    """Return the two databases that the report read before Cartera, by what each holds.

    None where no variable names them; raises ImproperlyConfigured where one of the others does.
    """
    said = {
        "SQL_HOST": env.str("SQL_HOST", default=""),
        "SQL_DB": env.str("SQL_DB", default=""),
        "SQL_USER": env.str("SQL_USER", default=""),
        "MONGO_HOST": env.str("MONGO_HOST", default=""),
        "MONGO_DB": env.str("MONGO_DB", default=""),
        "MONGO_COLLECTION": env.str("MONGO_COLLECTION", default=""),
    }
    if not any(said.values()):
        return {}
    for variable, value in said.items():
        if not value:
            raise ImproperlyConfigured(f"{variable}: falta para leer los datos del reporte.")
    user, database = quote(said["SQL_USER"], safe=""), quote(said["SQL_DB"], safe="")
    password = quote(env.ENVIRON.get("SQL_PASSWORD", ""), safe="")
    sql_port = integer(env, "SQL_PORT", default=5432)
    mongo_port = integer(env, "MONGO_PORT", default=27017)
    sql = f"postgres://{user}:{password}@{said['SQL_HOST']}:{sql_port}/{database}"
    mongo = f"mongodb://{said['MONGO_HOST']}:{mongo_port}/{said['MONGO_DB']}"
    return {
        "empleados": _database(env, "SQL_HOST", sql),
        "pedidos": _database(env, "MONGO_HOST", mongo),
    }


def _database(env: Env, variable: str, url: str) -> dict[str, Any]:
    # The address may hold a password: the sentence names the variable alone.
    unknown = ImproperlyConfigured(f"{variable}: no es la dirección de un almacén que se conozca.")
    if url.startswith(("mongodb://", "mongodb+srv://")):
        return mongodb(variable, url)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # environ only warns of an engine that it doesn't know
            config: dict[str, Any] = env.db_url_config(url)
    except (ValueError, KeyError, UserWarning, ImproperlyConfigured):
        raise unknown from None
    given = config.pop("OPTIONS", {})
    match config["ENGINE"]:
        case "django.db.backends.sqlite3":
            given = SQLITE_OPTIONS | given
            return config | SQLITE | {"OPTIONS": given, "TEST": testing(NAME=":memory:")}
        case "django.db.backends.mysql":
            tests = testing(CHARSET="utf8mb4", COLLATION="utf8mb4_bin")
            return config | MYSQL | {"OPTIONS": MYSQL_OPTIONS | given, "TEST": tests}
        case "django.db.backends.postgresql":
            given = POSTGRESQL_OPTIONS | given
            return config | POSTGRESQL | {"OPTIONS": given, "TEST": testing()}
    raise unknown


def testing(**options: str) -> dict[str, Any]:
    """Return how tests make the database of a store: beside those of the others, in whatever order."""
    return {"DEPENDENCIES": [], **options}


def mongodb(variable: str, url: str) -> dict[str, Any]:
    """Return the DATABASES entry of a MongoDB; the driver reads the address itself."""
    name = urlsplit(url).path.strip("/")
    if not name:
        raise ImproperlyConfigured(
            f"{variable}: falta el nombre de la base de datos, como en mongodb://servidor/BD_bienes."
        )
    return {
        "ENGINE": "core.backends.mongodb",
        "HOST": url,
        "NAME": name,
        "TEST": testing(),
        "OPTIONS": {
            option: value for option, value in MONGODB_OPTIONS.items() if f"{option}=" not in url
        },
    }


def lake_url(env: Env, default: str, buckets: Mapping[str, str]) -> str:
    """Return the address of the lake: LAKE_URL, or the bucket that S3_BUCKET names."""
    bucket = str(env.str("S3_BUCKET", default=""))
    if url := str(env.str("LAKE_URL", default="")):
        return url
    if buckets and not bucket:
        raise ImproperlyConfigured(
            "S3_BUCKET: falta el bucket común, ya que hay otros de un solo almacén."
        )
    return f"s3://{bucket}" if bucket else default


def s3_buckets(env: Env) -> dict[str, str]:
    """Return the bucket of each store of the lake that has one of its own."""
    named = {store: env.str(f"S3_BUCKET_{store.upper()}", default="") for store in LAKE_STORES}
    return {store: bucket for store, bucket in named.items() if bucket}


def s3_encryption(env: Env) -> tuple[str, str]:
    """Return how S3 encrypts what it keeps, "" for not at all, and by which key of KMS."""
    key = str(env.str("S3_KMS_KEY", default=""))
    how = str(env.str("S3_SSE", default="aws:kms" if key else "AES256"))
    if how not in ("", "AES256", "aws:kms"):
        raise ImproperlyConfigured("S3_SSE: se espera AES256, aws:kms o nada.")
    if key and how != "aws:kms":
        raise ImproperlyConfigured("S3_SSE: con S3_KMS_KEY se espera aws:kms.")
    return how, key


def time_zone(env: Env, variable: str, *, default: str) -> str:
    """Return the name of a time zone."""
    name = str(env.str(variable, default=default))
    if name not in available_timezones():
        raise ImproperlyConfigured(f"{variable}: {name!r} no es una zona horaria.")
    return name


def email(env: Env, variable: str) -> dict[str, Any]:
    """Return the EMAIL_ settings that `variable` names by a URL; unset, mail is written to the log."""
    try:
        config: dict[str, Any] = env.email_url(variable, default="consolemail://")
    except (ValueError, KeyError, ImproperlyConfigured):
        raise ImproperlyConfigured(
            f"{variable}: no es la dirección de un correo saliente."
        ) from None
    return config


def version(changelog: Path) -> str:
    """Return the newest release that the changelog names."""
    found = re.search(r"^## (\S+)", changelog.read_text(), re.MULTILINE)
    if not found:
        raise ImproperlyConfigured(f"{changelog.name}: no nombra ninguna versión.")
    return found[1]


def secret_key(env: Env, folder: Path) -> str:
    """Return SECRET_KEY, or the one that a first start leaves in `folder` for those that follow."""
    # Not by env.str(), which takes a value that begins with $ for the name of another variable.
    if key := env.ENVIRON.get("SECRET_KEY"):
        return str(key)
    path = folder / "secret_key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(get_random_secret_key() + get_random_secret_key())
    return path.read_text()
