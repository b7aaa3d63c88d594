"""Every endpoint answers what the independent computation answers, whatever the lake holds."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from analitica.tests import lakes, oracle
from analitica.tests.oracle.comparison import differences

pytestmark = [pytest.mark.django_db, pytest.mark.any_engine]

LAKES: dict[str, Callable[[], lakes.Tables]] = {
    "whole-1": lambda: lakes.whole(seed=1, rows=40),
    "whole-2": lambda: lakes.whole(seed=2, rows=200),
    "whole-3": lambda: lakes.whole(seed=3, rows=5),
    "some-4": lambda: lakes.some(seed=4, rows=30),
    "some-5": lambda: lakes.some(seed=5, rows=30),
    "bold-6": lambda: lakes.bold(seed=6, rows=40),
    "bold-7": lambda: lakes.bold(seed=7, rows=150),
    "one-row": lakes.one_row,
    "empty": lakes.empty,
}
BY_MONTHS = ("/mysql/analytics/growth-by-state", "/postgresql/analytics/policy-trends")
BY_HOURS = ("/cassandra/analytics/activity-patterns",)

# As a caller writes the moment, and the moment that it is.
SPELLINGS = {
    "2026-02-28T15:30:00Z": lakes.AS_OF,
    "2024-02-29T23:59:59-05:00": datetime(2024, 3, 1, 4, 59, 59, tzinfo=UTC),
    "1999-12-31": datetime(1999, 12, 31, tzinfo=UTC),
}


@pytest.fixture(scope="module")
def written(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, lakes.Tables]:
    folder = tmp_path_factory.mktemp(request.param)
    tables = LAKES[request.param]()
    lakes.write(folder, tables)
    return folder, tables


@pytest.fixture
def tables(written: tuple[Path, lakes.Tables], settings: Any) -> Mapping[str, pd.DataFrame]:
    """The tables of the lake that the analytics read."""
    folder, tables = written
    settings.LAKE_URL = folder.as_uri()
    settings.OPEN_INTERFACES = ["analytics"]
    return tables


def assert_agreement(
    client: Any,
    path: str,
    tables: Mapping[str, pd.DataFrame],
    *,
    as_of: str = "2026-02-28T15:30:00Z",
    **params: int,
) -> None:
    answer = client.get(path, {"as_of": as_of, **params})
    assert answer.status_code == 200, answer.content.decode()
    expected = oracle.answer(path, tables, as_of=SPELLINGS[as_of], **params)
    found = differences(expected, answer.json())
    assert not found, "\n".join([f"{path} {params}", *found[:20]])


every_lake = pytest.mark.parametrize("written", LAKES, indirect=True)
one_of_each_kind = pytest.mark.parametrize("written", ["whole-1", "bold-6"], indirect=True)


@every_lake
@pytest.mark.parametrize("path", oracle.ENDPOINTS)
def test_an_endpoint_agrees(client, path, tables):
    assert_agreement(client, path, tables)


@one_of_each_kind
@pytest.mark.parametrize("path", oracle.ENDPOINTS)
@pytest.mark.parametrize("as_of", SPELLINGS)
def test_it_agrees_as_of_any_moment(client, path, tables, as_of):
    assert_agreement(client, path, tables, as_of=as_of)


@every_lake
@pytest.mark.parametrize("path", BY_MONTHS)
@pytest.mark.parametrize("months", [1, 2, 25, 36])
def test_it_agrees_over_any_months(client, path, tables, months):
    assert_agreement(client, path, tables, months=months)


@every_lake
@pytest.mark.parametrize("path", BY_HOURS)
@pytest.mark.parametrize("hours", [24, 25, 240, 720])
def test_it_agrees_over_any_hours(client, path, tables, hours):
    assert_agreement(client, path, tables, hours=hours)
