"""What every test has: stores of its own, and nothing outside its own folders."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.db import connections
from django.test import testcases
from django.utils import translation

from config.celery import app
from config.settings import BITACORA_URL, DATABASES, REDIS_URL
from core.testing import not_rolled_back, undone_by_hand
from ingestion.testing import see_uncommitted

pytest_plugins = ["bitacora.testing"]

# No test is timed: how long one takes depends on who else uses the machine.
hypothesis.settings.register_profile("cartera", deadline=None)
hypothesis.settings.load_profile("cartera")

# Nothing that a test sends reaches the queue of the clone.
app.conf.update(broker_url="memory://", broker_transport_options={})


@pytest.fixture(autouse=True)
def own_folders(settings: Any, tmp_path: Path) -> None:
    """A lake that lives as long as the test, and no catalogue of it."""
    settings.LAKE_URL = (tmp_path / "lago").as_uri()
    settings.ICEBERG_CATALOG_URL = ""
    settings.ANALYTICS_CACHE = tmp_path / "analitica"
    settings.ANALYTICS_WARM = False


# A store that rolls nothing back is undone by hand, and doesn't make the others be emptied after each test.
asked = testcases.connections_support_transactions
testcases.connections_support_transactions = lambda aliases=None: asked(
    {*(connections if aliases is None else aliases)} - {*not_rolled_back()}
)


@pytest.fixture(autouse=True)
def undone_stores() -> Iterator[None]:
    with undone_by_hand():
        yield


@pytest.fixture(autouse=True)
def seen_by_exports(monkeypatch: Any) -> None:
    see_uncommitted(monkeypatch)


@pytest.fixture(autouse=True)
def own_language() -> None:
    """The house's, whatever the pages of the test before were asked for in."""
    translation.deactivate()


@pytest.fixture(autouse=True)
def plain_pages(settings: Any) -> None:
    """Pages over http, with static files that nobody collected and passwords that cost nothing."""
    settings.SECURE_SSL_REDIRECT = False
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "whitenoise" not in name]
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }


def pytest_sessionstart() -> None:
    """Where every server is required, end at once if an address of one is missing."""
    if os.environ.get("TEST_SERVERS") == "required" and (missing := untested()):
        pytest.exit(f"Falta la dirección de {', '.join(missing)}: make servers las da.", 1)


def untested() -> list[str]:
    """Return the servers that no address leads to."""
    engines = {config["ENGINE"].rpartition(".")[2] for config in DATABASES.values()}
    reached = {
        "MySQL": "mysql" in engines,
        "PostgreSQL": "postgresql" in engines,
        "MongoDB": "mongodb" in engines,
        "Cassandra": BITACORA_URL.startswith("cassandra://"),
        "Redis": bool(REDIS_URL),
        "S3": bool(os.environ.get("AWS_ENDPOINT_URL")),
    }
    return [name for name, is_reached in reached.items() if not is_reached]


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say plainly what these tests did not reach."""
    engines = sorted({config["ENGINE"].rpartition(".")[2] for config in DATABASES.values()})
    terminalreporter.section("Qué se ha probado")
    terminalreporter.line(f"Almacenes: {', '.join(engines)}.")
    missing = untested() + ["las páginas en un navegador"] * (shutil.which("chromium") is None)
    terminalreporter.line(f"Sin probar: {', '.join(missing) or 'nada'}.")
