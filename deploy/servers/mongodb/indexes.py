"""One SQLite index for all the indexes alike: mongoeco keeps every collection of every database in one table.

It makes an index of that table for each index of each collection, which all writes then keep up, so that the
more databases there were the slower they all became.
"""

# mypy: ignore-errors

import hashlib
import re

from mongoeco.engines import sqlite
from mongoeco.engines.sqlite import SQLiteEngine

OF_DOCUMENTS = re.compile(r'CREATE INDEX "idx_\w+" ON documents \((.*)\)', re.DOTALL)


def install():
    SQLiteEngine._physical_scalar_index_name = lambda *args: "scidx_all"
    SQLiteEngine._physical_multikey_index_name = lambda *args: "mkidx_all"
    sqlite.SQLiteConnection = Connection


class Connection(sqlite.SQLiteConnection):
    """Makes an index once, whatever it is called, and keeps it for the others when one is dropped."""

    def execute(self, statement, *parameters):
        if statement.startswith("DROP INDEX IF EXISTS"):
            return super().execute("SELECT 1 WHERE 0")
        if statement.startswith("CREATE INDEX"):
            if found := OF_DOCUMENTS.fullmatch(statement):
                name = hashlib.sha256(found[1].encode()).hexdigest()[:16]
                statement = f'CREATE INDEX "idx_{name}" ON documents ({found[1]})'
            if "IF NOT EXISTS" not in statement:
                statement = statement.replace("CREATE INDEX", "CREATE INDEX IF NOT EXISTS", 1)
        return super().execute(statement, *parameters)
