"""A lake of so many users, the same each time: flat CSVs, and snapshots over the same rows."""

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from itertools import count
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from ingestion.lake import FolderLake
from ingestion.snapshots.manifest import (
    CURRENT,
    File,
    Manifest,
    TableEntry,
    manifest_key,
    moment_of,
    part_key,
    table_folder,
)

FIRST = "20260601T000000Z"

_salts = count()


def key(table: str, number: str = "i") -> str:
    return f"md5('{table}' || ({number}))::UUID::VARCHAR"


def draw(below: int | str) -> str:
    """A number that looks drawn, and is the same each time."""
    return f"(hash(i, {next(_salts)}) % ({below}))::BIGINT"


def of(*values: str) -> str:
    return f"{list(values)}[1 + {draw(len(values))}]"


def to(table: str, rows: int) -> str:
    return key(table, draw(rows))


def amount(below: int) -> str:
    return f"({draw(100 * below)} / 100)::DECIMAL(14, 2)"


def moment() -> str:
    return f"TIMESTAMPTZ '2023-07-01 00:00:00+00' + to_seconds({draw(92_000_000)})"


def day(first: int, years: int) -> str:
    return f"DATE '{first}-01-01' + ({draw(365 * years)})::INTEGER"


def columns(n: int) -> dict[str, tuple[int, dict[str, str]]]:
    """Return how many rows each table of a lake of `n` users has, and the SQL of its columns; `i` numbers them."""
    clients, agents, policies = n * 8 // 10, n // 1000 + 5, n
    number = f"'POL-' || {draw(policies)}"
    return {
        "mysql/users": (n, {
            "id": key("users"), "username": "'persona' || i",
            "email": "'p' || (i * 9 // 10) || '@correo.pe'",
            "role": of("USER", "USER", "AGENT", "ADMIN"), "phone": f"'9' || {draw(99_999_999)}",
            "state": of("Lima", "Cusco", "Piura", "Tacna", "Puno", "Ica", "Áncash"),
            "city": f"'Ciudad ' || {draw(200)}", "created_at": moment(),
        }),
        "mysql/clients": (clients, {
            "user_id": to("users", n), "first_name": "'Ana'", "last_name": "'Quispe ' || i",
            "document_type": of("DNI", "CE"), "birth_date": day(1940, 70), "id": key("clients"),
            "created_at": moment(),
        }),
        "mysql/agents": (agents, {
            "id": key("agents"), "code": "'A-' || i", "first_name": "'Eva'",
            "last_name": "'Paz ' || i", "is_active": f"{draw(10)} > 0",
            "specialty": of("vida", "auto"), "created_at": moment(),
        }),
        "mysql/beneficiaries": (n // 2, {
            "client_id": to("clients", clients), "relationship": of("hijo", "cónyuge", "madre"),
            "birth_date": day(1950, 70), "id": key("beneficiaries"),
        }),
        "postgresql/products": (40, {
            "id": key("products"), "code": "'P-' || i", "name": "'Producto ' || i",
            "product_type": of("VIDA", "AUTO", "HOGAR"), "base_premium": amount(2000),
            "description": "'Lo que cubre'",
        }),
        "postgresql/policies": (policies, {
            "id": key("policies"), "policy_number": "'POL-' || i",
            "customer_id": to("clients", clients), "agent_id": to("agents", agents),
            "premium": amount(5000), "sum_insured": amount(900_000),
            "product_id": to("products", 40), "status": of("vigente", "anulada", "vencida"),
            "start_date": day(2025, 1), "end_date": day(2026, 1), "created_at": moment(),
        }),
        "postgresql/policy_coverage": (2 * n, {
            "policy_id": to("policies", policies), "coverage_name": f"'Cobertura ' || {draw(30)}",
            "coverage_limit": amount(900_000), "deductible": amount(1000),
        }),
        "postgresql/beneficiaries": (n // 2, {
            "policy_id": to("policies", policies), "client_id": to("clients", clients),
            "full_name": "'Leo Paz'", "relationship": "'hijo'",
        }),
        "cassandra/reclamos": (n // 5, {
            "id": key("reclamos"), "policy_number": number,
            "estado": of("pendiente", "aprobado", "pagado", "rechazado"), "monto": amount(9000),
            "fecha_reclamo": moment(),
        }),
        "cassandra/pagos": (n, {
            "id": key("pagos"), "customer_id": to("clients", clients), "monto": amount(900),
            "metodo_pago": of("tarjeta", "efectivo", "transferencia"), "fecha_pago": moment(),
            "tipo": "'prima'", "policy_number": number,
        }),
        "cassandra/transaction_audit": (2 * n, {
            "timestamp": moment(), "servicio": of("clientes", "polizas", "siniestros"),
            "operacion": of("crear", "cambiar"), "user_id": f"'u' || {draw(60)}",
        }),
    }  # fmt: skip


def make(folder: Path, users: int) -> dict[str, TableEntry]:
    """Write a lake of `users`: its CSVs, and a snapshot of the same rows; return the tables of this."""
    lake, own = FolderLake(folder), duckdb.connect()
    own.execute("SET TimeZone = 'UTC'")
    tables: dict[str, TableEntry] = {}
    for path, (rows, expressions) in columns(users).items():
        selected = ", ".join(f'{sql} AS "{name}"' for name, sql in expressions.items())
        own.execute(f"CREATE TABLE rows AS SELECT {selected} FROM range({rows}) t(i)")
        tables[path] = _parquet(own, lake, path, rows)
        flat = lake.path(f"{path}/{path.split('/')[1]}.csv")
        flat.parent.mkdir(parents=True)
        own.execute(f"COPY rows TO '{flat}' (HEADER, TIMESTAMPFORMAT '%Y-%m-%dT%H:%M:%SZ')")
        own.execute("DROP TABLE rows")
    _name(lake, FIRST, tables)
    publish(lake, FIRST)
    return tables


def _parquet(own: duckdb.DuckDBPyConnection, lake: FolderLake, path: str, rows: int) -> TableEntry:
    part = part_key(table_folder(FIRST, path), 0)
    file = lake.path(part)
    file.parent.mkdir(parents=True)
    own.execute(f"COPY rows TO '{file}' (FORMAT parquet, COMPRESSION zstd)")
    schema = [{"name": field.name, "type": str(field.type)} for field in pq.read_schema(file)]
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    made = File(part, rows, file.stat().st_size, digest)
    return TableEntry(schema, ["id"], rows, [made], made)


def _name(lake: FolderLake, snapshot_id: str, tables: Mapping[str, TableEntry]) -> None:
    moment = moment_of(snapshot_id).isoformat()
    databases = {path.split("/")[0]: moment for path in tables}
    manifest = Manifest(snapshot_id, "banco", databases, 0.0, tables, {})
    lake.create(manifest_key(snapshot_id), manifest.dumps())


def publish(lake: FolderLake, snapshot_id: str) -> None:
    with lake.write(CURRENT) as file:
        file.write(snapshot_id.encode())


def publish_next(lake: FolderLake, tables: Mapping[str, TableEntry], after: str) -> str:
    """Publish the same rows as a snapshot of the day after `after`; return its id."""
    snapshot_id = f"{moment_of(after) + timedelta(days=1):%Y%m%dT%H%M%SZ}"
    _name(lake, snapshot_id, tables)
    publish(lake, snapshot_id)
    return snapshot_id
