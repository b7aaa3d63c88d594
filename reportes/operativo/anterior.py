"""The tables of the service that this report replaces, read as they are where its variables say so."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.db import connections
from django.utils.translation import gettext as _

from core.api.errors import Unavailable
from reportes.operativo.filtro import Filtro
from reportes.operativo.informe import ACTIVO, INACTIVO, Vendedor

# The names of the two databases in settings, by what they hold.
EMPLEADOS, PEDIDOS = "empleados", "pedidos"
TABLE = "empleados"
# How those tables may call what the report tells, the likeliest first.
CODIGO = ("codigo", "empleado", "vendedor", "usuario", "username", "nombre", "id")
ROL = ("rol", "cargo", "puesto")
ESTADO = ("estado", "activo")
ID = ("id",)
DE_QUIEN = ("empleado", "vendedor", "empleado_id", "vendedor_id", "id_empleado", "id_vendedor")


class DelServicioAnterior:
    def vendedores(self) -> list[Vendedor]:
        connection = connections[EMPLEADOS]
        quote = connection.ops.quote_name
        with connection.cursor() as cursor:
            if TABLE not in connection.introspection.table_names(cursor):
                raise Unavailable(_("No está la tabla «%(table)s».") % {"table": TABLE})
            described = connection.introspection.get_table_description(cursor, TABLE)
            columns = _columns([column.name for column in described])
            names = ", ".join(map(quote, columns))
            cursor.execute(f"SELECT {names} FROM {quote(TABLE)} ORDER BY {quote(columns[0])}")
            return [_vendedor(dict(zip(columns, row, strict=True))) for row in cursor.fetchall()]

    def pedidos(self, filtro: Filtro) -> Mapping[str | None, int]:
        stages = [
            {"$match": _wanted(filtro)},
            {"$group": {"_id": _first_of(DE_QUIEN), "n": {"$sum": 1}}},
        ]
        collection = connections[PEDIDOS].get_collection(settings.REPORT_COLLECTION)  # type: ignore[attr-defined]
        return {
            None if each["_id"] is None else str(each["_id"]): each["n"]
            for each in collection.aggregate(stages)
        }


def _columns(there: Collection[str]) -> list[str]:
    """Return the columns of the table that are read, or raise Unavailable for one that has none to read."""
    found = [next(_among(names, there), None) for names in (CODIGO, ROL, ESTADO, ID)]
    if found[0] is None:
        raise Unavailable(
            _("La tabla «%(table)s» no tiene ninguna de estas columnas: %(columns)s.")
            % {"table": TABLE, "columns": ", ".join(CODIGO)}
        )
    return list(dict.fromkeys(filter(None, found)))


def _among(names: Sequence[str], there: Collection[str]) -> Iterator[str]:
    return (name for name in names if name in there)


def _vendedor(row: Mapping[str, Any]) -> Vendedor:
    codigo = row[next(_among(CODIGO, row))]
    rol = next((row[name] for name in _among(ROL, row)), None)
    estado = next((row[name] for name in _among(ESTADO, row)), True)
    claves = [str(key) for key in (codigo, row.get("id")) if key is not None]
    return Vendedor(claves, str(codigo), str(rol or ""), _estado(estado))


def _estado(said: Any) -> str:
    if isinstance(said, str):
        return said.capitalize()
    return ACTIVO if said else INACTIVO


def _wanted(filtro: Filtro) -> dict[str, Any]:
    limits = {"$gte": filtro.since, "$lt": filtro.before}
    days = {limit: moment for limit, moment in limits.items() if moment}
    return {"estado": filtro.estado} | ({"fecha": days} if days else {})


def _first_of(names: Sequence[str]) -> Any:
    """Return the expression of the first of these fields that a document has."""
    *rest, last = (f"${name}" for name in names)
    expression: Any = {"$ifNull": [last, None]}
    for name in reversed(rest):
        expression = {"$ifNull": [name, expression]}
    return expression
