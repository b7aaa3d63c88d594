from pathlib import Path
from typing import Any

import pytest

from ingestion.portfolio import check, write
from ingestion.tests.portfolio.made_up import Portfolio


@pytest.fixture
def portfolio(tmp_path: Path, capsys: Any) -> Portfolio:
    return Portfolio(tmp_path, capsys)


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches of two lines, so that a few lines are many batches."""
    monkeypatch.setattr(check, "BATCH", 2)
    monkeypatch.setattr(write, "BATCH", 2)
