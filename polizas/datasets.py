"""What leaves for the lake: names are its contract's, new tables have the model's own."""

from core.datasets import Dataset, Personal

DATASETS = [
    Dataset(
        "postgresql",
        "aseguradoras",
        model="polizas.Aseguradora",
        columns={
            "id": "id",
            "nombre": "nombre",
            "razon_social": "razon_social",
            "tipo_documento": "tipo_documento",
            "pais_documento": "pais_documento",
            "numero_documento": "numero_documento",
            "activa": "activa",
            "creado": "creado",
        },
    ),
    Dataset(
        "postgresql",
        "products",
        model="polizas.Producto",
        columns={
            "id": "id",
            "code": "codigo",
            "name": "nombre",
            "product_type": "ramo",
            "base_premium": "prima_base",
            "description": "descripcion",
        },
    ),
    Dataset(
        "postgresql",
        "tipos_cobertura",
        model="polizas.TipoCobertura",
        columns={
            "id": "id",
            "producto_id": "producto_id",
            "nombre": "nombre",
            "limite": "limite",
            "deducible": "deducible",
        },
    ),
    Dataset(
        "postgresql",
        "policies",
        model="polizas.Poliza",
        columns={
            "id": "id",
            "policy_number": "numero",
            "customer_id": "cliente_id",
            "agent_id": "agente_id",
            "premium": "prima",
            "sum_insured": "suma_asegurada",
            "product_id": "producto_id",
            "status": "estado",
            "start_date": "inicio",
            "end_date": "fin",
            "created_at": "creado",
        },
    ),
    Dataset(
        "postgresql",
        "policy_coverage",
        model="polizas.Cobertura",
        columns={
            "policy_id": "poliza_id",
            "coverage_name": "nombre",
            "coverage_limit": "limite",
            "deductible": "deducible",
        },
    ),
    Dataset(
        "postgresql",
        "beneficiaries",
        model="polizas.BeneficiarioPoliza",
        columns={
            "policy_id": "poliza_id",
            "client_id": "poliza__cliente_id",
            "full_name": "nombre_completo",
            "relationship": "parentesco",
        },
        personal={"full_name": "plain", "relationship": "plain"},
    ),
    Dataset(
        "postgresql",
        "recibos",
        model="polizas.Recibo",
        columns={
            "id": "id",
            "poliza_id": "poliza_id",
            "numero": "numero",
            "vencimiento": "vencimiento",
            "importe": "importe",
            "estado": "estado",
            "creado": "creado",
        },
    ),
    Dataset(
        "postgresql",
        "cobros",
        model="polizas.Cobro",
        columns={
            "id": "id",
            "recibo_id": "recibo_id",
            "monto": "monto",
            "metodo": "metodo",
            "fecha": "fecha",
        },
    ),
]

PERSONAL = [
    Personal(
        "polizas.Aseguradora",
        others=(
            "numero_documento",
            "nombre",
            "razon_social",
            "email",
            "telefono",
            "telefono_asistencia",
            "web",
        ),
    ),
    Personal("polizas.Producto", others=("codigo", "nombre", "descripcion")),
    Personal("polizas.TipoCobertura", others=("nombre",)),
    Personal("polizas.Poliza", others=("numero", "inicio", "fin", "anulada_el")),
    Personal("polizas.Cobertura", others=("nombre",)),
    Personal("polizas.BeneficiarioPoliza", fields=("nombre_completo", "parentesco")),
    Personal("polizas.Recibo", others=("vencimiento",)),
    Personal("polizas.Cobro", fields=("referencia",), others=("fecha",)),
]
