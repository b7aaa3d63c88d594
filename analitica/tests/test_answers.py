"""Answers that are kept: by source, address, parameters and scope, and never by time."""

import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest

from analitica import answers as module
from analitica import sources
from analitica.answers import Answers, Question, answers
from analitica.endpoints import Endpoint
from analitica.failures import NoSuchTable
from analitica.metrics import ENDPOINTS
from analitica.reading import Asked
from analitica.tests.small import AS_OF, CSVS, write
from analitica.warming import warm
from clientes.tests.factories import UsuarioFactory
from ingestion import jobs, work
from ingestion.lake import lake
from ingestion.models import Job
from ingestion.snapshots import parts

pytestmark = [
    pytest.mark.django_db(databases="__all__"),
    pytest.mark.usefixtures("open_analytics"),
]

USERS = "/mysql/analytics/users"


@pytest.fixture
def export(monkeypatch):
    """Take a snapshot and return its id."""
    monkeypatch.setattr(parts, "MOMENT", 0.0)  # no worker comes

    def take():
        work.run(jobs.pedir(Job.Kind.EXPORTACION).pk)
        return sources.current().id

    return take


@pytest.fixture
def computed(monkeypatch):
    """The addresses that were computed, one by one."""
    found, compute = [], module.computed
    monkeypatch.setattr(
        module,
        "computed",
        lambda question: found.append(question.endpoint.path) or compute(question),
    )
    return found


class TestFlatLake:
    def test_it_is_computed_once(self, client, computed):
        write()
        first, second = client.get(USERS), client.get(USERS)
        assert first.content == second.content
        assert computed == [USERS]

    def test_what_is_asked_differently_is_another_answer(self, client, computed):
        write()
        for query in ("", "?as_of=2026-01-01", "?as_of=2026-01-02"):
            client.get(f"{USERS}{query}")
        assert len(computed) == 3

    def test_one_moment_written_in_two_ways_is_one_answer(self, client, computed):
        write()
        client.get(f"{USERS}?as_of=2026-06-01")
        client.get(f"{USERS}?as_of=2026-06-01T02:00:00%2B02:00&otro=1")
        assert computed == [USERS]

    def test_a_file_that_changes_changes_the_answer(self, client):
        write()
        before = client.get(USERS)
        write(mysql_users=CSVS["mysql/users"] + "u3,leo,,USER,,Lima,,\n")
        after = client.get(USERS, headers={"If-None-Match": before["ETag"]})
        assert (before.json()["total_users"], after.json()["total_users"]) == (2, 3)
        assert before["X-Snapshot"] != after["X-Snapshot"]

    def test_nothing_is_left_in_somebody_elses_lake(self, client):
        write()
        client.get(USERS)
        assert lake().keys("analytics") == []

    def test_now_is_when_the_newest_file_was_written(self, client):
        write()
        said = client.get("/mysql/analytics/growth-by-state").json()["as_of"]
        newest = max(found.modified for found in lake().objects().values())
        assert said == f"{newest:%Y-%m-%dT%H:%M:%SZ}"


class TestETag:
    def test_who_has_the_answer_is_told_so_and_nothing_is_computed(self, client, computed):
        write()
        etag = client.get(USERS)["ETag"]
        answers.forget()
        again = client.get(USERS, headers={"If-None-Match": f'"otra", {etag}'})
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)
        assert computed == [USERS]

    def test_it_is_another_for_another_question(self, client):
        write()
        paths = [USERS, f"{USERS}?as_of={AS_OF}", "/claims/stats", "/cassandra/analytics/claims"]
        assert len({client.get(path)["ETag"] for path in paths}) == len(paths)

    def test_what_is_wrong_is_told_whatever_who_asks_has(self, client):
        write()
        refused = client.get(f"{USERS}?as_of=x", headers={"If-None-Match": "*"})
        assert refused.status_code == 422


