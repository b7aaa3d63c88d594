"""The bitácora's Cassandra where there is none: what is told, and how it would be asked."""

import os
import socket
import subprocess
import sys
import threading
import traceback
from unittest.mock import MagicMock

import pytest
from cassandra.policies import RetryPolicy
from django.conf import settings as project
from django.core.management import CommandError, call_command

from bitacora.cassandra import CassandraBitacora, server
from bitacora.cassandra.schema import STEPS, TYPES, copies
from bitacora.cassandra.server import AskAgain, first_wins
from bitacora.tables import PAGOS, RECLAMOS, TABLES
from bitacora.tests.factories import ALWAYS, payment
from core.outages import StoreDown, breaker

NAMES = [step.name for step in STEPS]


@pytest.fixture(autouse=True)
def well_again():
    """No test refuses another for an outage that it played."""
    breaker("bitacora").answered()
    yield
    breaker("bitacora").answered()


@pytest.fixture
def port():
    """A port of this machine where nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


def at(port, options=""):
    return CassandraBitacora(f"cassandra://ana:secreta@127.0.0.1:{port}/cartera{options}")


USES = {
    "append": lambda kept: kept.append(PAGOS, [payment()]),
    "read": lambda kept: kept.read(PAGOS, {"policy_number": "P-1"}, limit=1),
    "scan": lambda kept: list(kept.scan(PAGOS, until=ALWAYS)),
    "setup": lambda kept: kept.setup(),
    "pending": lambda kept: kept.pending(),
    "ping": lambda kept: kept.ping(),
}
each_use = pytest.mark.parametrize("use", USES.values(), ids=USES)


class TestNobodyAnswers:
    @each_use
    def test_the_store_is_told_by_its_name(self, port, use):
        with pytest.raises(StoreDown, match="bitacora"):
            use(at(port))

    def test_it_is_left_alone_for_a_while(self, port, monkeypatch):
        kept = at(port)
        with pytest.raises(StoreDown):
            kept.ping()
        monkeypatch.setattr(server, "Cluster", None)  # asked again, this would be a TypeError
        with pytest.raises(StoreDown):
            kept.ping()

    def test_no_thread_stays(self, port):
        with pytest.raises(StoreDown):
            at(port).ping()
        before = threading.active_count()
        for _ in range(3):
            breaker("bitacora").answered()
            with pytest.raises(StoreDown):
                at(port).ping()
        assert threading.active_count() <= before

    def test_a_name_that_no_one_knows_is_nobody(self, monkeypatch):
        def unknown(*args, **kwargs):
            raise socket.gaierror

        monkeypatch.setattr(socket, "getaddrinfo", unknown)
        with pytest.raises(StoreDown):
            CassandraBitacora("cassandra://servidor.invalid/cartera").ping()

    def test_who_listens_and_says_nothing_is_nobody(self, monkeypatch):
        monkeypatch.setattr(server, "CONNECT_TIMEOUT", 0.1)
        with socket.create_server(("127.0.0.1", 0)) as mute, pytest.raises(StoreDown):
            at(mute.getsockname()[1]).ping()

    @pytest.mark.parametrize("options", ["", "?tls=1"])
    def test_who_speaks_of_something_else_is_nobody(self, options):
        with socket.create_server(("127.0.0.1", 0)) as other:

            def answer():
                for _ in range(2):
                    try:
                        peer, _address = other.accept()
                    except OSError:  # closed: nobody asked twice
                        return
                    with peer:
                        peer.recv(100)
                        peer.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

            answering = threading.Thread(target=answer)
            answering.start()
            with pytest.raises(StoreDown) as told:
                at(other.getsockname()[1], options).ping()
            other.shutdown(socket.SHUT_RDWR)
            answering.join()
        assert "secreta" not in "".join(traceback.format_exception(told.value))

    def test_the_log_says_why_but_not_what_was_written(self, port, capsys):
        with pytest.raises(StoreDown):
            at(port).append(PAGOS, [payment(metodo_pago="privado")])
        logged = capsys.readouterr().err
        assert "event=bitacora_unreachable" in logged
        assert "Connection refused" in logged
        assert "secreta" not in logged
        assert "privado" not in logged
        assert "Traceback" not in logged


def test_who_leaves_late_leaves_its_own_link_and_not_the_next(port):
    kept, old, new = at(port), MagicMock(), MagicMock()
    kept.server._links[os.getpid()] = new
    kept.server._leave(old)
    old.session.cluster.shutdown.assert_called_once()
    new.session.cluster.shutdown.assert_not_called()
    kept.close()
    new.session.cluster.shutdown.assert_called_once()


@pytest.mark.django_db(databases="__all__")
def test_migrate_stores_tells_an_outage_in_a_sentence(port, settings):
    settings.BITACORA_URL = f"cassandra://127.0.0.1:{port}/cartera"
    with pytest.raises(CommandError, match="El almacén «bitacora» no está disponible"):
        call_command("migrate_stores", check=True)


def test_a_site_whose_cassandra_is_down_starts(port):
    url = f"cassandra://ana:secreta@127.0.0.1:{port}/cartera?replication=3"
    answer = subprocess.run(
        [sys.executable, "-W", "error", "manage.py", "check"],
        cwd=project.BASE_DIR,
        env=os.environ | {"BITACORA_URL": url},
        capture_output=True,
        text=True,
    )
    assert answer.returncode == 0, answer.stderr
    assert answer.stderr == ""


class Asked:
    """A statement."""

    def __init__(self, *, is_idempotent=True):
        self.is_idempotent = is_idempotent


WENT_WRONG = {
    "read": lambda query, n: AskAgain().on_read_timeout(
        query=query,
        consistency=6,
        required_responses=2,
        received_responses=1,
        data_retrieved=False,
        retry_num=n,
    ),
    "write": lambda query, n: AskAgain().on_write_timeout(
        query=query,
        consistency=6,
        write_type=1,
        required_responses=2,
        received_responses=1,
        retry_num=n,
    ),
    "unavailable": lambda query, n: AskAgain().on_unavailable(
        query=query, consistency=6, required_replicas=2, alive_replicas=1, retry_num=n
    ),
    "error": lambda query, n: AskAgain().on_request_error(query, 6, error=OSError(), retry_num=n),
}


@pytest.mark.parametrize("went_wrong", WENT_WRONG.values(), ids=WENT_WRONG)
def test_what_may_be_said_twice_is_said_three_times_at_most(went_wrong):
    again = (RetryPolicy.RETRY, RetryPolicy.RETRY_NEXT_HOST)
    for query in (Asked(), None):
        assert [went_wrong(query, n)[0] in again for n in range(4)] == [True, True, False, False]
    assert went_wrong(Asked(), 0)[1] == 6
    assert went_wrong(Asked(is_idempotent=False), 0) == (RetryPolicy.RETHROW, None)


def test_the_first_of_two_writes_has_the_greater_time():
    times = [first_wins() for _ in range(100)]
    assert times == sorted(times, reverse=True)
    assert all(
        2**63 <= time < 2**64 for time in times
    )  # a negative number, as the protocol packs it


class TestSteps:
    def test_every_table_of_events_is_made_by_one_step(self):
        made = [statement for step in STEPS for statement in step.statements("k")]
        wanted = [f"k.{copy.name} " for table in TABLES for copy in copies(table)]
        assert [
            statement.split("EXISTS ")[1][: len(name)]
            for statement, name in zip(made, wanted, strict=True)
        ] == wanted
        assert len({step.name for step in STEPS}) == len(STEPS)
        assert sorted(NAMES) == NAMES

    @pytest.mark.parametrize("step", STEPS, ids=NAMES)
    def test_a_step_may_be_taken_twice_and_no_event_ever_expires(self, step):
        for statement in step.statements("k"):
            assert "IF NOT EXISTS" in statement
            assert statement.endswith("default_time_to_live = 0")

    def test_a_table_is_written_after_those_that_it_is_also_read_by(self):
        assert [copy.name for copy in copies(RECLAMOS)] == [
            "reclamos_por_poliza",
            "reclamos_por_cliente",
            "reclamos",
        ]

    def test_the_audit_lies_by_the_day_newest_first(self):
        (statement,) = STEPS[0].statements("k")
        assert "PRIMARY KEY ((dia), timestamp, id)" in statement
        assert "CLUSTERING ORDER BY (timestamp DESC, id DESC)" in statement

    def test_every_kind_of_column_has_its_type(self):
        assert {kind for table in TABLES for kind in table.columns.values()} <= set(TYPES)
