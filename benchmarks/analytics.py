"""The analytics over HTTP, against a server that reads the CSVs with pandas at each request, in one run.

    make bench            # a lake of 1,000,000 users: BENCH_USERS=100000 for fewer

Each answer of ours is asked for first right after a snapshot is published, once before anybody has
found it out and once after the worker has, and then again and again.
"""

import http.client
import math
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.conf import settings

from analitica.metrics import ENDPOINTS
from benchmarks import lago
from config.tests.house import BIN, free_port, stop, wait_for
from ingestion.lake import FolderLake

USERS = int(os.environ.get("BENCH_USERS", "1_000_000"))
PEER = settings.VAR_DIR / "bench" / "bin" / "python"
REPEATS = 200  # of each address
LARGE = 100_000  # rows of a table that is worth the comparison


class Times(NamedTuple):
    """Seconds of one address: the first answer, cold and found out before; the median and p99 of repeats."""

    cold: float
    warm: float
    again: float
    p99: float


def main() -> None:
    found = {users: _measured(users) for users in (USERS // 10, USERS)}
    (small, _few, _memory), (ours, pandas, memory) = found.values()
    print(f"\nAnalítica por HTTP, {USERS:,} usuarios (ms)")
    print(f"{'':48}{'pandas':>9}{'sin nada':>10}{'primera':>9}{'otra vez':>10}{'p99':>7}")
    for path, mine in ours.items():
        cells = (pandas[path], mine.cold, mine.warm, mine.again, mine.p99)
        print(f"{path:48}" + "".join(f"{1000 * cell:>9.1f}" for cell in cells))
    large = [path for path in ENDPOINTS if _rows(path) >= LARGE]
    for name in ("cold", "warm", "again"):
        ratio = _mean([pandas[path] / getattr(ours[path], name) for path in large])
        print(f"pandas / {name}: {ratio:.0f}  (media geométrica de {len(large)})")
    print(f"p99 de lo repetido: {1000 * max(times.p99 for times in ours.values()):.1f} ms")
    print(f"memoria del proceso web, en su máximo: {memory} MB")
    growth = _mean([ours[path].cold / small[path].cold for path in large])
    print(f"de {USERS // 10:,} a {USERS:,} usuarios, sin nada hecho: {growth:.1f} veces")


def _rows(path: str) -> int:
    tables = lago.columns(USERS)
    return max(tables[table][0] for table in ENDPOINTS[path].reads)


def _mean(ratios: list[float]) -> float:
    return math.exp(sum(map(math.log, ratios)) / len(ratios))


def _measured(users: int) -> tuple[dict[str, Times], dict[str, float], int]:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "lago"
        tables = lago.make(place, users)
        with _served([str(PEER), "-m", "benchmarks.pandas_server", str(place)]) as (port, _process):
            pandas = {path: min(_asked(port, path, 2)) for path in ENDPOINTS}
        with _ours(place, Path(folder)) as (port, process, env):
            lake = FolderLake(place)
            cold = {path: _asked(port, path, 1)[0] for path in ENDPOINTS}
            lago.publish_next(lake, tables, lago.FIRST)
            warm = [sys.executable, "-c", WARM]
            subprocess.run(warm, env=env, check=True)
            first = {path: _asked(port, path, 1)[0] for path in ENDPOINTS}
            again = {path: sorted(_asked(port, path, REPEATS)) for path in ENDPOINTS}
            memory = _peak(process.pid)
    times = {
        path: Times(
            cold[path], first[path], again[path][REPEATS // 2], again[path][REPEATS * 99 // 100]
        )
        for path in ENDPOINTS
    }
    return times, pandas, memory


WARM = """
import django
django.setup()
from analitica.warming import warm
warm()
"""


@contextmanager
def _ours(
    place: Path, folder: Path
) -> Iterator[tuple[int, subprocess.Popen[bytes], dict[str, str]]]:
    env = os.environ | {
        "LAKE_URL": place.as_uri(),
        "VAR_DIR": str(folder / "var"),
        "OPEN_INTERFACES": "analytics",
        "INTERFACE": "analytics",
        "HTTPS": "False",
    }
    serve = [
        str(BIN / "gunicorn"),
        "config.wsgi",
        "--threads",
        "8",
        "--log-level",
        "error",
        "--bind",
    ]
    with _served(serve, env, "127.0.0.1:") as (port, process):
        yield port, process, env


@contextmanager
def _served(
    command: list[str], env: dict[str, str] | None = None, before: str = ""
) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """Start a server, which is told its port as the last word, and yield that with its process."""
    port = free_port()
    process = subprocess.Popen([*command, f"{before}{port}"], env=env, cwd=settings.BASE_DIR)
    with ExitStack() as ending:
        ending.callback(stop, process)
        wait_for(f"http://127.0.0.1:{port}/payments/avg")
        yield port, process


def _asked(port: int, path: str, times: int) -> list[float]:
    """Return the seconds that each answer took, over one connection."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.connect()
    found = []
    for _ in range(times):
        begin = time.perf_counter()
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        found.append(time.perf_counter() - begin)
        assert answer.status == 200, path
    connection.close()
    return found


def _peak(pid: int) -> int:
    """Return the megabytes that the largest process of a server has held."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    peaks = []
    for process in (str(pid), *children):
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
        peaks += [int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM")]
    return max(peaks)


if __name__ == "__main__":
    main()
