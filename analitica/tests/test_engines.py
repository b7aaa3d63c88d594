"""The same questions in the words of every engine."""

import json
from functools import cache
from importlib import import_module

import pytest
import sqlglot
from django.core.exceptions import ImproperlyConfigured

from analitica import engines, sources
from analitica.engines.duckdb import DuckDB
from analitica.engines.iceberg import Iceberg
from analitica.failures import Unanswered
from analitica.metrics import ENDPOINTS
from analitica.reading import Asked, Reading
from analitica.tables import TABLES
from analitica.tests import lakes
from ingestion import jobs, work
from ingestion.models import Job
from ingestion.snapshots import parts

pytestmark = pytest.mark.django_db(databases="__all__")

AS_OF = lakes.AS_OF.replace(tzinfo=None)


class Written(Reading):
    """Reads with DuckDB, and keeps what each question is in the words of another engine."""

    def __init__(self, other, source, asked, **scope):
        super().__init__(DuckDB(), source, asked, **scope)
        self.other = Reading(other, source, asked, **scope)
        self.said = []

    def rows(self, wanted):
        self.said.append(self.other.sql(wanted))
        return super().rows(wanted)


def dialect(name):
    engine = Iceberg()
    engine.compiler = import_module(f"ibis.backends.sql.compilers.{name}").compiler
    return engine


@pytest.fixture
def snapshot(monkeypatch):
    monkeypatch.setattr(parts, "MOMENT", 0.0)  # no worker comes
    work.run(jobs.pedir(Job.Kind.EXPORTACION).pk)
    return sources.current()


@pytest.mark.any_engine
@pytest.mark.parametrize("scope", [{}, {"agents": ["a", "b"], "account": "7"}], ids=["all", "some"])
@pytest.mark.parametrize("name", ["trino", "athena"])
def test_every_question_is_sql_of_the_dialect_over_the_tags_of_the_snapshot(snapshot, name, scope):
    for endpoint in ENDPOINTS.values():
        reading = Written(dialect(name), snapshot, Asked(AS_OF), **scope)
        endpoint.answer(reading)
        assert reading.said
        for sql in reading.said:
            [parsed] = sqlglot.parse(sql, dialect=name, error_level=sqlglot.ErrorLevel.RAISE)
            tables = [table for table in parsed.find_all(sqlglot.exp.Table) if table.db]
            read = {f"{table.db}/{table.name}" for table in tables}
            # What is in a portfolio is told by its policies, and by their clients.
            assert read <= (TABLES.keys() if scope else {*endpoint.reads})
            assert sql.count(f"FOR VERSION AS OF '{snapshot.id}'") == len(tables) > 0


@pytest.mark.any_engine
def test_iceberg_has_no_tables_of_a_lake_of_csv():
    from analitica.tests.small import write

    write()
    with pytest.raises(Unanswered, match="publicados"):
        Reading(dialect("trino"), sources.current(), Asked(AS_OF)).require(["mysql/users"])


@pytest.mark.any_engine
@pytest.mark.parametrize("name", ["", "DuckDB", "trino", "trino://", "spark://x", "sqlite"])
def test_an_engine_that_there_is_not_is_told_by_the_variable(settings, name):
    settings.ANALYTICS_ENGINE = name
    with pytest.raises(ImproperlyConfigured, match="ANALYTICS_ENGINE: "):
        engines.engine()


@cache
def spark():
    return import_module("analitica.engines.spark").Spark()


LAKES = {
    "whole": lambda: lakes.whole(seed=21, rows=60),
    "bold": lambda: lakes.bold(seed=22, rows=40),
    "one row": lakes.one_row,
    "empty": lakes.empty,
}


@pytest.mark.spark
@pytest.mark.parametrize("name", LAKES)
def test_spark_answers_the_same(name, tmp_path, settings):
    lakes.write(tmp_path / "lago", LAKES[name]())
    settings.LAKE_URL = (tmp_path / "lago").as_uri()
    source = sources.current()
    for path, endpoint in ENDPOINTS.items():
        for scope in ({}, {"agents": ["a"], "account": "u1"})[: 2 if name == "whole" else 1]:
            asked = Asked(AS_OF)
            expected = endpoint.answer(Reading(DuckDB(), source, asked, **scope))
            found = endpoint.answer(Reading(spark(), source, asked, **scope))
            assert json.dumps(found) == json.dumps(expected), path


@pytest.mark.spark
def test_spark_reads_a_snapshot_as_duckdb_does(snapshot):
    for path, endpoint in ENDPOINTS.items():
        asked = Asked(snapshot.moment.replace(tzinfo=None))
        expected = endpoint.answer(Reading(DuckDB(), snapshot, asked))
        assert endpoint.answer(Reading(spark(), snapshot, asked)) == expected, path
