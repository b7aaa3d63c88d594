"""A house of its own for tests from outside: its stores, its files, and the processes that people run."""

import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connections

from bitacora.testing import ON_CASSANDRA

BIN = Path(sys.executable).parent
START = 30  # seconds that a process may take to answer
REDIS_DATABASES = range(1, 16)
VARIABLES = {
    "default": "DATABASE_URL",
    "clientes": "CLIENTES_URL",
    "polizas": "POLIZAS_URL",
    "bienes": "BIENES_URL",
}


@dataclass
class House:
    """What its processes have in their environment, and where they leave their files."""

    folder: Path
    env: dict[str, str]
    password: str = field(default_factory=lambda: secrets.token_hex(8))

    def manage(self, *args: str) -> str:
        """Run a command of manage.py to its end, and return what it says."""
        return self.python("manage.py", *args)

    def python(self, *args: str) -> str:
        done = subprocess.run(
            [sys.executable, *args],
            env=self.env,
            cwd=settings.BASE_DIR,
            check=False,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def start(self, *command: str) -> subprocess.Popen[bytes]:
        """Start a program of the environment; its log is a file of the folder."""
        with (self.folder / f"{command[0]}.log").open("ab") as log:
            program = [str(BIN / command[0]), *command[1:]]
            return subprocess.Popen(
                program, env=self.env, cwd=settings.BASE_DIR, stdout=log, stderr=log
            )

    def prepare(self, clientes: int) -> None:
        """Make its stores, a small portfolio and an administrator, and gather the static files."""
        self.env["DJANGO_SUPERUSER_PASSWORD"] = self.password
        self.migrate()
        self.manage("demo", "--clientes", str(clientes), "--seed", "1")
        self.manage("createsuperuser", "--noinput", "--username", "admin", "--email", "a@b.test")
        self.gather()

    def migrate(self) -> None:
        """Make its stores; files are copied from those of the first house of this run, which spares ten seconds."""
        made = self.folder.parent / "migrados"
        if not self.embedded:
            self.manage("migrate_stores")
        elif made.is_dir():
            shutil.copytree(made, self.folder, dirs_exist_ok=True)
        else:
            self.manage("migrate_stores")
            made.mkdir()
            for store in self.folder.glob("*.sqlite3"):
                shutil.copy(store, made)

    @property
    def embedded(self) -> bool:
        """Whether every store is a file of its folder."""
        return not any(self.env.get(name) for name in (*VARIABLES.values(), "BITACORA_URL"))

    def gather(self) -> None:
        """Have the static files: those that make gathered, where nothing changed since, spare ten seconds."""
        asked = ["make", "--question", "var/static/.ready"]
        answer = subprocess.run(asked, cwd=settings.BASE_DIR, check=False, capture_output=True)
        if answer.returncode == 0:
            (self.folder / "static").symlink_to(settings.BASE_DIR / "var" / "static")
        else:
            self.manage("collectstatic", "--no-input")

    @contextmanager
    def serve(self) -> Iterator[str]:
        """Serve it with a worker beside, and yield the address."""
        url = f"http://127.0.0.1:{free_port()}"
        web = ("gunicorn", "config.wsgi", "--bind", url.removeprefix("http://"), "--threads", "4")
        worker = ("celery", "--app", "config", "worker", "--pool", "threads", "--concurrency", "1")
        with ExitStack() as processes:
            for command in (web, worker):
                processes.callback(stop, self.start(*command))
            wait_for(f"{url}/health/live")
            yield url

    @contextmanager
    def serve_alone(self, interface: str) -> Iterator[str]:
        """Serve one interface at the root of a port of its own, and yield the address."""
        port = free_port()
        command = ("python", "manage.py", "serve_interface", interface, "--port", str(port))
        process = self.start(*command)
        try:
            wait_for(f"http://127.0.0.1:{port}/health/live")
            yield f"http://127.0.0.1:{port}"
        finally:
            stop(process)


def stop(process: subprocess.Popen[bytes], how: signal.Signals = signal.SIGTERM) -> None:
    process.send_signal(how)
    process.wait()


@contextmanager
def house(folder: Path, word: str) -> Iterator[House]:
    """Yield a house whose stores are on the servers that have an address, under names of its own."""
    env = os.environ | {
        "VAR_DIR": str(folder),
        "HTTPS": "False",
        "OPEN_INTERFACES": "pages",
        "ANALYTICS_WARM": "False",
    }
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    with ExitStack() as undo:
        for alias, variable in VARIABLES.items():
            if env.get(variable, "").startswith("sqlite"):
                del env[variable]  # a file in its folder instead
            elif env.get(variable):
                name = f"test_{word}{worker}_{urlsplit(env[variable]).path.strip('/')}"
                _make(alias, name)
                undo.callback(_drop, alias, name)
                env[variable] = _named(env[variable], name)
        if env.get("REDIS_URL"):
            env["REDIS_URL"] = undo.enter_context(_own_redis(env["REDIS_URL"]))
        if ON_CASSANDRA:
            from bitacora.cassandra.testing import own_keyspace

            keyspace = undo.enter_context(own_keyspace(_named(env["BITACORA_URL"], word)))
            env["BITACORA_URL"] = keyspace.url
        yield House(folder, env)


def _named(url: str, name: str) -> str:
    return urlsplit(url)._replace(path=f"/{name}").geturl()


@contextmanager
def _own_redis(url: str) -> Iterator[str]:
    """Yield the address of a database that no other house has: its workers take what is its own."""
    from redis import Redis

    for number in REDIS_DATABASES:
        own = _named(url, str(number))
        with Redis.from_url(own) as server:
            if server.set("casa", os.getpid(), nx=True, ex=3600):
                yield own
                server.flushdb()
                return
    raise AssertionError("every database of that Redis is taken")


def _make(alias: str, name: str) -> None:
    """Make an empty database beside that of the store; MongoDB makes one when it is written to."""
    _drop(alias, name)
    connection: Any = connections[alias]
    if connection.vendor != "mongodb":
        with connection._nodb_cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {connection.ops.quote_name(name)}")


def _drop(alias: str, name: str) -> None:
    connection: Any = connections[alias]
    if connection.vendor == "mongodb":
        connection.ensure_connection()
        connection.connection.drop_database(name)
        return
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {connection.ops.quote_name(name)}")


def free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port: int = asked.getsockname()[1]
        return port


def wait_for(url: str) -> None:
    """Return once `url` answers."""
    for attempt in range(START):
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except OSError:
            if attempt == START - 1:
                raise
            time.sleep(1)
        else:
            return


def asked(url: str, method: str = "GET", body: Any = None, **headers: str) -> tuple[int, str]:
    """Ask as a plain client does, with `body` as JSON; return the status and the text of what is answered."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, refusal.read().decode()


def until(condition: Callable[[], object], seconds: int = 30) -> None:
    """Ask again until it holds."""
    for _again in range(seconds * 2):
        if condition():
            return
        time.sleep(0.5)
    raise AssertionError("it never came to be")
