"""The words in which the schema of an answer is said: JSON Schema, by the rules of every figure."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from analitica.figures import AGE_GROUPS
from analitica.parameters import HOURS, MONTHS

Schema = dict[str, Any]

TEXT: Final[Schema] = {"type": "string"}
COUNT: Final[Schema] = {"type": "integer", "minimum": 0}
NUMBER: Final[Schema] = {"type": "number"}
FLAG: Final[Schema] = {"type": "boolean"}
MONTHS_ASKED: Final[Schema] = {"type": "integer", "minimum": MONTHS[0], "maximum": MONTHS[1]}
HOURS_ASKED: Final[Schema] = {"type": "integer", "minimum": HOURS[0], "maximum": HOURS[1]}
MOMENT: Final[Schema] = {
    "type": "string",
    "format": "date-time",
    "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$",
}
MONTH: Final[Schema] = {"type": "string", "pattern": r"^\d{4}-\d{2}$"}


def maybe(schema: Schema) -> Schema:
    """Return the schema of what may be null as well."""
    match schema.get("type"):
        case str(kind):
            return {**schema, "type": [kind, "null"]}
        case [*kinds] if "null" in kinds:
            return schema
    return {"anyOf": [schema, {"type": "null"}]}


def record(fields: Mapping[str, Schema]) -> Schema:
    """Return the schema of an object that has these keys, always all and no other."""
    return {
        "type": "object",
        "properties": dict(fields),
        "required": list(fields),
        "additionalProperties": False,
    }


def each(schema: Schema, names: str) -> dict[str, Schema]:
    """Return the fields of these `names`, which are all alike."""
    return dict.fromkeys(names.split(), schema)


def keyed(schema: Schema, **limits: int) -> Schema:
    """Return the schema of an object whose keys are values of the lake."""
    return {"type": "object", "additionalProperties": schema, **limits}


def by_month(schema: Schema, *, least: int = 12, most: int = 12) -> Schema:
    return {
        **keyed(schema, minProperties=least, maxProperties=most),
        "propertyNames": {"pattern": MONTH["pattern"]},
    }


def rows(fields: Mapping[str, Schema], *, least: int = 0, most: int = 10) -> Schema:
    return {"type": "array", "items": record(fields), "minItems": least, "maxItems": most}


def ref(name: str, **limits: int) -> Schema:
    return {"$ref": f"#/components/schemas/{name}", **limits}


MEAN: Final[Schema] = {**maybe(NUMBER), "description": _("Nulo donde no hay de qué.")}
PERCENT: Final[Schema] = {**NUMBER, "description": _("Por ciento.")}
RATE: Final[Schema] = {
    **maybe(NUMBER),
    "description": _("Por ciento; nulo donde se dividiría entre cero."),
}

# What many answers have, each told once.
SHARED: Final[Mapping[str, Schema]] = {
    "Distribucion": {
        **keyed({"type": "integer", "minimum": 1}),
        "description": _("Cuántas filas tiene cada valor: primero el que más; lo que falta, no."),
    },
    "PorMes": {
        **by_month(COUNT),
        "description": _("Cuántas hay en cada uno de los 12 últimos meses, con los que no tienen."),
    },
    "PorHora": record({str(hour): COUNT for hour in range(24)})
    | {"description": _("Cuántas hay en cada hora del día, en UTC.")},
    "PorEdad": record(dict.fromkeys(AGE_GROUPS, COUNT))
    | {"description": _("Cuántas personas hay de cada edad, en años cumplidos.")},
    "Estadisticas": record(
        {"count": COUNT, **each(maybe(NUMBER), "total average median min max")}
    )
    | {"description": _("De los valores que hay; sin ninguno, todo es nulo menos «count».")},
    "Totales": record({"count": COUNT, **each(maybe(NUMBER), "total average")})
    | {"description": _("De los valores que hay; sin ninguno, todo es nulo menos «count».")},
}  # fmt: skip
DISTRIBUTION: Final = ref("Distribucion")
TOP_10: Final = ref("Distribucion", maxProperties=10)
MONTHLY: Final = ref("PorMes")
BY_HOUR: Final = ref("PorHora")
BY_AGE: Final = ref("PorEdad")
STATS: Final = ref("Estadisticas")
TOTALS: Final = ref("Totales")
