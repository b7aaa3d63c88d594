"""The bitácora on a Cassandra that answers."""

import os
import socket
import ssl
import threading
import traceback
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from urllib.parse import urlsplit

import pytest
from cassandra import InvalidRequest

from bitacora.cassandra import CassandraBitacora
from bitacora.cassandra.schema import STEPS, copies
from bitacora.stores import bitacora_at
from bitacora.tables import PAGOS, TABLES, TRANSACTION_AUDIT
from bitacora.testing import ON_CASSANDRA
from bitacora.tests.factories import ALWAYS, MOMENT, operation, payment
from core.outages import StoreDown, breaker

NAMES = [step.name for step in STEPS]
pytestmark = pytest.mark.skipif(not ON_CASSANDRA, reason="BITACORA_URL names no Cassandra")


@pytest.fixture
def kept(own_keyspace):
    """A bitácora on Cassandra with nothing in it, and no outage behind it."""
    breaker("bitacora").answered()
    yield own_keyspace.kept
    breaker("bitacora").answered()
    own_keyspace.empty()


def ask(kept, query):
    with kept.server.link() as link:
        return link.rows(query.format(kept.server.address.keyspace))


def test_no_table_lets_its_rows_expire(kept):
    found = ask(
        kept,
        "SELECT table_name, default_time_to_live FROM system_schema.tables "
        "WHERE keyspace_name = '{}'",
    )
    names = {copy.name for table in TABLES for copy in copies(table)}
    assert dict(found) == dict.fromkeys([*names, "migraciones"], 0)


def test_a_step_that_was_not_written_down_is_taken_again(kept):
    kept.append(PAGOS, [payment()])
    ask(kept, "TRUNCATE {}.migraciones")
    assert kept.pending() == NAMES
    kept.setup()
    assert kept.pending() == []
    assert len(list(kept.scan(PAGOS, until=ALWAYS))) == 1


def test_what_was_not_written_everywhere_is_told_and_not_scanned(kept):
    row = payment()
    ask(kept, "TRUNCATE {}.migraciones")
    with kept.server.link() as link:
        link.session.execute(f"DROP TABLE {kept.server.address.keyspace}.pagos_por_cliente")
    with pytest.raises(InvalidRequest):
        kept.append(PAGOS, [row])
    assert list(kept.scan(PAGOS, until=ALWAYS)) == []
    kept.setup()
    kept.append(PAGOS, [row])
    for key in ("id", "policy_number", "customer_id"):
        assert kept.read(PAGOS, {key: row[key]}, limit=5) == [row]


def test_two_that_set_a_new_keyspace_up_at_once_do_no_harm(kept, own_keyspace):
    url = own_keyspace.url.replace("/test_", "/test_two_")
    both = [CassandraBitacora(url) for _ in range(2)]
    try:
        assert both[0].pending() == ["keyspace", *NAMES]
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(CassandraBitacora.setup, both))
        assert [one.pending() for one in both] == [[], []]
        both[0].append(PAGOS, [row := payment()])
        assert list(both[1].scan(PAGOS, until=ALWAYS)) == [row]
    finally:
        ask(both[0], "DROP KEYSPACE {}")
        for one in both:
            one.close()


def test_a_statement_is_prepared_once(kept):
    rows = [operation(timestamp=MOMENT), payment()]
    for _ in range(2):
        kept.append(TRANSACTION_AUDIT, rows[:1])
        kept.append(PAGOS, rows[1:])
        kept.read(PAGOS, {"policy_number": "P-1"}, limit=1)
        with kept.server.link() as link:
            prepared = dict(link.prepared)
    with kept.server.link() as link:
        assert link.prepared == prepared
        assert all(statement.is_idempotent for statement in prepared.values())


def test_a_row_leaves_no_tombstones_where_it_has_no_value(kept):
    kept.append(PAGOS, [payment(metodo_pago=None)])
    (row,) = ask(kept, "SELECT writetime(metodo_pago), writetime(monto) FROM {}.pagos")
    assert row[0] is None
    assert row[1] < 0


def test_it_links_again_after_it_was_closed(kept):
    kept.append(PAGOS, [payment()])
    kept.close()
    kept.close()
    assert len(list(kept.scan(PAGOS, until=ALWAYS))) == 1


