"""Several workers on one Redis share out the stores of an export, and outlive each other."""

import os
import re
import signal
from dataclasses import dataclass
from pathlib import Path

import pytest

from config.tests.house import house, stop, until
from ingestion.tests.lake.conftest import buckets

pytestmark = pytest.mark.skipif(
    os.environ.get("TEST_SERVERS") != "required", reason="not every store is on a server"
)

STORES = {"cassandra", "mongodb", "mysql", "postgresql"}
PARTS = """
    SELECT parametros ->> 'database', estado, intentos FROM ingestion_job WHERE de_id IS NOT NULL
"""
WHOLE = "SELECT estado, intentos FROM ingestion_job WHERE de_id IS NULL"
# What a dead process had in hand is stale.
TIME_PASSES = """
    UPDATE ingestion_job SET heartbeat = heartbeat - interval '2 minutes' WHERE estado = 'en_curso' {0};
    UPDATE core_lease SET expires = expires - interval '2 minutes' WHERE name LIKE 'job:%%' {1};
"""
WAKE = "import django; django.setup(); from ingestion import jobs; print(jobs.wake_stale())"
SEEN = """
import django; django.setup()
from ingestion.lake import lake
from ingestion.snapshots.manifest import complete_ids, current
target = lake()
published = current(target)
assert [*complete_ids(target)] == [published.id]
for path, table in published.tables.items():
    for file in table.files:
        print(path.split("/")[0], file.key.rpartition("/")[2])
"""


@dataclass
class Worker:
    process: object
    log: Path

    def says(self, words):
        return words in self.log.read_text()

    @property
    def read(self):
        """The databases that it has read."""
        return set(re.findall(r"event=store_read .*database=(\w+)", self.log.read_text()))

    @property
    def holds_still(self):
        stat = Path(f"/proc/{self.process.pid}/stat").read_text()
        return stat.rpartition(")")[2].split()[0] == "T"

    def kill(self):
        stop(self.process, signal.SIGKILL)


@pytest.fixture(scope="module")
def portfolio(tmp_path_factory, django_db_blocker):
    """A house with a portfolio; what it publishes is in no catalogue, which is another's test."""
    folder = tmp_path_factory.mktemp("obreros")
    with django_db_blocker.unblock(), house(folder, "obreros") as made:
        made.env |= {"DJANGO_SETTINGS_MODULE": "config.settings", "ICEBERG_CATALOG_URL": ""}
        made.migrate()
        made.manage("demo", "--clientes", "60", "--seed", "1")
        yield made


@pytest.fixture
def made(portfolio, ask):
    """The house with a lake of the test's own, where nobody has asked for anything yet."""
    ask("DELETE FROM ingestion_job")
    with buckets() as own_bucket:
        portfolio.env["LAKE_URL"] = f"s3://{own_bucket()}"
        yield portfolio


@pytest.fixture
def work(made, tmp_path):
    """Start a worker, with one task at a time; none is left at the end."""
    working = []

    def start(name, *, moment=60, hold=False):
        log = tmp_path / f"{name}.log"
        options = (name, str(log), str(moment), *(["hold"] if hold else ()))
        log.touch()
        process = made.start("python", "-m", "config.tests.worker", *options)
        working.append(Worker(process, log))
        return working[-1]

    yield start
    for worker in working:
        if worker.process.poll() is None:
            worker.kill()


@pytest.fixture(scope="module")
def ask(portfolio):
    """Ask the database of the jobs."""
    import psycopg

    url = re.sub("^postgres:", "postgresql:", portfolio.env["DATABASE_URL"])
    with psycopg.connect(url, autocommit=True) as connection:
        yield connection.execute


def ready(*workers):
    until(lambda: all(worker.says(" ready.") for worker in workers), 60)


def parts(ask):
    return {database: (estado, tries) for database, estado, tries in ask(PARTS)}


def whole(ask):
    [found] = ask(WHOLE)
    return found


def attempts(made):
    """Return which attempt the files of each database are of, where one snapshot is published."""
    said = dict(line.split() for line in made.python("-c", SEEN).splitlines())
    return {database: name[5:10] for database, name in said.items()}


def test_an_export_is_read_by_the_workers_that_are_free(made, work, ask):
    workers = [work(name) for name in ("uno", "dos", "tres")]
    ready(*workers)
    made.manage("export_snapshot")
    until(lambda: whole(ask) == ("terminado", 1), 120)
    assert parts(ask) == dict.fromkeys(STORES, ("terminado", 1))
    # Whoever had it in hand read the bitácora, and left the rest to those who were free.
    [leader] = [worker for worker in workers if worker.says("snapshot_begins")]
    assert leader.read == {"cassandra"}
    others = [worker.read for worker in workers if worker is not leader]
    assert all(others)
    assert sorted(database for read in others for database in read) == sorted(STORES - leader.read)
    assert attempts(made) == dict.fromkeys(STORES, "00000")
    assert "está bien" in made.manage("verify_snapshot")


def test_what_a_killed_worker_had_in_hand_another_reads(made, work, ask):
    uno = work("uno")
    ready(uno)
    made.manage("export_snapshot")
    until(lambda: uno.says("snapshot_begins"))
    dos, tres = work("dos", hold=True), work("tres")
    until(lambda: len(uno.read | tres.read) == 3 and dos.holds_still, 120)
    dos.kill()
    [lost] = STORES - uno.read - tres.read
    left = dict.fromkeys(STORES, ("terminado", 1)) | {lost: ("en_curso", 1)}
    until(lambda: parts(ask) == left)
    assert whole(ask) == ("en_curso", 1)
    mine = f"AND parametros ->> 'database' = '{lost}'", f"AND name = 'job:lectura:{lost}'"
    ask(TIME_PASSES.format(*mine))
    until(lambda: whole(ask) == ("terminado", 1), 60)
    assert parts(ask) == dict.fromkeys(STORES, ("terminado", 1)) | {lost: ("terminado", 2)}
    assert attempts(made) == dict.fromkeys(STORES, "00000") | {lost: "02000"}
    assert "está bien" in made.manage("verify_snapshot")


def test_an_export_whose_own_worker_is_killed_goes_on_with_what_was_read(made, work, ask):
    uno = work("uno", moment=0, hold=True)
    ready(uno)
    made.manage("export_snapshot")
    until(lambda: uno.holds_still, 60)
    uno.kill()
    assert uno.read == {"cassandra"}
    dos, tres = work("dos"), work("tres")
    ready(dos, tres)
    assert whole(ask) == ("en_curso", 1)
    ask(TIME_PASSES.format("", ""))
    made.python("-c", WAKE)
    until(lambda: whole(ask) == ("terminado", 2), 120)
    found = parts(ask)
    assert found["cassandra"] == ("terminado", 1)
    assert dos.read | tres.read == STORES - {"cassandra"}
    assert attempts(made)["cassandra"] == "00000"
    assert "está bien" in made.manage("verify_snapshot")
