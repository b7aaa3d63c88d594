"""What BITACORA_URL says of a Cassandra."""

import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

PORT = 9042
NAME = re.compile(r"[a-z][a-z0-9_]{0,47}")
DATACENTER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
OPTIONS = ("replication", "datacenter", "tls", "ca", "cert", "key")


@dataclass(frozen=True)
class Address:
    """Where the nodes are, and how one speaks with them. Its repr holds no password."""

    hosts: tuple[str, ...]
    port: int
    keyspace: str
    replication: str  # as CQL writes it; a keyspace that is there already keeps its own
    datacenter: str
    user: str
    password: str = field(repr=False)
    tls: ssl.SSLContext | None


def read_address(url: str) -> Address:
    """Read cassandra://user:password@host1,host2:9042/keyspace?replication=3&tls=1&ca=/path."""
    try:
        parts = urlsplit(url)
        hosts, port = (parts.hostname or "").split(","), parts.port or PORT
        pairs = parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))
    except ValueError:
        # What Python says of it may repeat the password.
        raise _refusal(
            "se espera cassandra://usuario:clave@servidor1,servidor2:9042/keyspace."
        ) from None
    if not all(hosts):
        raise _refusal("falta el servidor, como en cassandra://servidor:9042/keyspace.")
    keyspace = parts.path.removeprefix("/")
    if not NAME.fullmatch(keyspace):
        raise _refusal(
            "el keyspace se escribe con minúsculas, cifras y «_», como en cassandra://servidor/cartera."
        )
    if bool(parts.username) != bool(parts.password):
        raise _refusal("van el usuario y la clave, o ninguno de los dos.")
    options = dict(pairs)
    if len(options) < len(pairs) or not options.keys() <= set(OPTIONS):
        raise _refusal(f"sus opciones son {', '.join(OPTIONS)}, cada una una vez.")
    datacenter = options.get("datacenter", "")
    if datacenter and not DATACENTER.fullmatch(datacenter):
        raise _refusal("datacenter no es el nombre de un centro de datos.")
    return Address(
        hosts=tuple(hosts),
        port=port,
        keyspace=keyspace,
        replication=_replication(options.get("replication", "1")),
        datacenter=datacenter,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        tls=_tls(options),
    )


def _refusal(sentence: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(f"BITACORA_URL: {sentence}")


def _replication(text: str) -> str:
    """`3` copies wherever they fall, or `dc1:3,dc2:2` in each of those data centers."""
    if _is_factor(text):
        return f"{{'class': 'SimpleStrategy', 'replication_factor': {int(text)}}}"
    factors = dict(part.partition(":")[::2] for part in text.split(","))
    for name, factor in factors.items():
        if not DATACENTER.fullmatch(name) or not _is_factor(factor):
            raise _refusal("replication se escribe como 3, o como dc1:3,dc2:3.")
    each = ", ".join(f"'{name}': {int(factor)}" for name, factor in factors.items())
    return f"{{'class': 'NetworkTopologyStrategy', {each}}}"


def _is_factor(text: str) -> bool:
    return text.isascii() and text.isdecimal() and int(text) > 0


def _tls(options: Mapping[str, str]) -> ssl.SSLContext | None:
    """What checks each node's certificate, which has to name the address that the node is reached at."""
    ca, cert, key = (options.get(name) or None for name in ("ca", "cert", "key"))
    if options.get("tls", "0") not in ("0", "1"):
        raise _refusal("tls es 1 o 0.")
    if options.get("tls", "0") == "0":
        if ca or cert or key:
            raise _refusal("ca, cert y key son de una conexión con tls=1.")
        return None
    if key and not cert:
        raise _refusal("key es la clave de un certificado: falta cert.")
    for path in filter(None, (ca, cert, key)):
        if not Path(path).is_file():
            raise _refusal(f"no existe el archivo {path}.")
    try:
        context = ssl.create_default_context(cafile=ca)
        if cert:
            context.load_cert_chain(cert, key, password="")
    except (OSError, ValueError):  # SSLError is an OSError
        raise _refusal("no se pueden leer los certificados de ca, cert y key.") from None
    return context
