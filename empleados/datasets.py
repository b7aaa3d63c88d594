from core.datasets import Dataset

DATASETS = [
    Dataset(
        "postgresql",
        "empleados",
        model="empleados.Empleado",
        columns={
            "id": "id",
            "codigo": "codigo",
            "nombres": "nombres",
            "apellidos": "apellidos",
            "rol": "rol",
            "oficina": "oficina",
            "activo": "activo",
            "creado": "creado",
        },
        personal={"nombres": "pseudonym", "apellidos": "pseudonym"},
    ),
]
