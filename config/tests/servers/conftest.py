"""Tests that stop servers under a house: they run alone, after all others."""

import os
import subprocess
from collections.abc import Callable

import pytest
from django.conf import settings

SCRIPT = settings.BASE_DIR / "deploy" / "servers" / "servers.sh"


if os.environ.get("TEST_SERVERS") != "stopped":
    collect_ignore_glob = ["test_*.py"]


Verb = Callable[[str, str], None]


@pytest.fixture
def server():
    """Kill or start a server; what a test leaves dead is started after it."""
    dead: set[str] = set()

    def do(verb: str, name: str) -> None:
        done = subprocess.run([SCRIPT, verb, name], check=False, capture_output=True, text=True)
        assert done.returncode == 0, f"{verb} {name}: {done.stdout}{done.stderr}"
        (dead.add if verb == "kill" else dead.discard)(name)

    yield do
    for name in sorted(dead):
        do("start", name)
