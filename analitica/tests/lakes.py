"""Lakes to hold the analytics to, messy on purpose: tables of cells as a CSV holds them, None for empty."""

import csv
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pandas as pd

from analitica.tests.messy import Messy
from analitica.tests.oracle.columns import OPTIONAL, REQUIRED

Row = dict[str, str | None]
Tables = dict[str, pd.DataFrame]

# The last day of a February without a 29th, in the middle of an hour: births of a leap day, months
# of unequal length and rows later on the same day all come to matter. A Saturday.
AS_OF = datetime(2026, 2, 28, 15, 30, tzinfo=UTC)

# The cells of every column, the required ones first.
ONE_ROW = {
    "mysql/users": "u1,ana,ana@x.mx,USER,0012,Jalisco,Tala,2026-02-10T08:00:00Z",
    "mysql/clients": "u1,Ana,Sol,INE,2000-02-29,c1,7,2026-02-11 20:00:00",
    "mysql/agents": "a1,A-1,Eva,,true,Vida,2026-02-10",
    "mysql/beneficiaries": "c1,HIJO,2008-02-29,b1",
    "postgresql/products": "p1,V,Vida,VIDA,100,x",
    "postgresql/policies": (
        "z1,POL-1,c1,a1,250.75,10000.00,p1,vigente,2026-02-10,2026-03-30,2026-02-12T08:00:00+00:00"
    ),
    "postgresql/policy_coverage": "z1,Muerte,99.5,0",
    "postgresql/beneficiaries": "z1,c1,Luz,HIJO",
    "cassandra/reclamos": "r1,POL-1,pendiente,80.00,2026-02-10T08:00:00Z",
    "cassandra/pagos": "g1,c1,40.10,tarjeta,2026-02-10T08:00:00Z,prima,POL-1",
    "cassandra/transaction_audit": "2026-02-28T15:30:00.000000Z,api,alta,u1",
}


def holding(rows: Mapping[str, Iterable[Row]]) -> Tables:
    """Return a lake with every column that holds these rows; what a row doesn't say is null."""
    return {
        table: _frame([*REQUIRED[table], *OPTIONAL.get(table, [])], rows.get(table, ()))
        for table in REQUIRED
    }


def empty() -> Tables:
    """Return a lake of headers."""
    return holding({})


def whole(seed: int, rows: int) -> Tables:
    """Return a lake with every column, UUIDs for ids, and `rows` users."""
    return holding(Messy(Random(seed), rows, AS_OF).tables())


def some(seed: int, rows: int) -> Tables:
    """Return such a lake without some of the optional columns; clients keep their id."""
    rng = Random(seed)
    tables = whole(seed, rows)
    for table, columns in OPTIONAL.items():
        for column in columns:
            if (table, column) != ("mysql/clients", "id") and rng.random() < 0.5:
                tables[table] = tables[table].drop(columns=column)
    return tables


def bold(seed: int, rows: int) -> Tables:
    """Return a lake as somebody else writes it.

    It has the required columns alone, in any order and among others; ids are integers, and a client
    is known by the user's.
    """
    rng = Random(seed)
    foreign = Messy(rng, rows, AS_OF, integers=True).tables()
    return {
        table: _frame(_mixed(rng, columns), ({"notas": "x,\ny"} | row for row in foreign[table]))
        for table, columns in REQUIRED.items()
    }


def _mixed(rng: Random, columns: list[str]) -> list[str]:
    mixed = [*columns, "notas", "Unnamed: 0"]
    rng.shuffle(mixed)
    return mixed


def one_row() -> Tables:
    """Return a lake with one row a table, each belonging to the others."""
    columns = {table: [*REQUIRED[table], *OPTIONAL.get(table, [])] for table in ONE_ROW}
    return holding(
        {
            table: [dict(zip(columns[table], row.split(","), strict=True))]
            for table, row in ONE_ROW.items()
        }
    )


def write(folder: Path, tables: Mapping[str, pd.DataFrame]) -> None:
    """Write the lake as CSV under `folder`; an empty field is quoted on every other line."""
    for place, (table, frame) in enumerate(tables.items()):
        file = folder / table / f"{table.rpartition('/')[2]}.csv"
        file.parent.mkdir(parents=True, exist_ok=True)
        # The RFC ends lines by both, most tools by the one.
        end = ("\r\n", "\n")[place % 2]
        with file.open("w", encoding="utf-8", newline="") as target:
            bare = csv.writer(target, lineterminator=end)
            quoted = csv.writer(target, lineterminator=end, quoting=csv.QUOTE_ALL)
            bare.writerow(frame.columns)
            for line, row in enumerate(frame.itertuples(index=False, name=None)):
                (quoted if line % 2 else bare).writerow(row)


def _frame(columns: list[str], rows: Iterable[Row]) -> pd.DataFrame:
    """Return a table of objects, so that a None stays one."""
    cells = [[row.get(column) or None for column in columns] for row in rows]
    return pd.DataFrame(cells, columns=columns, dtype=object)
