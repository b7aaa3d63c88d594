from core.datasets import Dataset, Personal

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

PERSONAL = [
    Personal(
        "empleados.Empleado",
        fields=("nombres", "apellidos", "email", "telefono"),
        others=("codigo", "oficina"),
    ),
]
