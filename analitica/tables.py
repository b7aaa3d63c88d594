"""The tables of the lake that the analytics read."""

from collections.abc import Mapping

TABLES = {
    "mysql": ("users", "clients", "agents", "beneficiaries"),
    "postgresql": ("products", "policies", "policy_coverage", "beneficiaries"),
    "cassandra": ("reclamos", "pagos", "transaction_audit"),
}


def key_of(database: str, table: str) -> str:
    """Return where the CSV of a table lies."""
    return f"{database}/{table}/{table}.csv"


def availability(objects: Mapping[str, int]) -> dict[str, dict[str, bool]]:
    """Return, by database and table, whether the table's CSV is among `objects` (key → bytes)."""
    return {
        database: {table: key_of(database, table) in objects for table in tables}
        for database, tables in TABLES.items()
    }


def summary(objects: Mapping[str, int]) -> dict[str, object]:
    """Return how much the lake holds: objects, megabytes and objects by database."""
    return {
        "total_objects": len(objects),
        "total_size_mb": round(sum(objects.values()) / 1024**2, 2),
        "databases": {
            database: sum(key.startswith(f"{database}/") for key in objects) for database in TABLES
        },
    }
