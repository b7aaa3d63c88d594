"""A worker of Celery: python -m config.tests.worker NAME LOG MOMENT [hold].

As long as MOMENT says it leaves others the time to take a part of its export. One told to hold stops, as the
system would stop it, in the middle of the first store that it reads after the bitácora.
"""

import os
import signal
import sys
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from config.celery import app  # noqa: E402
from ingestion.schema import BITACORA, LakeTable  # noqa: E402
from ingestion.snapshots import parts, stores  # noqa: E402


def hold() -> None:
    write, seen = stores.write_table, set()

    def held(lake: Any, folder: str, table: LakeTable, *args: Any, **kwargs: Any) -> Any:
        if table.store != BITACORA:
            if table.dataset.database in seen:
                os.kill(os.getpid(), signal.SIGSTOP)
            seen.add(table.dataset.database)
        return write(lake, folder, table, *args, **kwargs)

    stores.write_table = held


def main(name: str, log: str, moment: str, *holding: str) -> None:
    parts.MOMENT = float(moment)
    if holding:
        hold()
    pool = ("--pool", "threads", "--concurrency", "1")
    told = ("--loglevel", "INFO", "--logfile", log)
    app.worker_main(["worker", "--hostname", f"{name}@obreros", *pool, *told])


if __name__ == "__main__":
    main(*sys.argv[1:])
