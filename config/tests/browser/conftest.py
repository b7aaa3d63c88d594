"""A real site, as people run it, and a real browser that looks at it."""

import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, sync_playwright

from config.tests.browser.visit import Visit

BIN = Path(sys.executable).parent
CHROMIUM = shutil.which("chromium")
START = 30  # seconds that a process may take to answer


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without a browser these are not tests: the summary says so."""
    if CHROMIUM is None:
        items[:] = [item for item in items if Path(__file__).parent not in item.path.parents]


@dataclass(frozen=True)
class Site:
    url: str
    password: str


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Serve a house with a small portfolio: stores, lake, worker and address of its own."""
    folder, port, password = tmp_path_factory.mktemp("sitio"), _free_port(), secrets.token_hex(8)
    env = os.environ | {
        "VAR_DIR": str(folder),
        "HTTPS": "False",
        "OPEN_INTERFACES": "pages",
        "DJANGO_SUPERUSER_PASSWORD": password,
    }

    def manage(*args: str) -> None:
        command = [sys.executable, "manage.py", *args]
        subprocess.run(command, env=env, cwd=settings.BASE_DIR, check=True, capture_output=True)

    manage("migrate_stores")
    manage("demo", "--clientes", "60", "--seed", "1")
    manage("createsuperuser", "--noinput", "--username", "admin", "--email", "a@correo.test")
    manage("collectstatic", "--no-input")
    with ExitStack() as processes:
        web = ("gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}", "--threads", "4")
        worker = ("celery", "--app", "config", "worker", "--pool", "threads", "--concurrency", "1")
        for number, command in enumerate((web, worker)):
            processes.enter_context(_running(command, env, folder / f"{number}.log"))
        url = f"http://127.0.0.1:{port}"
        _wait_for(f"{url}/health/live")
        yield Site(url, password)


@contextmanager
def _running(command: tuple[str, ...], env: dict[str, str], log: Path) -> Iterator[None]:
    program = [str(BIN / command[0]), *command[1:]]
    with (
        log.open("wb") as output,
        subprocess.Popen(
            program, env=env, cwd=settings.BASE_DIR, stdout=output, stderr=output
        ) as process,
    ):
        try:
            yield
        finally:
            process.terminate()


def _free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port: int = asked.getsockname()[1]
        return port


def _wait_for(url: str) -> None:
    """Return once `url` answers."""
    for attempt in range(START):
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except OSError:
            if attempt == START - 1:
                raise
            time.sleep(1)
        else:
            return


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser; its loop ends with it, for while one runs Django lets nobody ask a store."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


@pytest.fixture(params=[1280, 390], ids=["escritorio", "telefono"])
def visit(request: Any, site: Site, chromium: Browser, tmp_path: Path) -> Iterator[Visit]:
    """Someone at a desk, and someone with a phone; what the console says is an error of the page."""
    pictures = Path(os.environ["PICTURES"]) if os.environ.get("PICTURES") else tmp_path
    page = chromium.new_page(viewport={"width": request.param, "height": 900}, locale="es-PE")
    visit = Visit(page, site.url, pictures)
    yield visit
    page.close()
    assert not visit.errors
