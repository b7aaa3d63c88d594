"""What is answered about the analytics themselves."""

from collections.abc import Mapping
from typing import Final

from analitica.descripcion.shapes import (
    COUNT,
    FLAG,
    MOMENT,
    NUMBER,
    TEXT,
    Schema,
    each,
    record,
)
from analitica.tables import DATABASES, TABLES, by_database


def by_table(schema: Schema) -> Schema:
    """Return the schema of what has something for each table, by database."""
    tables = by_database(TABLES)
    return record(
        {database: record(dict.fromkeys(there, schema)) for database, there in tables.items()}
    )


ANSWERS: Final[Mapping[str, Schema]] = {
    "/": record(
        {
            **each(TEXT, "message version"),
            "status": {"const": "running"},
            "data_source": TEXT,
            "available_databases": {"type": "array", "items": {"enum": list(DATABASES)}},
        }
    ),
    "/health": record(
        {
            "status": {"enum": ["OK", "DEGRADED"]},
            "timestamp": MOMENT,
            "data_availability": by_table(FLAG),
            "bucket_summary": record(
                {
                    "total_objects": COUNT,
                    "total_size_mb": NUMBER,
                    "databases": record(dict.fromkeys(DATABASES, COUNT)),
                }
            ),
        }
    ),
    "/data/info": record(
        {
            "available_data": record(
                {
                    database: {"type": "array", "items": {"enum": list(tables)}}
                    for database, tables in by_database(TABLES).items()
                }
            ),
            "data_paths": by_table(TEXT),
        }
    ),
}
DOWN: Final = record({"status": {"const": "ERROR"}, "timestamp": MOMENT})
