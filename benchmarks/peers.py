"""What others do with the same table; it runs where their packages are, and knows nothing of ours.

python -m benchmarks.peers WAY ADDRESS FOLDER
"""

import os
import resource
import sys
import time
from collections.abc import Callable

TABLE = "movimientos"

Way = Callable[[str, str], None]


def pandas_csv() -> Way:
    """As the scripts that Cartera replaces did."""
    import pandas
    import sqlalchemy

    def take(url: str, folder: str) -> None:
        read = pandas.read_sql(f"SELECT * FROM {TABLE}", sqlalchemy.create_engine(url))
        read.to_csv(f"{folder}/{TABLE}.csv", index=False)

    return take


def dlt_with(backend: str) -> Way:
    os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"
    import dlt
    from dlt.sources.sql_database import sql_table

    def take(url: str, folder: str) -> None:
        pipeline = dlt.pipeline(
            TABLE,
            pipelines_dir=f"{folder}/pipelines",
            destination=dlt.destinations.filesystem(f"file://{folder}/lago"),
            dataset_name="cartera",
        )
        source = sql_table(credentials=url, table=TABLE, backend=backend, chunk_size=100_000)
        pipeline.run(source, loader_file_format="parquet").raise_on_failed_jobs()

    return take


if __name__ == "__main__":
    name, address, place = sys.argv[1:]
    way = pandas_csv() if name == "pandas" else dlt_with(name.removeprefix("dlt_"))
    began = time.perf_counter()
    way(address, place)
    print(time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
