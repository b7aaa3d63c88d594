from core.datasets import Dataset, Personal

DATASETS = [
    Dataset(
        "mysql",
        "agents",
        model="agentes.Agente",
        columns={
            "id": "id",
            "code": "codigo",
            "first_name": "nombres",
            "last_name": "apellidos",
            "is_active": "activo",
            "specialty": "especialidad__nombre",
            "created_at": "creado",
        },
        personal={"first_name": "plain", "last_name": "plain"},
    ),
    Dataset(
        "mysql",
        "comisiones",
        model="agentes.Comision",
        columns={
            "id": "id",
            "agente_id": "agente_id",
            "ramo": "ramo",
            "porcentaje": "porcentaje",
            "creado": "creado",
        },
    ),
]

PERSONAL = [
    Personal(
        "agentes.Agente",
        fields=("numero_documento", "nombres", "apellidos", "email", "telefono", "registro"),
        others=("codigo", "oficina", "registro_vence"),
    ),
]
