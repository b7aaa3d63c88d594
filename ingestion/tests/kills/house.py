"""A house of its own, its stores on files, and processes forked from one that is warm: a death costs no new start.

The warm process opens no store and starts no thread: whatever does, does it in a fork.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from traceback import format_exc
from types import FrameType
from typing import Any

BASE = Path(__file__).resolve().parents[3]
INGESTION = str(BASE / "ingestion")
STORES = ("default", "clientes", "polizas", "bienes", "bitacora")
VARIABLES = ("DATABASE_URL", "CLIENTES_URL", "POLIZAS_URL", "BIENES_URL", "BITACORA_URL")


def environment(folder: Path, lake: str) -> dict[str, str]:
    """Return the environment of a house that keeps everything in `folder`, but what its lake holds."""
    stores = {
        variable: f"sqlite:///{folder / name}.sqlite3"
        for variable, name in zip(VARIABLES, STORES, strict=True)
    }
    return {
        **os.environ,
        "ANALYTICS_WARM": "False",
        **stores,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "VAR_DIR": str(folder),
        "LAKE_URL": lake,
        "REDIS_URL": "",
        "SNAPSHOT_KEEP": "3",
    }


def told(script: str, folder: Path, lake: str, *arguments: object) -> Any:
    """Run a script of this package in a house of `folder` and `lake`; return what it answers."""
    done = subprocess.run(
        [sys.executable, "-m", f"{__package__}.{script}", *map(str, arguments)],
        cwd=BASE,
        env=environment(folder, lake),
        capture_output=True,
        text=True,
        timeout=3600,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return json.loads(done.stdout.splitlines()[-1])


class Child:
    """A fork that does `work`; `said` is what it returned, None where it was killed first."""

    def __init__(self, work: Callable[[], Any]) -> None:
        self._answers, mouth = os.pipe()
        sys.stdout.flush()
        self.pid = os.fork()
        if self.pid == 0:
            os.close(self._answers)
            status = 1
            try:
                answer = json.dumps(work()).encode()
                with os.fdopen(mouth, "wb") as file:
                    file.write(answer)
                status = 0
            except BaseException:
                sys.stderr.write(format_exc())
            finally:
                os._exit(status)
        os.close(mouth)

    def wait(self) -> "Child":
        with os.fdopen(self._answers, "rb") as file:
            answer = file.read()
        _pid, status = os.waitpid(self.pid, 0)
        self.killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        if not self.killed and os.waitstatus_to_exitcode(status):
            raise AssertionError("a child failed: its traceback is on standard error")
        self.said = json.loads(answer) if answer else None
        return self


def ask(work: Callable[[], Any]) -> Any:
    """Do `work` in a fork and return its answer."""
    return Child(work).wait().said


class Steps:
    """Counts each line that `ingestion` goes through, and kills the process at line `at`."""

    def __init__(self, at: int | None = None) -> None:
        self.at, self.count = at, 0
        self.seen: dict[str, int] = {}  # at which step each function was first called

    def __enter__(self) -> "Steps":
        sys.settrace(self._called)
        return self

    def __exit__(self, *failure: object) -> None:
        sys.settrace(None)

    def _called(self, frame: FrameType, event: str, argument: object) -> Any:
        if not frame.f_code.co_filename.startswith(INGESTION):
            return None
        self.seen.setdefault(frame.f_code.co_name, self.count)
        return self._step

    def _step(self, frame: FrameType, event: str, argument: object) -> Any:
        self.count += 1
        if self.count == self.at:
            os.kill(os.getpid(), signal.SIGKILL)
        return self._step
