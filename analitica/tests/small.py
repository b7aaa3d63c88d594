"""A lake of a few rows, as somebody else could have written it."""

from analitica.tables import TABLES
from ingestion.lake import lake

CSVS = {
    "mysql/users": """id,username,email,role,phone,state,city,created_at
u1,ana,ana@x.pe,USER,999,Lima,Lima,2026-01-10T08:00:00Z
u2,eva,,AGENT,,Cusco,Cusco,2026-05-20T08:00:00Z
""",
    "mysql/clients": """user_id,first_name,last_name,document_type,birth_date,id,created_at
u1,Ana,Paz,DNI,1990-02-03,c1,2026-01-11T08:00:00Z
u2,Eva,,DNI,,c2,2026-05-21T08:00:00Z
""",
    "mysql/agents": """id,code,first_name,last_name,is_active,specialty,created_at
a1,A-1,Luz,Ríos,true,vida,2025-06-01T00:00:00Z
a2,A-2,Sol,Gil,false,auto,2025-07-01T00:00:00Z
""",
    "mysql/beneficiaries": "client_id,relationship,birth_date\nc1,hijo,2015-01-01\n",
    "postgresql/products": "id,code,name,product_type,base_premium,description\np1,V,Vida,VIDA,100,\n",
    "postgresql/policies": (
        "id,policy_number,customer_id,agent_id,premium,sum_insured,product_id,status,start_date,"
        "end_date,created_at\n"
        "o1,N-1,c1,a1,100.50,1000,p1,vigente,2026-01-12,2027-01-12,2026-01-12T00:00:00Z\n"
        "o2,N-2,c2,a2,200,2000,p1,vigente,2026-05-22,2027-05-22,2026-05-22T00:00:00Z\n"
    ),
    "postgresql/policy_coverage": (
        "policy_id,coverage_name,coverage_limit,deductible\no1,Muerte,1000,0\no2,Muerte,2000,0\n"
    ),
    "postgresql/beneficiaries": "policy_id,client_id,full_name,relationship\no1,c1,Leo Paz,hijo\n",
    "cassandra/reclamos": (
        "id,policy_number,estado,monto,fecha_reclamo\n"
        "r1,N-1,pagado,50,2026-03-01T00:00:00Z\nr2,N-2,pendiente,70,2026-05-30T00:00:00Z\n"
    ),
    "cassandra/pagos": (
        "id,customer_id,monto,metodo_pago,fecha_pago,tipo,policy_number\n"
        "g1,c1,100.50,tarjeta,2026-02-01T00:00:00Z,prima,N-1\n"
        "g2,c2,200,efectivo,2026-05-25T00:00:00Z,prima,N-2\n"
    ),
    "cassandra/transaction_audit": (
        "timestamp,servicio,operacion,user_id\n"
        "2026-05-31T10:00:00Z,polizas,crear,7\n2026-05-31T11:00:00Z,clientes,crear,8\n"
    ),
}
AS_OF = "2026-06-01"


def write(**changed):
    """Write the CSVs to the lake: `changed` names those that hold something else, or None for no file.

    A name is the path with "_" for "/", as in mysql_users.
    """
    for path, text in CSVS.items():
        text = changed.get(path.replace("/", "_", 1), text)
        if text is None:
            lake().remove(TABLES[path].key)
            continue
        with lake().write(TABLES[path].key) as file:
            file.write(text if isinstance(text, bytes) else text.encode())
