"""What the page of the report shows: figures, charts and the table that says the same."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from empleados.models import Empleado
from pedidos.models import Pedido
from reportes.operativo.filtro import Filtro
from reportes.operativo.informe import ACTIVO, INACTIVO, Fila, Informe

BARS = 15  # as many as can be told apart

Drawing = Mapping[str, Any]


def page(found: Informe, filtro: Filtro) -> dict[str, Any]:
    """Return the context of the template."""
    estado = Pedido.Estado(filtro.estado).label.lower()
    by_rol: Counter[str] = Counter()
    for fila in found.filas:
        by_rol[_rol(fila)] += fila.pedidos_realizados
    most = sorted(found.filas, key=lambda fila: -fila.pedidos_realizados)
    of_each = [(_empleado(fila), fila.pedidos_realizados) for fila in most]
    return {
        "figures": [
            (_("Empleados"), found.total_empleados),
            (_("Pedidos: %(estado)s") % {"estado": estado}, found.total_pedidos),
        ],
        "charts": [
            (_("Pedidos por empleado"), "por-empleado", _drawing("rows", of_each[:BARS])),
            (_("Pedidos por rol"), "por-rol", _drawing("doughnut", by_rol.most_common())),
        ],
        "left_out": max(0, len(most) - BARS),
        "rows": [
            (_empleado(fila), _rol(fila), fila.pedidos_realizados, _estado(fila)) for fila in most
        ],
    }


def _drawing(kind: str, counts: Iterable[tuple[str, int]]) -> Drawing | None:
    """Return what the script draws; None where there is nothing but zeros."""
    drawn = list(counts)
    values = [count for _name, count in drawn]
    if not any(values):
        return None
    texts = [number_format(value, use_l10n=True, force_grouping=True) for value in values]
    series = {"label": _("Pedidos"), "values": values, "texts": texts, "whole": True, "unit": ""}
    return {"kind": kind, "labels": [name for name, _count in drawn], "series": [series]}


def _empleado(fila: Fila) -> str:
    return fila.empleado if fila.empleado is not None else _("Sin empleado conocido")


def _rol(fila: Fila) -> str:
    if not fila.rol:
        return "—"
    known = dict(Empleado.Rol.choices)
    return str(known.get(fila.rol, fila.rol))


def _estado(fila: Fila) -> str:
    if fila.estado is None:
        return "—"
    return {ACTIVO: _("Activo"), INACTIVO: _("Inactivo")}.get(fila.estado, fila.estado)