class TestSnapshots:
    def test_an_answer_names_its_snapshot(self, client, export):
        snapshot = export()
        assert client.get(USERS)["X-Snapshot"] == snapshot

    def test_an_older_one_may_be_asked_for(self, client, export):
        UsuarioFactory()
        old = export()
        UsuarioFactory.create_batch(2)
        new = export()
        assert client.get(USERS).json()["total_users"] == 3
        before = client.get(f"{USERS}?snapshot={old}")
        assert (before.json()["total_users"], before["X-Snapshot"]) == (1, old)
        assert client.get(f"{USERS}?snapshot={new}").content == client.get(USERS).content

    def test_now_is_the_newest_moment_of_its_reads(self, client, export):
        export()
        said = client.get("/mysql/analytics/growth-by-state").json()["as_of"]
        assert said == f"{sources.current().moment:%Y-%m-%dT%H:%M:%SZ}"

    def test_published_and_flat_say_the_same(self, client, export):
        UsuarioFactory.create_batch(5)
        export()
        paths = [f"{path}?as_of={AS_OF}" for path in ENDPOINTS]
        published = [client.get(path).json() for path in paths]
        for key in lake().keys("snapshots"):
            lake().remove(key)
        flat = [client.get(path) for path in paths]
        assert all(answer["X-Snapshot"].startswith("csv-") for answer in flat)
        assert [answer.json() for answer in flat] == published

    def test_what_others_found_out_is_not_computed_again(self, client, export, computed):
        export()
        warm()
        assert sorted(computed) == sorted(ENDPOINTS)
        answers.forget()
        assert client.get(USERS).status_code == 200
        assert len(computed) == len(ENDPOINTS)

    def test_who_publishes_finds_out_what_is_usual(self, client, export, computed, settings):
        settings.ANALYTICS_WARM = True
        export()
        assert sorted(computed) == sorted(ENDPOINTS)
        client.get(USERS)
        assert len(computed) == len(ENDPOINTS)

    def test_an_answer_that_can_not_be_found_out_hinders_no_export(
        self, export, monkeypatch, settings
    ):
        settings.ANALYTICS_WARM = True
        monkeypatch.setattr(module, "computed", lambda question: 1 / 0)
        assert export() == sources.current().id

    def test_a_lake_that_can_not_be_written_answers_too(self, client, export, monkeypatch):
        export()

        def refuse(*_args):
            raise PermissionError

        monkeypatch.setattr("ingestion.lake.FolderLake.create", refuse)
        assert client.get(USERS).status_code == 200

    def test_the_answers_of_a_snapshot_go_with_it(self, export, settings):
        settings.SNAPSHOT_KEEP = 1
        old = export()
        warm()
        with lake().write("analytics/athena/resultado-1.json") as file:
            file.write(b"{}")
        new = export()
        warm()
        kept = lake().keys("analytics")
        assert "analytics/athena/resultado-1.json" in kept
        assert not [key for key in kept if old in key]
        assert len([key for key in kept if new in key]) == len(ENDPOINTS)


class TestAtOnce:
    THREADS = 8

    def question(self, metric):
        endpoint = Endpoint("/prueba", (), metric)
        return Question(endpoint, sources.current(), Asked(sources.current().moment))

    def test_who_asks_what_another_is_finding_out_waits_for_it(self):
        write()
        begun, go, asked = Event(), Event(), []

        def slow(_reading):
            asked.append(1)
            begun.set()
            go.wait()
            return {"n": len(asked)}

        known, question = Answers(), self.question(slow)
        with ThreadPoolExecutor(self.THREADS) as threads:
            found = [threads.submit(known.to, question) for _ in range(self.THREADS)]
            begun.wait()
            go.set()
            assert {future.result() for future in found} == {b'{"n":1}'}
        assert asked == [1]

    def test_one_failure_is_told_to_all_who_wait_and_is_not_kept(self):
        write()
        start, said = Barrier(self.THREADS), []

        def fails(_reading):
            said.append(1)
            raise NoSuchTable("x")

        known, question = Answers(), self.question(fails)

        def ask(_n):
            start.wait()
            with pytest.raises(NoSuchTable):
                known.to(question)

        with ThreadPoolExecutor(self.THREADS) as threads:
            list(threads.map(ask, range(self.THREADS)))
        before = len(said)
        with pytest.raises(NoSuchTable):
            known.to(question)
        assert len(said) == before + 1

    def test_what_is_kept_in_a_process_has_an_end(self, monkeypatch):
        write()
        monkeypatch.setattr(module, "KEPT", 3)
        known, made = Answers(), []
        endpoint = Endpoint("/prueba", (), lambda reading: made.append(1) or {"n": 1})
        source = sources.current()
        for months in (1, 2, 3, 4, 4, 3, 2, 1):
            known.to(Question(endpoint, source, Asked(source.moment, months=months)))
        assert len(made) == 5


def test_while_snapshots_are_published_every_answer_is_of_one(client, export):
    """A thousand questions, of three states of the lake that differ in every table of people."""
    ids = []
    for _ in range(3):
        UsuarioFactory.create_batch(2)
        ids.append(export())
    expected = {
        snapshot: json.loads(client.get(f"{USERS}?snapshot={snapshot}").content) for snapshot in ids
    }
    publish, stop = sources.lake(), Event()

    def turn():
        n = 0
        while not stop.is_set():
            with publish.write("snapshots/CURRENT") as file:
                file.write(ids[n % 3].encode())
            n += 1

    def ask(_n):
        answer = type(client)().get(USERS)
        return answer["X-Snapshot"], answer.json()

    with ThreadPoolExecutor(9) as threads:
        turning = threads.submit(turn)
        try:
            seen = list(threads.map(ask, range(1000)))
        finally:
            stop.set()
        turning.result()
    assert all(answer == expected[snapshot] for snapshot, answer in seen)
    assert {snapshot for snapshot, _answer in seen} == set(ids)
