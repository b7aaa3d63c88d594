"""servers.sh, with a small server of Python's in the place of the real ones, and a docker that only writes down."""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(shutil.which("setsid") is None, reason="Linux's alone")

SCRIPTS = Path(__file__).resolve().parents[1]
TOY = """
port={port}
install() {{ [ "${{TOY_FAILS:-}}" = "" ] || {{ echo "no hay red"; false; echo "not reached"; }}; }}
start() {{ launch {python} -m http.server $port --bind 127.0.0.1 --directory "$home"; }}
ready() {{ port_open; }}
environment() {{ say "TOY_URL=http://127.0.0.1:$port/$REDIS_PASSWORD"; }}
"""
DOCKER = """#!/bin/sh
echo "$*" >>"$(dirname "$0")/docker.log"
case "$*" in *--services*) echo redis; echo mongodb ;; esac
"""


class Clone:
    """A clone with nothing in it but the scripts, and one server more: redis's place is taken by a toy."""

    def __init__(self, root: Path) -> None:
        self.root, self.var = root, root / "var" / "servers"
        shutil.copytree(SCRIPTS, root / "deploy" / "servers")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        toy = TOY.format(port=self.port, python=sys.executable)
        (root / "deploy" / "servers" / "redis.sh").write_text(toy)
        (root / "bin").mkdir()

    def run(self, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.root / "deploy" / "servers" / "servers.sh", *words],
            capture_output=True,
            text=True,
            timeout=60,
            env=os.environ | {"PATH": f"{self.root / 'bin'}:{os.environ['PATH']}"} | environment,
        )

    @property
    def pid(self) -> int:
        return int((self.var / "redis" / "pid").read_text())

    def answers(self) -> bool:
        with socket.socket() as client:
            return client.connect_ex(("127.0.0.1", self.port)) == 0

    def has_docker(self) -> Path:
        """Put a docker in the clone's way, and return where it writes what it was asked."""
        (self.root / "docker-compose.yml").touch()
        (self.root / "bin" / "docker").write_text(DOCKER)
        (self.root / "bin" / "docker").chmod(0o755)
        return self.root / "bin" / "docker.log"


@pytest.fixture
def clone(tmp_path: Path) -> Iterator[Clone]:
    clone = Clone(tmp_path)
    yield clone
    (tmp_path / "docker-compose.yml").unlink(missing_ok=True)
    clone.run("stop", "redis")


def test_a_server_is_started_and_waited_for(clone: Clone):
    done = clone.run("up", "redis")
    assert done.returncode == 0, done.stderr
    assert clone.answers()
    assert f"127.0.0.1:{clone.port}" in done.stdout


def test_starting_what_runs_changes_nothing(clone: Clone):
    clone.run("up", "redis")
    pid = clone.pid
    assert clone.run("up", "redis").returncode == 0
    assert clone.run("start", "redis").returncode == 0
    assert clone.pid == pid


def test_the_file_of_addresses_is_for_its_owner_alone(clone: Clone):
    clone.run("up", "redis")
    for name in ("env", "passwords"):
        assert (clone.var / name).stat().st_mode & 0o777 == 0o600
    [line] = (clone.var / "env").read_text().splitlines()
    [password] = [
        word.partition("=")[2]
        for word in (clone.var / "passwords").read_text().split()
        if word.startswith("REDIS_PASSWORD=")
    ]
    assert line == f"TOY_URL=http://127.0.0.1:{clone.port}/{password}"
    assert len(password) == 32


def test_passwords_are_made_once(clone: Clone):
    clone.run("status")
    passwords = (clone.var / "passwords").read_text()
    clone.run("status")
    assert (clone.var / "passwords").read_text() == passwords
    values = [word.partition("=")[2] for word in passwords.split()]
    assert len(set(values)) == len(values) == 7


def test_status_says_which_run(clone: Clone):
    assert "redis       detenido" in clone.run("status").stdout
    clone.run("up", "redis")
    assert f"proceso {clone.pid}" in clone.run("status", "redis").stdout
    clone.run("stop", "redis")
    done = clone.run("status", "redis")
    assert (done.returncode, "detenido" in done.stdout) == (0, True)


def test_a_killed_server_is_told_from_a_stopped_one_and_starts_again(clone: Clone):
    clone.run("up", "redis")
    assert clone.run("kill", "redis").returncode == 0
    assert not clone.answers()
    done = clone.run("status", "redis")
    assert (done.returncode, "caído" in done.stdout) == (1, True)
    assert clone.run("start", "redis").returncode == 0
    assert clone.answers()


def test_a_process_that_is_not_ours_is_let_alone(clone: Clone):
    (clone.var / "redis").mkdir(parents=True)
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        (clone.var / "redis" / "pid").write_text(str(other.pid))
        assert clone.run("stop", "redis").returncode == 0
        assert clone.run("kill", "redis").returncode == 0
        assert other.poll() is None
        other.kill()


def test_a_taken_port_is_said(clone: Clone):
    with socket.create_server(("127.0.0.1", clone.port)):
        done = clone.run("up", "redis")
    assert done.returncode == 1
    assert f"el puerto {clone.port} de 127.0.0.1 ya está ocupado" in done.stderr


def test_an_install_that_fails_stops_at_the_step_that_failed(clone: Clone):
    done = clone.run("up", "redis", TOY_FAILS="yes")
    assert done.returncode == 1
    assert "redis: no se ha podido instalar: no hay red" in done.stderr
    assert not clone.answers()
    assert (clone.var / "env").read_text() == ""


def test_a_server_that_dies_at_once_is_said_with_where_its_log_is(clone: Clone):
    toy = clone.root / "deploy" / "servers" / "redis.sh"
    toy.write_text(toy.read_text().replace("http.server $port", "no_such_module"))
    done = clone.run("up", "redis")
    assert done.returncode == 1
    assert "redis: se ha detenido al arrancar" in done.stderr
    assert "no_such_module" in (clone.var / "log" / "redis.log").read_text()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["up", "oracle"], "No hay ningún servidor que se llame «oracle»"),
        (["kill"], "Falta decir qué servidor"),
        (["dance"], "Se usa así"),
        ([], "Se usa así"),
    ],
)
def test_what_cannot_be_done_is_said(clone: Clone, words: list[str], sentence: str):
    done = clone.run(*words)
    assert done.returncode == 1
    assert sentence in done.stderr


def test_where_docker_answers_it_is_asked(clone: Clone):
    log = clone.has_docker()
    done = clone.run("up")
    assert done.returncode == 0, done.stderr
    assert "mysql postgresql redis mongodb cassandra s3 dynamodb" in log.read_text()
    assert f"--env-file {clone.var / 'passwords'} up --detach --wait" in log.read_text()
    [redis, mongodb] = (clone.var / "env").read_text().splitlines()
    assert redis.startswith("TOY_URL=")
    assert mongodb.startswith("BIENES_URL='mongodb://cartera:")
    assert mongodb.endswith("&authSource=admin'")


def test_docker_waits_until_the_servers_from_packages_are_stopped(clone: Clone):
    clone.run("up", "redis")
    log = clone.has_docker()
    assert f"proceso {clone.pid}" in clone.run("status", "redis").stdout
    assert not log.exists()


def test_what_is_stopped_leaves_its_log(clone: Clone):
    clone.run("up", "redis")
    assert clone.run("stop").returncode == 0
    assert not clone.answers()
    assert not (clone.var / "redis" / "pid").exists()
    assert (clone.var / "log" / "redis.log").exists()
