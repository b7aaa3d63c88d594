from core.datasets import Dataset

DATASETS = [
    Dataset(
        "mysql",
        "especialidades",
        model="especialidades.Especialidad",
        columns={
            "id": "id",
            "nombre": "nombre",
            "ramo": "ramo",
            "descripcion": "descripcion",
            "creado": "creado",
        },
    ),
]
