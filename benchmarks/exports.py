"""Exports against others that take the same table out of the same server, in one run, as ratios.

    make bench            # 1,000,000 rows a store: BENCH_ROWS=100000 for fewer

Each run is a process of its own, and they take turns; the quickest of its times stands for each.
"""

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.conf import settings
from django.db import connections

from bitacora.testing import ON_CASSANDRA
from config.tests.house import VARIABLES, House, house
from ingestion.schema import BITACORA

ROWS = int(os.environ.get("BENCH_ROWS", "1_000_000"))
IN_THE_STAND_IN = 100_000  # documents: the server of make servers is not MongoDB's own
TIMES = 3
PEERS = settings.VAR_DIR / "bench" / "bin" / "python"

OURS = ("snapshot", "parquet")
NAMES = {
    "snapshot": "Cartera: Parquet, CSV y hashes",
    "parquet": "Cartera: Parquet y su hash",
    "pandas": "pandas: read_sql → to_csv",
    "dlt_pyarrow": "dlt (pyarrow): Parquet",
    "dlt_connectorx": "dlt (connectorx): Parquet",
    "dump": "el motor | zstd | sha256sum",
    "scan": "el driver, fila a fila",
}
QUERY = "SELECT * FROM movimientos ORDER BY id"
SCHEMES = {
    "postgresql": {
        "pandas": "postgresql+psycopg",
        "dlt_pyarrow": "postgresql+psycopg2",
        "dlt_connectorx": "postgresql",
    },
    "mysql": {"pandas": "mysql+mysqldb", "dlt_pyarrow": "mysql+mysqldb", "dlt_connectorx": "mysql"},
}


class Run(NamedTuple):
    seconds: float
    megabytes: int  # at its peak; 0 of a pipe of programs


def main() -> None:
    stores = dict(_stores())
    if not stores:
        sys.exit("No hay servidores que medir: make servers los arranca.")
    for vendor, store in stores.items():
        many = min(ROWS, IN_THE_STAND_IN) if vendor == "mongodb" else ROWS
        _tell(vendor, many, _measured(vendor, store, many // 10), _measured(vendor, store, many))


def _stores() -> Iterator[tuple[str, str]]:
    for alias in connections:
        if alias != "default" and connections[alias].vendor != "sqlite":
            yield connections[alias].vendor, alias
    if ON_CASSANDRA:
        yield "cassandra", BITACORA


def _measured(vendor: str, store: str, rows: int) -> dict[str, Run]:
    """Return the quickest run of each way to take so many rows out."""
    found: dict[str, list[Run]] = defaultdict(list)
    with (
        tempfile.TemporaryDirectory(dir=settings.VAR_DIR) as folder,
        house(Path(folder), "bench") as made,
    ):
        made.env["DJANGO_SETTINGS_MODULE"] = "config.settings"
        made.python("-m", "benchmarks.ours", "fill", store, str(rows))
        for _turn in range(TIMES):
            for way, command in _ways(vendor, store, made).items():
                place = Path(folder) / way
                place.mkdir()
                found[way].append(_run([*command, str(place)], made.env))
                shutil.rmtree(place)
    return {way: min(runs) for way, runs in found.items()}


def _ways(vendor: str, store: str, made: House) -> dict[str, list[str]]:
    """Return the command of each way, to which the folder to write to is added."""
    ours = [*OURS, *(["scan"] if vendor not in SCHEMES else [])]
    ways = {way: [sys.executable, "-m", "benchmarks.ours", way, store] for way in ours}
    for way, scheme in SCHEMES.get(vendor, {}).items():
        url = urlsplit(made.env[VARIABLES[store]])._replace(scheme=scheme, query="").geturl()
        ways[way] = [str(PEERS), "-m", "benchmarks.peers", way, url]
        ways["dump"] = ["bash", "-c", f"{_client(vendor, url)} | zstd --quiet | sha256sum >&2"]
    return ways


def _client(vendor: str, url: str) -> str:
    """Return the command of the engine's own client that tells the whole table."""
    parts = urlsplit(url)
    if vendor == "postgresql":
        copy = f"COPY ({QUERY}) TO STDOUT (FORMAT csv)"
        return shlex.join(["psql", url, "--quiet", "--command", copy])
    options = {
        "host": parts.hostname,
        "port": parts.port,
        "user": parts.username,
        "password": unquote(parts.password or ""),
    }
    given = [f"--{name}={value}" for name, value in options.items()]
    return shlex.join(
        ["mariadb", *given, "--quick", "--batch", "--execute", QUERY, parts.path.strip("/")]
    )


def _run(command: Sequence[str], env: Mapping[str, str]) -> Run:
    """Run a command to its end; it says what it took, or else it is timed from here."""
    began = time.perf_counter()
    done = subprocess.run(
        command, env=env, cwd=settings.BASE_DIR, check=False, capture_output=True, text=True
    )
    took = time.perf_counter() - began
    if done.returncode:
        sys.exit(f"{command[:4]}: {done.stderr[-2000:]}")
    if not done.stdout:
        return Run(took, 0)
    seconds, megabytes = done.stdout.split()[-2:]
    return Run(float(seconds), int(megabytes))


def _tell(vendor: str, rows: int, few: Mapping[str, Run], many: Mapping[str, Run]) -> None:
    """Print what each took, and how many times as long as ours, whole and Parquet alone."""
    print(f"\n{vendor}: {rows:,} filas".replace(",", "."))
    print(
        f"{'':34}{'s':>8}{'MB':>7}{'÷ entero':>10}{'÷ Parquet':>11}{'s, 1/10':>9}{'MB, 1/10':>10}"
    )
    for way, run in many.items():
        ratios = [run.seconds / many[ours].seconds for ours in OURS]
        print(
            f"{NAMES[way]:34}{run.seconds:8.2f}{run.megabytes or '—':>7}{ratios[0]:10.2f}"
            f"{ratios[1]:11.2f}{few[way].seconds:9.2f}{few[way].megabytes or '—':>10}"
        )


if __name__ == "__main__":
    main()
