from core.datasets import Dataset, Personal

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

PERSONAL = [
    Personal("especialidades.Especialidad", others=("nombre", "descripcion")),
]
