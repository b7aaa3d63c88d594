"""The tables of the lake that the analytics read, and what each has to hold."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

# The types of their columns, in Ibis's words. Numbers are exact: a lake of others may write any decimals.
TEXT: Final = "string"
NUMBER: Final = "decimal(38, 10)"
TIMESTAMP: Final = "timestamp(6)"  # UTC
DATE: Final = "date"
BOOLEAN: Final = "boolean"


@dataclass(frozen=True)
class Table:
    """A table: the columns that it must have, and those that it may have."""

    database: str
    name: str
    required: Mapping[str, str]
    optional: Mapping[str, str]

    @property
    def path(self) -> str:
        return f"{self.database}/{self.name}"

    @property
    def key(self) -> str:
        """Where the CSV of it lies."""
        return f"{self.path}/{self.name}.csv"

    @property
    def columns(self) -> Mapping[str, str]:
        return {**self.required, **self.optional}


def _texts(names: str) -> dict[str, str]:
    return dict.fromkeys(names.split(), TEXT)


ALL: Final = (
    Table(
        "mysql",
        "users",
        _texts("id username email role phone state city") | {"created_at": TIMESTAMP},
        {},
    ),
    Table(
        "mysql",
        "clients",
        _texts("user_id first_name last_name document_type") | {"birth_date": DATE},
        _texts("id document_number") | {"created_at": TIMESTAMP},
    ),
    Table(
        "mysql",
        "agents",
        _texts("id code first_name last_name") | {"is_active": BOOLEAN},
        _texts("specialty") | {"created_at": TIMESTAMP},
    ),
    Table(
        "mysql",
        "beneficiaries",
        _texts("client_id relationship") | {"birth_date": DATE},
        _texts("id"),
    ),
    Table(
        "postgresql",
        "products",
        _texts("id code name product_type") | {"base_premium": NUMBER},
        _texts("description"),
    ),
    Table(
        "postgresql",
        "policies",
        _texts("id policy_number customer_id agent_id")
        | {"premium": NUMBER, "sum_insured": NUMBER},
        _texts("product_id status")
        | {"start_date": DATE, "end_date": DATE, "created_at": TIMESTAMP},
    ),
    Table(
        "postgresql",
        "policy_coverage",
        _texts("policy_id coverage_name") | {"coverage_limit": NUMBER, "deductible": NUMBER},
        {},
    ),
    Table(
        "postgresql",
        "beneficiaries",
        _texts("policy_id client_id full_name relationship"),
        {},
    ),
    Table(
        "cassandra",
        "reclamos",
        _texts("id policy_number estado") | {"monto": NUMBER, "fecha_reclamo": TIMESTAMP},
        {},
    ),
    Table(
        "cassandra",
        "pagos",
        _texts("id customer_id metodo_pago") | {"monto": NUMBER, "fecha_pago": TIMESTAMP},
        _texts("tipo policy_number"),
    ),
    Table(
        "cassandra",
        "transaction_audit",
        {"timestamp": TIMESTAMP} | _texts("servicio operacion user_id"),
        {},
    ),
)
TABLES: Final[Mapping[str, Table]] = {table.path: table for table in ALL}
DATABASES: Final = tuple(dict.fromkeys(table.database for table in ALL))


def by_database(paths: Mapping[str, object]) -> dict[str, dict[str, object]]:
    """Return what `paths` holds by table's path, by database and name."""
    return {
        database: {table.name: paths[table.path] for table in ALL if table.database == database}
        for database in DATABASES
    }


def summary(objects: Mapping[str, int]) -> dict[str, object]:
    """Return how much the lake holds: objects, megabytes and objects by database."""
    return {
        "total_objects": len(objects),
        "total_size_mb": round(sum(objects.values()) / 1024**2, 2),
        "databases": {
            database: sum(key.startswith(f"{database}/") for key in objects)
            for database in DATABASES
        },
    }
