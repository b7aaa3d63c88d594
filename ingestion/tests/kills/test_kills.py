"""Exports killed and raced, in real processes, with a lake on files and on S3.

All of it with KILLS=1; else a tenth on files, and half of that on S3, where each takes twice as long.
"""

import os

import pytest

from ingestion.snapshots.manifest import ID
from ingestion.tests.kills.house import told
from ingestion.tests.lake.conftest import needs_s3, own_bucket

__all__ = ["own_bucket"]

WHOLE = 100
PLACES = [
    pytest.param(("folder", 10), id="folder", marks=pytest.mark.any_engine),
    pytest.param(("s3", 5), id="s3", marks=needs_s3),
]


@pytest.fixture(params=PLACES)
def place(request, tmp_path):
    """Where the lake of the house is, in its folder or in a bucket of its own, and how often it is tried there."""
    kind, few = request.param
    times = WHOLE if os.environ.get("KILLS") else few
    if kind == "folder":
        return (tmp_path / "lago").as_uri(), times
    return f"s3://{request.getfixturevalue('own_bucket')()}", times


@pytest.mark.parametrize("seed", [1, 2])
def test_killed_at_any_line_no_reader_sees_a_half_and_the_rerun_goes_on(tmp_path, place, seed):
    lake, times = place
    found = told("exports", tmp_path, lake, seed, times)
    assert found["killed"] >= times
    assert found["wrong"] == {}
    assert found["reader"]["wrong"] == []
    assert found["reader"]["reads"] > found["reader"]["snapshots"] > 1


def test_of_two_exporters_one_publishes_and_the_other_is_told(tmp_path, place):
    lake, times = place
    found = told("races", tmp_path, lake, times)
    for ended in zip(*found["ended"], strict=True):
        [loser] = [said for said in ended if not ID.fullmatch(said)]
        assert loser == "Otra exportación publicó mientras tanto: esta no se publica."
    assert found["wrong"] == []
