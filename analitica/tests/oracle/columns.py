"""The columns of the lake's tables, as the contract lists them, and what their cells are."""

REQUIRED = {
    "mysql/users": ["id", "username", "email", "role", "phone", "state", "city", "created_at"],
    "mysql/clients": ["user_id", "first_name", "last_name", "document_type", "birth_date"],
    "mysql/agents": ["id", "code", "first_name", "last_name", "is_active"],
    "mysql/beneficiaries": ["client_id", "relationship", "birth_date"],
    "postgresql/products": ["id", "code", "name", "product_type", "base_premium"],
    "postgresql/policies": [
        "id",
        "policy_number",
        "customer_id",
        "agent_id",
        "premium",
        "sum_insured",
    ],
    "postgresql/policy_coverage": ["policy_id", "coverage_name", "coverage_limit", "deductible"],
    "postgresql/beneficiaries": ["policy_id", "client_id", "full_name", "relationship"],
    "cassandra/reclamos": ["id", "policy_number", "estado", "monto", "fecha_reclamo"],
    "cassandra/pagos": ["id", "customer_id", "monto", "metodo_pago", "fecha_pago"],
    "cassandra/transaction_audit": ["timestamp", "servicio", "operacion", "user_id"],
}
OPTIONAL = {
    "mysql/clients": ["id", "document_number", "created_at"],
    "mysql/agents": ["specialty", "created_at"],
    "mysql/beneficiaries": ["id"],
    "postgresql/products": ["description"],
    "postgresql/policies": ["product_id", "status", "start_date", "end_date", "created_at"],
    "cassandra/pagos": ["tipo", "policy_number"],
}

MOMENTS = {"created_at", "timestamp", "fecha_reclamo", "fecha_pago"}
DATES = {"birth_date", "start_date", "end_date"}
AMOUNTS = {"base_premium", "premium", "sum_insured", "coverage_limit", "deductible", "monto"}
BOOLEANS = {"is_active"}
# Every other column is text, keys among them.
