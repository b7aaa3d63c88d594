from core.datasets import Dataset, Personal

DATASETS = [
    Dataset(
        "mongodb",
        "bienes",
        model="bienes.Bien",
        columns={
            "id": "id",
            "cliente_id": "cliente_id",
            "poliza_id": "poliza_id",
            "tipo": "tipo",
            "descripcion": "descripcion",
            "datos": "datos",
            "valor": "valor",
            "creado": "creado",
        },
        # A document may say who smokes and where somebody lives: its first letter tells nothing, the rest too much.
        personal={"descripcion": "masked", "datos": "dropped"},
    ),
]

PERSONAL = [
    Personal("bienes.Bien", fields=("descripcion", "datos")),
]
