"""Lakes of a few rows: one of a small house, and those that put every figure to the test."""

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from analitica.tables import ALL, BOOLEAN, DATE, NUMBER, TABLES, TEXT, TIMESTAMP
from analitica.tables import Table as LakeTable
from ingestion.lake import lake

Lake = Mapping[str, list[dict[str, Any]]]

AS_OF = datetime(2026, 3, 15, 12, tzinfo=UTC)

# A house of six clientes, by table: a header and rows, as a CSV has them.
HOUSE = {
    "mysql/users": """
        id,username,email,role,phone,state,city,created_at
        1,amparo,amparo@correo.test,USER,+51 987 654 301,Lima,Miraflores,2025-06-02T15:04:05Z
        2,benito,benito@correo.test,USER,+51 987 654 302,Lima,Surco,2025-09-14T10:30:00Z
        3,carla,carla@correo.test,USER,,Cusco,Cusco,2025-11-20T18:12:40Z
        4,dario,Amparo@correo.test,USER,+51 987 654 304,Arequipa,Yanahuara,2026-01-08T09:00:00Z
        5,elena,elena@correo.test,USER,+51 987 654 305,Lima,Miraflores,2026-02-27T21:45:10Z
        6,felix,felix@correo.test,USER,+51 987 654 306,Cusco,Urubamba,2026-03-03T12:00:00Z
        7,gloria,gloria@correo.test,AGENT,+51 987 654 307,Lima,Lince,2024-05-10T08:00:00Z
        8,hugo,,ADMIN,+51 987 654 308,Lima,Lima,2024-01-02T08:00:00Z
    """,
    "mysql/clients": """
        user_id,first_name,last_name,document_type,birth_date,id,document_number,created_at
        1,Amparo,Quispe,DNI,1988-04-12,101,40112233,2025-06-05T10:00:00Z
        2,Benito,Rojas,DNI,1971-12-01,102,07654321,2025-09-20T10:00:00Z
        3,Carla,Núñez,CE,1995-08-23,103,001234567,2025-12-01T10:00:00Z
        4,Darío,Salas,DNI,2001-02-28,104,71223344,2026-01-10T10:00:00Z
        5,Elena,Vega,DNI,1956-07-19,105,06543210,2026-02-28T10:00:00Z
        99,Felisa,Ibáñez,RUC,,106,20123456789,2026-03-01T10:00:00Z
    """,
    "mysql/agents": """
        id,code,first_name,last_name,is_active,specialty,created_at
        11,AG-001,Gloria,Paredes,true,Vida,2024-05-10T08:00:00Z
        12,AG-002,Hernán,Loayza,true,Autos,2025-07-01T08:00:00Z
        13,AG-003,Irma,Cáceres,false,Autos,2025-10-06T08:00:00Z
    """,
    "mysql/beneficiaries": """
        client_id,relationship,birth_date,id
        101,hijo,2015-05-05,201
        101,cónyuge,1986-10-30,202
        103,madre,1968-01-15,203
        999,hijo,2020-03-15,204
    """,
    "postgresql/products": """
        id,code,name,product_type,base_premium,description
        21,VID-01,Vida Protegida,VIDA,85.50,Capital por fallecimiento
        22,AUT-01,Auto Total,AUTO,640.00,Todo riesgo con deducible
        23,HOG-01,Hogar Seguro,HOGAR,320.00,
        24,SAL-01,Salud Familiar,SALUD,1250.00,Red nacional de clínicas
    """,
    "postgresql/policies": """
        id,policy_number,customer_id,agent_id,premium,sum_insured,product_id,status,start_date,end_date,created_at
        31,POL-2025-0001,101,11,1026.00,150000.00,21,vigente,2025-06-10,2026-06-09,2025-06-08T16:00:00Z
        32,POL-2025-0002,102,12,7680.00,62000.00,22,vigente,2025-10-01,2026-03-31,2025-09-28T16:00:00Z
        33,POL-2025-0003,103,12,6900.50,48000.00,22,anulada,2025-12-05,2026-12-04,2025-12-03T16:00:00Z
        34,POL-2026-0001,101,11,3840.00,210000.00,23,vigente,2026-01-15,2027-01-14,2026-01-14T16:00:00Z
        35,POL-2026-0002,104,13,7100.00,55500.00,22,vigente,2026-02-01,2027-01-31,2026-01-30T16:00:00Z
        36,POL-2026-0003,105,,15000.00,500000.00,24,vigente,2026-03-01,2027-02-28,2026-02-26T16:00:00Z
    """,
    "postgresql/policy_coverage": """
        policy_id,coverage_name,coverage_limit,deductible
        31,Fallecimiento,150000.00,0.00
        32,Choque,62000.00,500.00
        32,Responsabilidad civil,100000.00,
        33,Choque,48000.00,450.00
        34,Incendio,210000.00,1000.00
        36,Hospitalización,500000.00,200.00
    """,
    "postgresql/beneficiaries": """
        policy_id,client_id,full_name,relationship
        31,101,Nicolás Quispe,hijo
    """,
    "cassandra/reclamos": """
        id,policy_number,estado,monto,fecha_reclamo
        41,POL-2025-0002,pagado,4200.00,2025-11-11T14:20:00Z
        42,POL-2025-0002,pendiente,1800.00,2026-03-09T09:10:00Z
        43,POL-2026-0001,aprobado,950.75,2026-02-20T17:00:00Z
        44,POL-2026-0002,rechazado,3000.00,2026-02-18T11:00:00Z
        45,POL-1999-0000,pendiente,700.00,2025-08-01T11:00:00Z
    """,
    "cassandra/pagos": """
        id,customer_id,monto,metodo_pago,fecha_pago,tipo,policy_number
        51,101,1026.00,tarjeta,2025-06-10T12:00:00Z,prima,POL-2025-0001
        52,102,3840.00,transferencia,2025-10-02T12:00:00Z,prima,POL-2025-0002
        53,102,4200.00,transferencia,2025-12-04T12:00:00Z,siniestro,POL-2025-0002
        54,101,3840.00,tarjeta,2026-01-16T12:00:00Z,prima,POL-2026-0001
        55,104,7100.00,efectivo,2026-02-03T12:00:00Z,prima,POL-2026-0002
        56,105,7500.00,tarjeta,2026-03-02T12:00:00Z,prima,POL-2026-0003
    """,
    "cassandra/transaction_audit": """
        timestamp,servicio,operacion,user_id
        2026-03-02T14:00:00Z,polizas,emitir,7
        2026-03-09T14:10:00Z,siniestros,abrir,7
        2026-03-10T15:05:00Z,siniestros,revisar,8
        2026-03-12T15:40:00Z,clientes,crear,7
        2026-03-13T16:20:00Z,polizas,cobrar,8
        2026-03-13T22:30:00Z,polizas,cobrar,7
    """,
}


