"""The description of the analytics: each address, what it takes, answers and refuses."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from analitica.api import INTERFACE
from analitica.descripcion import texts
from analitica.descripcion.document import Object, Part
from analitica.descripcion.schemas import answer_of
from analitica.descripcion.schemas.service import ANSWERS as SERVICE
from analitica.descripcion.schemas.service import DOWN
from analitica.descripcion.shapes import HOURS_ASKED, MONTHS_ASKED, SHARED, TEXT, Schema, record
from analitica.endpoints import Endpoint
from analitica.metrics import ENDPOINTS
from analitica.reading import Asked
from ingestion.snapshots.manifest import ID

EXAMPLES = Path(__file__).with_name("ejemplos.json")
QUERY: Mapping[str, Schema] = {
    "as_of": TEXT,
    "snapshot": {**TEXT, "pattern": f"^{ID.pattern}$"},
    "months": {**MONTHS_ASKED, "default": Asked.months},
    "hours": {**HOURS_ASKED, "default": Asked.hours},
}
REASON = record({"detail": TEXT})
REASON_BY_PARAMETER = record(
    {
        "detail": {
            "type": "array",
            "minItems": 1,
            "items": record(
                {
                    "loc": {
                        "type": "array",
                        "prefixItems": [{"const": "query"}, {"enum": ["as_of", "months", "hours"]}],
                        "minItems": 2,
                        "maxItems": 2,
                    },
                    "msg": TEXT,
                    "type": {"type": "string", "pattern": "^(type|value)_error\\."},
                }
            ),
        }
    }
)
REFUSALS = (401, 403, 404, 422, 500, 503)


def analytics() -> Part:
    """Return the description of the analytics, in the language of who asks."""
    paths = {
        **{path: of_service(path) for path in SERVICE},
        **{path: of_figures(one) for path, one in ENDPOINTS.items()},
    }
    return Part(INTERFACE, texts.ABOUT, paths, components())


def of_service(path: str) -> Object:
    """Return the operation of an address that tells of the analytics themselves."""
    answers: Object = {"200": answered(path, SERVICE[path]), "401": _refusal(401)}
    if path == "/":
        answers["200"]["content"]["text/html"] = {"schema": TEXT}
    if path == "/health":
        answers["503"] = {"description": texts.ANSWERS[503], **content(DOWN, examples()["down"])}
    return {**named(path), "responses": answers}


def of_figures(endpoint: Endpoint) -> Object:
    """Return the operation of an address that answers a question."""
    parameters = [_ref("parameters", name) for name in ("as_of", *endpoint.asks, "snapshot")]
    headers = {name: _ref("headers", name) for name in texts.HEADERS}
    same = {"description": texts.ANSWERS[304], "headers": headers}
    return {
        **named(endpoint.path),
        "parameters": [*parameters, _ref("parameters", "If-None-Match")],
        "responses": {
            "200": answered(endpoint.path, answer_of(endpoint)) | {"headers": headers},
            "304": same,
            **{str(status): _refusal(status) for status in REFUSALS},
        },
    }


def named(path: str) -> Object:
    said, words = texts.SAID[path], path.strip("/").replace("-", "_").split("/")
    return {
        "operationId": "_".join(words) or "root",
        "tags": [texts.TAGS.get(words[0], texts.TAGS[""])],
        "summary": said.title,
        "description": said.more,
    }


def answered(path: str, schema: Schema) -> Object:
    return {
        "description": texts.ANSWERS[200],
        **content(schema, {"respuesta": examples()["answers"][path]}),
    }


def content(schema: Schema, values: Mapping[str, Any]) -> Object:
    """Return what a body is: its schema, and an example by name."""
    shown = {name: {"value": value} for name, value in values.items()}
    return {"content": {"application/json": {"schema": schema, "examples": shown}}}


@cache
def examples() -> Mapping[str, Any]:
    """Return real answers: see analitica/tests/test_descripcion.py, which writes them."""
    found: Mapping[str, Any] = json.loads(EXAMPLES.read_bytes())
    return found


def components() -> Object:
    in_query: Object = {
        name: {"name": name, "in": "query", "schema": schema} for name, schema in QUERY.items()
    }
    in_header: Object = {"If-None-Match": {"name": "If-None-Match", "in": "header", "schema": TEXT}}
    return {
        "schemas": {**SHARED, "Motivo": REASON, "MotivoPorParametro": REASON_BY_PARAMETER},
        "parameters": {
            name: {**parameter, "description": texts.PARAMETERS[name]}
            for name, parameter in {**in_query, **in_header}.items()
        },
        "headers": {
            name: {"schema": TEXT, "required": True, "description": said}
            for name, said in texts.HEADERS.items()
        },
        "responses": {f"Error{status}": refused(status) for status in REFUSALS},
    }


def refused(status: int) -> Object:
    name = "MotivoPorParametro" if status == 422 else "Motivo"
    return {
        "description": texts.ANSWERS[status],
        **content(_ref("schemas", name), examples()["refusals"][str(status)]),
    }


def _refusal(status: int) -> Object:
    return _ref("responses", f"Error{status}")


def _ref(kind: str, name: str) -> Object:
    return {"$ref": f"#/components/{kind}/{name}"}
