"""Two exporters of two houses with one lake, which know nothing of each other; say who published."""

import json
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django

from ingestion.tests.kills.house import Child, ask

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connections  # noqa: E402

from bitacora import relay  # noqa: E402
from ingestion import jobs, work  # noqa: E402
from ingestion.jobs import JobFailed  # noqa: E402
from ingestion.lake import lake  # noqa: E402
from ingestion.models import Job  # noqa: E402
from ingestion.snapshots import export  # noqa: E402
from ingestion.snapshots.integrity import verify  # noqa: E402
from ingestion.snapshots.manifest import complete_ids, current, current_id  # noqa: E402
from ingestion.tests.kills import portfolio  # noqa: E402


class Meeting:
    """Where a racer waits until both are there."""

    def __init__(self) -> None:
        self.arrived, self._arrive = os.pipe()
        self._go, self.go = os.pipe()

    def wait(self) -> None:
        os.write(self._arrive, b".")
        os.read(self._go, 1)


def racer(default: Path, meeting: Meeting, rounds: int) -> list[str]:
    """Export as often as there are rounds, each from when both have claimed; tell how each ended."""
    connections["default"].settings_dict["NAME"] = str(default)
    claim = export._claimed

    def claimed(*args: Any) -> Any:
        found = claim(*args)
        meeting.wait()
        return found

    export._claimed = claimed
    return [outcome() for _round in range(rounds)]


def outcome() -> str:
    job_id = jobs.pedir(Job.Kind.EXPORTACION).pk
    try:
        work.run(job_id)
    except JobFailed as refusal:
        return str(refusal)
    except Exception as failure:  # told, so that the other doesn't wait for ever
        return repr(failure)
    return str(Job.objects.get(pk=job_id).resultado["snapshot"])


def sound() -> list[str]:
    """Return what is wrong with what is published in the end."""
    target = lake()
    published = current(target)
    assert published is not None
    wrong = [problem for _path, found in verify(target, published) for problem in found]
    newest = next(iter(complete_ids(target)))
    return wrong if newest == current_id(target) else [*wrong, f"{newest} is there, unpublished"]


def begin() -> None:
    portfolio.begin()
    relay.run()  # nothing is left that both relays would bring
    for alias in connections:
        with connections[alias].cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def main(rounds: int) -> None:
    portfolio.few_tables()
    ask(begin)
    one = Path(settings.VAR_DIR) / "default.sqlite3"
    other = one.with_name("otra.sqlite3")
    shutil.copy(one, other)
    meetings = [Meeting(), Meeting()]
    racers = [
        Child(racing(default, meeting, rounds))
        for default, meeting in zip((one, other), meetings, strict=True)
    ]
    for _round in range(rounds):
        for meeting in meetings:
            os.read(meeting.arrived, 1)
        for meeting in meetings:
            os.write(meeting.go, b".")
    ended = [child.wait().said for child in racers]
    sys.stdout.write(json.dumps({"ended": ended, "wrong": ask(sound)}) + "\n")


def racing(default: Path, meeting: Meeting, rounds: int) -> Callable[[], list[str]]:
    return lambda: racer(default, meeting, rounds)


if __name__ == "__main__":
    main(int(sys.argv[1]))
