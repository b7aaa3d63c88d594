"""Exports killed and raced, in real processes on files: a tenth of it, or all with KILLS=1."""

import os

import pytest

from ingestion.snapshots.manifest import ID
from ingestion.tests.kills.house import told

pytestmark = pytest.mark.any_engine

TIMES = 1 if os.environ.get("KILLS") else 10


@pytest.mark.parametrize("seed", [1, 2])
def test_killed_at_any_line_no_reader_sees_a_half_and_the_rerun_goes_on(tmp_path, seed):
    found = told("exports", tmp_path, seed, 100 // TIMES)
    assert found["killed"] >= 100 // TIMES
    assert found["wrong"] == {}
    assert found["reader"]["wrong"] == []
    assert found["reader"]["reads"] > found["reader"]["snapshots"] > 1


def test_of_two_exporters_one_publishes_and_the_other_is_told(tmp_path):
    found = told("races", tmp_path, 100 // TIMES)
    for ended in zip(*found["ended"], strict=True):
        [loser] = [said for said in ended if not ID.fullmatch(said)]
        assert loser == "Otra exportación publicó mientras tanto: esta no se publica."
    assert found["wrong"] == []
