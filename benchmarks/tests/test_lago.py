"""The lake that the analytics are measured on is one that they read."""

import json

import pytest

from analitica import sources
from analitica.answers import Question, computed
from analitica.metrics import ENDPOINTS
from analitica.reading import Asked
from benchmarks import lago
from ingestion.lake import FolderLake, lake

pytestmark = [pytest.mark.django_db, pytest.mark.any_engine]


@pytest.fixture
def made():
    return lago.make(lake().folder, 2000)


def answers(source):
    asked = Asked(lago.moment_of(lago.FIRST).replace(tzinfo=None))
    return [json.loads(computed(Question(one, source, asked))) for one in ENDPOINTS.values()]


def test_its_snapshot_and_its_csvs_say_the_same(made):
    published = answers(sources.current())
    lake().remove("snapshots/CURRENT")
    assert answers(sources.current()) == published


def test_the_same_rows_are_published_again_under_another_name(made):
    snapshot_id = lago.publish_next(FolderLake(lake().folder), made, lago.FIRST)
    assert sources.current().id == snapshot_id != lago.FIRST
    assert answers(sources.current()) == answers(sources.snapshot(lago.FIRST))
