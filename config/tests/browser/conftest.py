"""A real site, as people run it, and a real browser that looks at it."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from config.tests.browser.visit import Visit
from config.tests.house import house

CHROMIUM = shutil.which("chromium")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without a browser these are not tests: the summary says so."""
    if CHROMIUM is None:
        items[:] = [item for item in items if Path(__file__).parent not in item.path.parents]


@dataclass(frozen=True)
class Site:
    url: str
    password: str


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any) -> Iterator[Site]:
    """Serve a house with a small portfolio: stores, lake, worker and address of its own."""
    with django_db_blocker.unblock(), house(tmp_path_factory.mktemp("sitio"), "sitio") as made:
        made.prepare(clientes=60)
        with made.serve() as url:
            yield Site(url, made.password)


@pytest.fixture
def undone_stores() -> None:
    """Nothing to undo: the house has stores of its own, and while a browser runs nobody may ask one."""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser; its loop ends with it, for while one runs Django lets nobody ask a store."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


PHONE = pytest.param(390, id="telefono", marks=pytest.mark.any_engine)


@pytest.fixture(params=[pytest.param(1280, id="escritorio"), PHONE])
def visit(request: Any, site: Site, chromium: Browser, tmp_path: Path) -> Iterator[Visit]:
    """Someone at a desk, and someone with a phone; what the console says is an error of the page."""
    pictures = Path(os.environ["PICTURES"]) if os.environ.get("PICTURES") else tmp_path
    page = chromium.new_page(viewport={"width": request.param, "height": 900}, locale="es-PE")
    visit = Visit(page, site.url, pictures)
    yield visit
    page.close()
    assert not visit.errors