def test_a_process_forked_from_this_one_has_a_link_of_its_own(kept):
    kept.append(PAGOS, [payment()])
    child = os.fork()
    if not child:
        try:
            kept.append(PAGOS, [payment()])
            found = len(list(kept.scan(PAGOS, until=ALWAYS)))
            kept.close()
            os._exit(0 if found == 2 else 1)
        finally:
            os._exit(2)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert len(list(kept.scan(PAGOS, until=ALWAYS))) == 2


def test_many_threads_use_one_link(kept):
    kept.close()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: kept.append(PAGOS, [payment(version=n)]), range(40)))
    assert len(kept.server._links) == 1
    assert len(list(kept.scan(PAGOS, until=ALWAYS))) == 40


def test_a_wrong_password_is_told_in_the_log_without_it(kept, capsys):
    address = kept.server.address
    if not address.user:
        pytest.skip("this Cassandra asks for no password")
    wrong = f"cassandra://{address.user}:equivocada@{address.hosts[0]}:{address.port}/cartera"
    with pytest.raises(StoreDown):
        CassandraBitacora(wrong).ping()
    logged = capsys.readouterr().err
    assert "errors=AuthenticationFailed" in logged
    assert "equivocada" not in logged


class TLSFront:
    """A door with TLS before a server that has none; it lets in who shows the certificate itself."""

    def __init__(self, certificate, behind):
        cert, key = certificate
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(cert, key)
        context.load_verify_locations(cert)
        context.verify_mode = ssl.CERT_REQUIRED
        self.door = context.wrap_socket(socket.create_server(("127.0.0.1", 0)), server_side=True)
        self.behind = behind
        self.threads = [threading.Thread(target=self.let_in)]

    def __enter__(self):
        self.threads[0].start()
        return self.door.getsockname()[1]

    def __exit__(self, *failure):
        self.door.shutdown(socket.SHUT_RDWR)
        for thread in self.threads:
            thread.join()
        self.door.close()

    def let_in(self):
        while True:
            try:
                outer, _address = self.door.accept()
            except ssl.SSLError:  # who is not let in
                continue
            except OSError:  # closed
                return
            inner = socket.create_connection(self.behind)
            for ends in ((outer, inner), (inner, outer)):
                thread = threading.Thread(target=self.pass_on, args=ends)
                self.threads.append(thread)
                thread.start()

    @staticmethod
    def pass_on(source, target):
        with suppress(OSError), source:
            while data := source.recv(65536):
                target.sendall(data)
        with suppress(OSError):
            target.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def tls_url(kept, own_keyspace, certificate):
    """The address of the server behind TLS, but for what the client shows."""
    address = kept.server.address
    with TLSFront(certificate, (address.hosts[0], address.port)) as port:
        parts = urlsplit(own_keyspace.url)
        who = parts.netloc.rpartition("@")[0]
        yield parts._replace(
            netloc=f"{who}@127.0.0.1:{port}" if who else f"127.0.0.1:{port}", query="tls=1"
        ).geturl()


def test_it_speaks_by_tls_with_a_server_that_it_can_trust(tls_url, certificate):
    cert, key = certificate
    kept = CassandraBitacora(f"{tls_url}&ca={cert}&cert={cert}&key={key}")
    kept.append(PAGOS, [row := payment(metodo_pago="x" * 100_000)])
    assert list(kept.scan(PAGOS, until=ALWAYS)) == [row]
    kept.close()


def test_it_does_not_speak_with_a_server_that_nobody_it_trusts_vouches_for(tls_url, capsys):
    with pytest.raises(StoreDown):
        CassandraBitacora(tls_url).ping()
    assert "certificate verify failed" in capsys.readouterr().err


def test_tls_to_a_server_that_speaks_plainly_is_nobody(kept, own_keyspace):
    with pytest.raises(StoreDown) as told:
        bitacora_at(f"{own_keyspace.url}?tls=1").ping()
    password = kept.server.address.password
    shown = "".join(traceback.format_exception(told.value))
    assert not password or f":{password}@" not in shown


def test_a_failure_that_is_no_outage_stays_what_it_is(kept):
    with pytest.raises(Exception, match="no_such_table"):
        ask(kept, "SELECT * FROM {}.no_such_table")
    kept.ping()
