"""Kill exports at seeded steps while a reader goes round and round; say what anybody saw."""

import json
import os
import random
import sys
from functools import partial
from pathlib import Path
from typing import Any

import django

from ingestion.tests.kills.house import Child, Steps, ask

django.setup()

from django.conf import settings  # noqa: E402

from ingestion import work  # noqa: E402
from ingestion.lake import lake  # noqa: E402
from ingestion.snapshots.files import digest  # noqa: E402
from ingestion.snapshots.manifest import current  # noqa: E402
from ingestion.tests.kills import portfolio  # noqa: E402


def whole_run() -> tuple[int, int]:
    """Return how many steps an export has, and at which one it begins to publish."""
    job_id = portfolio.asked()
    with Steps() as steps:
        work.run(job_id)
    return steps.count, steps.seen["_publish"]


def reader(stop: Path) -> dict[str, Any]:
    """Follow CURRENT to every file until told to stop; return how often, and what was wrong."""
    os.nice(10)
    target, reads, wrong, ids = lake(), 0, set(), set()
    first = None
    while not stop.exists():
        manifest = current(target)
        assert manifest is not None
        now = portfolio.generations(manifest)
        first = first or now
        if len({rows - before for rows, before in zip(now, first, strict=True)}) != 1:
            wrong.add(f"{manifest.id} mixes {now}")
        for table in manifest.tables.values():
            for file in table.files:
                try:
                    with target.open(file.key) as source:
                        if digest(source) != file.sha256:
                            wrong.add(f"{file.key} is another")
                except FileNotFoundError:
                    wrong.add(f"{file.key} is missing")
        ids.add(manifest.id)
        reads += 1
    return {"reads": reads, "snapshots": len(ids), "wrong": sorted(wrong)}


def main(seed: int, points: int) -> None:
    portfolio.few_tables()
    ask(portfolio.begin)
    steps, publishing = ask(whole_run)
    stop = Path(settings.VAR_DIR) / "stop"
    watching = Child(lambda: reader(stop))
    dice, killed, wrong = random.Random(seed), 0, {}
    while killed < points:
        # As many deaths while it publishes as before; of five jobs, one dies twice.
        deaths = [
            dice.randint(*((1, publishing) if dice.random() < 0.5 else (publishing, steps)))
            for _death in range(1 + (dice.random() < 0.2))
        ]
        dead, found = case(deaths)
        killed += dead
        if found:
            wrong[f"died at {deaths} of {steps}"] = found
    stop.touch()
    seen = watching.wait().said
    sys.stdout.write(json.dumps({"killed": killed, "wrong": wrong, "reader": seen}) + "\n")


def case(deaths: list[int]) -> tuple[int, list[str]]:
    """Ask for an export that dies at each of some steps; return how often it did, and what is wrong."""
    job_id = ask(lambda: str(portfolio.asked()))
    dead = sum(Child(partial(dying, job_id, at)).wait().killed for at in deaths)
    return dead, ask(lambda: portfolio.taken_up(job_id))


def dying(job_id: str, at: int) -> None:
    portfolio.bury()
    with Steps(at):
        work.run(job_id)  # type: ignore[arg-type]


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
