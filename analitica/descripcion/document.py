"""A description as OpenAPI 3.1, put together from what each interface says of itself."""

import json
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.utils.functional import Promise

from analitica.descripcion import texts

Object = dict[str, Any]

CARRIERS = {"token": "Authorization", "clave": "X-API-Key", "sesion": "sessionid"}


@dataclass(frozen=True)
class Part:
    """What an interface adds to the description: its operations, and what they refer to."""

    interface: str
    about: str | Promise
    paths: Mapping[str, Object]
    components: Mapping[str, Object] = field(default_factory=dict)


def document(parts: Sequence[Part], *, version: str, open_interfaces: Container[str]) -> Object:
    """Return the description of `parts`; those in `open_interfaces` need no credentials."""
    operations = [one for part in parts for one in part.paths.values()]
    told = {
        "openapi": "3.1.0",
        "info": {
            "title": "Cartera",
            "version": version,
            "description": "\n\n".join(str(part.about) for part in parts),
        },
        "tags": [
            {"name": name} for name in dict.fromkeys(str(one["tags"][0]) for one in operations)
        ],
        "paths": {
            path: {"get": one | {"security": security(part.interface in open_interfaces)}}
            for part in parts
            for path, one in part.paths.items()
        },
        "components": {
            "securitySchemes": {
                name: {
                    "type": "apiKey",
                    "in": "cookie" if name == "sesion" else "header",
                    "name": carrier,
                    "description": texts.SECURITY[name],
                }
                for name, carrier in CARRIERS.items()
            },
            **{kind: one for part in parts for kind, one in part.components.items()},
        },
    }
    found: Object = json.loads(json.dumps(told, cls=DjangoJSONEncoder))
    return found


def security(is_open: bool) -> list[Object]:  # noqa: FBT001
    needed: list[Object] = [{name: []} for name in texts.SECURITY]
    return [{}, *needed] if is_open else needed