def small_house() -> Lake:
    return {
        path: list(csv.DictReader(line.strip() for line in text.strip().splitlines()))
        for path, text in HOUSE.items()
    }


def only_required() -> Lake:
    """The house without the columns that a lake may lack."""
    return {
        path: [{name: row[name] for name in TABLES[path].required} for row in rows]
        for path, rows in small_house().items()
    }


def no_amounts() -> Lake:
    """The house, and no amount in it."""
    return {
        path: [row | {name: "" for name in ("premium", "monto") if name in row} for row in rows]
        for path, rows in small_house().items()
    }


def empty() -> Lake:
    return {table.path: [] for table in ALL}


def all_null() -> Lake:
    """Three rows a table, and nothing in any."""
    return {table.path: [dict.fromkeys(table.columns, "")] * 3 for table in ALL}


def any_lake(seed: int, *, nulls: float) -> Lake:
    """Rows of anything: orphans, numbers below zero, dates to come, texts that are blank or odd."""
    random = Random(seed)
    return {
        table.path: [
            {name: _some(random, kind, nulls) for name, kind in table.columns.items()}
            | {"id": number}
            for number in range(40)
        ]
        for table in ALL
    }


def _some(random: Random, kind: str, nulls: float) -> Any:
    moment = AS_OF + timedelta(seconds=random.randint(-40_000_000, 4_000_000))
    values = {
        NUMBER: round(random.uniform(-500, 90_000), random.randint(0, 4)),
        TIMESTAMP: moment.isoformat(),
        DATE: (moment - timedelta(days=random.randint(0, 40_000))).date(),
        BOOLEAN: random.choice(["true", "false"]),
        TEXT: random.choice([*"12345678", "Ñandú", ' "x", y', "   "]),
    }
    return "" if random.random() < nulls else values[kind]


def write(rows_by_table: Lake) -> None:
    """Put the CSVs of a lake where it is."""
    for path, rows in rows_by_table.items():
        table = TABLES[path]
        put(table, rows[0] if rows else table.required, rows)


def put(table: LakeTable, columns: Iterable[str], rows: list[dict[str, Any]]) -> None:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(columns), extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    with lake().write(table.key) as file:
        file.write(text.getvalue().encode())
