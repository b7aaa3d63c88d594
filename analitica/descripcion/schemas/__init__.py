"""What each address answers, as JSON Schema."""

from collections.abc import Mapping
from typing import Final

from analitica.descripcion.schemas import cassandra, cross, mysql, postgresql
from analitica.descripcion.shapes import Schema, maybe
from analitica.endpoints import Endpoint

FIGURES: Final[Mapping[str, Schema]] = {
    **mysql.ANSWERS,
    **postgresql.ANSWERS,
    **cassandra.ANSWERS,
    **cross.ANSWERS,
}


def answer_of(endpoint: Endpoint) -> Schema:
    """Return the schema of what `endpoint` answers: null in the sections that want an optional column."""
    schema = FIGURES[endpoint.path]
    if not endpoint.optional:
        return schema
    sections = {name: maybe(schema["properties"][name]) for name in endpoint.optional}
    return {**schema, "properties": {**schema["properties"], **sections}}
