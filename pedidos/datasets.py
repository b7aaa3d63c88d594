from core.datasets import Dataset, Personal

DATASETS = [
    Dataset(
        "mongodb",
        "pedidos",
        model="pedidos.Pedido",
        columns={
            "id": "id",
            "cliente_id": "cliente_id",
            "poliza_id": "poliza_id",
            "tipo": "tipo",
            "datos": "datos",
            "empleado_id": "empleado_id",
            "estado": "estado",
            "fecha": "fecha",
            "creado": "creado",
        },
        # A change of data says where somebody lives from now on.
        personal={"datos": "dropped"},
    ),
]

PERSONAL = [
    Personal("pedidos.Pedido", fields=("datos", "resultado"), others=("fecha",)),
]
