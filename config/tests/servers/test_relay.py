"""Whatever is killed, each committed change is audited once, and nothing else is."""

import json
import os
import random
import signal
import subprocess
import sys
from contextlib import suppress

import pytest
from django.conf import settings

from config.tests.house import house

WRITES = int(os.environ.get("RELAY_WRITES", "1000"))
SEED = os.environ.get("RELAY_SEED", "5")
BETWEEN_KILLS = (20, 140)  # writes
RELAY = """
import time, django
django.setup()
from bitacora import relay
while True:
    relay.run()
    time.sleep(0.2)
"""


@pytest.fixture
def own(tmp_path, django_db_blocker):
    with django_db_blocker.unblock(), house(tmp_path, "relevo") as made:
        made.env["DJANGO_SETTINGS_MODULE"] = "config.settings"
        made.migrate()
        yield made


def start(own, *args):
    return subprocess.Popen(
        [sys.executable, *args],
        env=own.env,
        cwd=settings.BASE_DIR,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def test_each_committed_change_is_audited_once(own, server, tmp_path):
    """Both processes are killed at random, and Cassandra is dead for the second quarter and the third.

    What decides is the number of writes, so that a fast machine sees as many deaths as a slow one.
    """
    chance, progress = random.Random(SEED), tmp_path / "escritas"
    writer = ("-m", "config.tests.servers.writer", SEED, str(WRITES), str(progress))
    processes = {writer: start(own, *writer), ("-c", RELAY): start(own, "-c", RELAY)}
    kills, next_kill, is_dead = 0, chance.randint(*BETWEEN_KILLS), False
    try:
        while processes[writer].poll() != 0:
            with suppress(subprocess.TimeoutExpired):
                processes[writer].wait(chance.uniform(0, 0.1))
            written = int(progress.read_text() or 0) if progress.exists() else 0
            if (wanted := WRITES // 4 <= written < 3 * WRITES // 4) != is_dead:
                processes[writer].send_signal(signal.SIGSTOP)
                server("kill" if wanted else "start", "cassandra")
                processes[writer].send_signal(signal.SIGCONT)
                is_dead = wanted
            if written >= next_kill:
                processes[chance.choice([*processes])].kill()
                kills, next_kill = kills + 1, written + chance.randint(*BETWEEN_KILLS)
            for command, process in processes.items():
                if process.poll() not in (None, 0):
                    processes[command] = start(own, *command)
    finally:
        for process in processes.values():
            process.kill()
            process.wait()
    if is_dead:
        server("start", "cassandra")

    found = json.loads(own.python("-m", "config.tests.servers.audited"))
    assert kills > WRITES / 200
    assert found.pop("committed") > WRITES / 3
    assert len(found.pop("kinds")) > 8
    assert not any(found.values()), found
