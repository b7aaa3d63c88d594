"""How those clients ask: a path, a body, and no credentials."""

import json
from typing import Any

from django.test import Client

MARIA = {
    "nombre": "Maria Lopez",
    "contacto": "maria.lopez@sky.com",
    "servicio": "Paquete Premium TV",
}
DOCUMENTO = {
    "nombre": "Maria Lopez",
    "contacto": "maria.lopez@sky.com",
    "servicios": [{"descripcion": "Paquete Premium TV", "fecha_contratacion": "2026-03-01"}],
}
SAVED = {"message": "Cliente Maria Lopez guardado/actualizado.", "status": "ok"}
NO_SUCH = (404, {"error": "Cliente no encontrado"})


class Asking:
    """Sends what it is told to, and returns the status and what the JSON says."""

    def __init__(self, client: Client, prefix: str = "/sky") -> None:
        self.client = client
        self.prefix = prefix

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        sent = (
            body if isinstance(body, str | bytes) else json.dumps(body) if body is not None else ""
        )
        answer = self.client.generic(
            method, self.prefix + path, sent, "application/json", headers=headers
        )
        assert answer["Content-Type"].startswith("application/json"), answer
        return answer.status_code, json.loads(answer.content)
