"""What BITACORA_URL may say of a Cassandra, and how a bad one is told."""

import ssl

import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st

from bitacora.cassandra import CassandraBitacora
from bitacora.cassandra.address import read_address
from bitacora.checks import bitacora_has_an_address

SIMPLE = "{'class': 'SimpleStrategy', 'replication_factor': %d}"


def test_an_address_says_who_where_and_in_which_keyspace():
    address = read_address("cassandra://ana:clave%40larga@nodo1,nodo2:9142/cartera")
    assert (address.hosts, address.port) == (("nodo1", "nodo2"), 9142)
    assert (address.user, address.password) == ("ana", "clave@larga")
    assert (address.keyspace, address.replication) == ("cartera", SIMPLE % 1)
    assert (address.datacenter, address.tls) == ("", None)


def test_what_an_address_leaves_out_is_as_a_new_server_has_it():
    address = read_address("cassandra://127.0.0.1/cartera")
    assert (address.port, address.user, address.password) == (9042, "", "")


@pytest.mark.parametrize(
    ("text", "cql"),
    [
        ("3", SIMPLE % 3),
        ("dc1:3", "{'class': 'NetworkTopologyStrategy', 'dc1': 3}"),
        ("dc1:3,dc-2:1", "{'class': 'NetworkTopologyStrategy', 'dc1': 3, 'dc-2': 1}"),
    ],
)
def test_copies_are_counted_anywhere_or_by_data_center(text, cql):
    assert read_address(f"cassandra://h/k?replication={text}").replication == cql


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("cassandra://", "servidor"),
        ("cassandra:///cartera", "servidor"),
        ("cassandra://h,/cartera", "servidor"),
        ("cassandra://h:9042", "keyspace"),
        ("cassandra://h/Cartera", "keyspace"),
        ("cassandra://h/cartera/más", "keyspace"),
        ("cassandra://h/car-tera", "keyspace"),
        ("cassandra://h/" + "x" * 49, "keyspace"),
        ("cassandra://h/k;drop", "keyspace"),
        ("cassandra://h:puerto/k", "se espera"),
        ("cassandra://h1:9042,h2:9042/k", "se espera"),
        ("cassandra://[::1/k", "se espera"),
        ("cassandra://ana@h/k", "usuario y la clave"),
        ("cassandra://:clave@h/k", "usuario y la clave"),
        ("cassandra://h/k?replicas=3", "opciones"),
        ("cassandra://h/k?tls=1&tls=0", "opciones"),
        ("cassandra://h/k?tls", "se espera"),
        ("cassandra://h/k?replication=0", "replication"),
        ("cassandra://h/k?replication=", "replication"),
        ("cassandra://h/k?replication=dc1", "replication"),
        ("cassandra://h/k?replication=dc1:0", "replication"),
        ("cassandra://h/k?replication=dc1:3,", "replication"),
        ("cassandra://h/k?replication=d'c:3", "replication"),
        ("cassandra://h/k?datacenter=d'c", "datacenter"),
        ("cassandra://h/k?tls=yes", "tls"),
        ("cassandra://h/k?ca=/ca.pem", "tls=1"),
        ("cassandra://h/k?tls=1&ca=/no/such.pem", "no existe el archivo /no/such.pem"),
        ("cassandra://h/k?tls=1&key=/k.pem", "falta cert"),
    ],
)
def test_a_bad_address_is_told_in_a_sentence(settings, url, told):
    with pytest.raises(ImproperlyConfigured) as refusal:
        read_address(url)
    assert str(refusal.value).startswith("BITACORA_URL: ")
    assert told in str(refusal.value)
    settings.BITACORA_URL = url
    (error,) = bitacora_has_an_address(None)
    assert (error.id, error.msg) == ("bitacora.E001", str(refusal.value))


@given(
    password=st.text(st.characters(codec="ascii", categories=("L", "N", "P", "S")), min_size=6),
    rest=st.sampled_from(["h:x/k", "h/K", "h/k?a=b", "h1:1,h2:2/k", "h/k?replication=x", "[h/k"]),
)
def test_no_refusal_repeats_the_password(password, rest):
    """Not even one written as it shouldn't be: with its signs plain."""
    secret = f"secreta{password}secreta"
    with pytest.raises(ImproperlyConfigured) as refusal:
        read_address(f"cassandra://ana:{secret}@{rest}")
    assert "secreta" not in str(refusal.value)
    assert refusal.value.__cause__ is None


def test_a_password_is_in_no_repr():
    kept = CassandraBitacora("cassandra://ana:secreta@h/k")
    assert "ana" in repr(kept.server.address)
    assert "secreta" not in repr(kept.server.address) + repr(kept) + repr(vars(kept.server))


def test_tls_checks_the_certificate_and_whom_it_names():
    tls = read_address("cassandra://h/k?tls=1").tls
    assert tls is not None
    assert (tls.verify_mode, tls.check_hostname) == (ssl.CERT_REQUIRED, True)


def test_tls_trusts_the_authority_that_the_address_names_and_no_other(certificate):
    cert, key = certificate
    tls = read_address(f"cassandra://h/k?tls=1&ca={cert}&cert={cert}&key={key}").tls
    assert tls is not None
    assert tls.cert_store_stats()["x509_ca"] == 1


@pytest.mark.parametrize("option", ["ca", "cert"])
def test_a_file_that_holds_no_certificate_is_refused(tmp_path, option):
    path = tmp_path / "wrong.pem"
    path.write_text("nothing")
    with pytest.raises(ImproperlyConfigured, match="BITACORA_URL: no se pueden leer"):
        read_address(f"cassandra://h/k?tls=1&{option}={path}")
