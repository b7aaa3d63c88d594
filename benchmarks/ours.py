"""What an export does with one table, and the least that a driver has to do; in a process of its own.

python -m benchmarks.ours WAY STORE FOLDER
python -m benchmarks.ours fill STORE ROWS
"""

import resource
import sys
import time
from contextlib import AbstractContextManager, closing, nullcontext
from pathlib import Path

import django

django.setup()

from django.db import connections
from django.utils import timezone

from benchmarks.movimientos import Movimiento, fill, lake_table
from bitacora.stores import bitacora
from ingestion import extractors
from ingestion.extractors.bitacora import BitacoraReading
from ingestion.lake import FolderLake
from ingestion.schema import BITACORA
from ingestion.snapshots.files import Behind, Measured, ParquetRows, write_table
from ingestion.snapshots.stores import rows_of


def reading(store: str) -> AbstractContextManager[extractors.Reading]:
    """As exports do; but nothing is left that a relay would bring to this bitácora."""
    if store == BITACORA:
        return nullcontext(BitacoraReading(timezone.now()))
    return extractors.reading(store)


def snapshot(store: str, folder: Path) -> None:
    """Parquet, CSV, and the hashes of both: what an export leaves."""
    table, lake = lake_table(store), FolderLake(folder)
    with (
        reading(store) as held,
        lake.write_once("movimientos.csv") as flat,
        closing(rows_of(held, table)) as rows,
    ):
        write_table(lake, "movimientos", table, rows, part=0, flat=flat, told=lambda *_: None)


def parquet(store: str, folder: Path) -> None:
    """Parquet and its hash alone."""
    table = lake_table(store)
    with (
        reading(store) as held,
        (folder / "movimientos.parquet").open("wb") as file,
        ParquetRows(Measured(file), table.schema) as target,
        Behind(target.write) as writer,
    ):
        for batch in rows_of(held, table):
            writer.take(batch)


def scan(store: str, folder: Path) -> None:
    """Every row, as the driver gives it to whoever asks for it."""
    if store == BITACORA:
        server = bitacora().server  # type: ignore[attr-defined]
        with server.link() as link:
            for _row in link.session.execute(f"SELECT * FROM {server.address.keyspace}.pagos"):
                pass
    else:
        for _document in connections[store].database[Movimiento._meta.db_table].find():  # type: ignore[attr-defined]
            pass


WAYS = {"snapshot": snapshot, "parquet": parquet, "scan": scan}


if __name__ == "__main__":
    way, of, last = sys.argv[1:]
    if way == "fill":
        fill(of, int(last))
    else:
        began = time.perf_counter()
        WAYS[way](of, Path(last))
        took = time.perf_counter() - began
        print(took, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
