"""Requests for every operation of the API, made from what the API says of itself and from real rows."""

from dataclasses import dataclass, field
from functools import cache
from typing import Any
from uuid import UUID

import schemathesis
from django.core.wsgi import get_wsgi_application
from drf_spectacular.generators import SchemaGenerator
from hypothesis import strategies as st
from rest_framework.test import APIClient
from schemathesis import checks as every
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi import checks

from agentes.models import Agente
from bienes.models import Bien
from clientes.models import Cliente, Usuario
from config.api import router
from core.entities import Entity
from core.testing import undone
from empleados.models import Empleado
from especialidades.models import Especialidad
from polizas.models import Aseguradora, Poliza, Producto, Recibo
from siniestros.models import Reclamo

# What a body or an address names by its key.
REFERENCES: dict[str, type[Entity]] = {
    "agente": Agente,
    "anterior": Poliza,
    "asegurado": Cliente,
    "aseguradora": Aseguradora,
    "bien": Bien,
    "cliente": Cliente,
    "empleado": Empleado,
    "especialidad": Especialidad,
    "otras_especialidades": Especialidad,
    "pagador": Cliente,
    "participa": Cliente,
    "poliza": Poliza,
    "producto": Producto,
    "recibo": Recibo,
    "reclamo": Reclamo,
    "supervisor": Agente,
    "usuario": Usuario,
}
PROMISES = [
    every.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]


@dataclass(frozen=True)
class Operation:
    """One way of asking one address of the API."""

    method: str
    path: str
    collection: str
    view: Any = field(hash=False, compare=False)
    action: str

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def of_a_row(self) -> bool:
        return "{id}" in self.path

    @property
    def takes(self) -> Any:
        """The serializer of its body, if it has one."""
        if self.method in ("GET", "DELETE"):
            return None
        return getattr(getattr(self.view, self.action), "kwargs", {}).get(
            "takes", self.view.serializer_class
        )

    @property
    def example(self) -> dict[str, Any]:
        """The body that its documentation shows."""
        return dict(getattr(getattr(self.takes, "Meta", None), "example", {}))


def operations() -> list[Operation]:
    """Return every operation of every collection, without describing any of them: that takes seconds."""
    return [
        Operation(method.upper(), _path(route.url, prefix), prefix, view, action)
        for prefix, view, _name in router.registry
        for route in router.get_routes(view)
        for method, action in router.get_method_map(view, route.mapping).items()
    ]


def _path(url: str, prefix: str) -> str:
    return "/api/v1/" + url.format(prefix=prefix, lookup="{id}", trailing_slash="/").strip("^$")


@cache
def described() -> Any:
    """The API as it describes itself, to be asked in this process."""
    found = schemathesis.openapi.from_dict(SchemaGenerator().get_schema(request=None, public=True))
    found.app = get_wsgi_application()
    return found


@dataclass(frozen=True, repr=False)
class World:
    """The rows there are, by model and by collection, and what to sign in with."""

    keys: dict[type[Any], list[UUID]]
    collections: dict[str, list[Any]]
    secret: str

    @property
    def client(self) -> APIClient:
        return APIClient(headers={"Authorization": f"Token {self.secret}"})

    def ask(self, case: Any) -> Any:
        """Send `case`, hold the answer to what the schema promises, and return it."""
        with undone():
            answer = case.call()
        case.validate_response(answer, checks=PROMISES)
        return answer


@st.composite
def cases(draw: Any, operation: Operation, world: World) -> Any:
    """A request for `operation`: as its schema says or just as it doesn't, mostly of rows there are."""
    mode = draw(st.sampled_from([GenerationMode.POSITIVE] * 3 + [GenerationMode.NEGATIVE]))
    case = draw(described()[operation.path][operation.method].as_strategy(generation_mode=mode))
    if operation.of_a_row and draw(MOSTLY):
        case.path_parameters = {
            "id": str(draw(st.sampled_from(world.collections[operation.collection])))
        }
    for name in ("Authorization", "X-API-Key", "If-Match", "If-None-Match", "Idempotency-Key"):
        if name in case.headers and draw(MOSTLY):
            del case.headers[name]
    if draw(MOSTLY):
        case.headers["Authorization"], case.cookies = f"Token {world.secret}", {}
    if isinstance(case.query, dict) and draw(MOSTLY):
        case.query = draw(_with_real_keys(case.query, world))
    if isinstance(case.body, dict) and draw(MOSTLY):
        body = dict(case.body)
        if draw(st.booleans()):
            # What the documentation shows, and some of what was made up.
            kept = draw(st.sets(st.sampled_from(sorted(body)), max_size=2)) if body else ()
            body = operation.example | {name: body[name] for name in kept}
        case.body = draw(_with_real_keys(body, world))
    return case


MOSTLY = st.sampled_from([True, True, True, True, False])


@st.composite
def _with_real_keys(draw: Any, values: dict[str, Any], world: World) -> dict[str, Any]:
    found = dict(values)
    for name in values.keys() & REFERENCES.keys():
        key = str(draw(st.sampled_from(world.keys[REFERENCES[name]])))
        found[name] = [key] if isinstance(values[name], list) else key
    return found
