"""The report's own source: the empleados and the pedidos of the house, as far as a person sees them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from core import rights
from empleados.models import Empleado
from pedidos.models import Pedido
from reportes.operativo.filtro import Filtro
from reportes.operativo.informe import ACTIVO, INACTIVO, Vendedor

READS = (Empleado, Pedido)


@dataclass(frozen=True)
class DeLaCasa:
    person: Any

    def vendedores(self) -> list[Vendedor]:
        rows = rights.visible(self.person, Empleado.objects.order_by("codigo"))
        return [
            Vendedor([str(pk)], codigo, rol, ACTIVO if activo else INACTIVO)
            for pk, codigo, rol, activo in rows.values_list("pk", "codigo", "rol", "activo")
        ]

    def pedidos(self, filtro: Filtro) -> Mapping[str | None, int]:
        rows = rights.visible(self.person, Pedido.objects.filter(estado=filtro.estado))
        if filtro.since:
            rows = rows.filter(fecha__gte=filtro.since)
        if filtro.before:
            rows = rows.filter(fecha__lt=filtro.before)
        found = rows.order_by().values_list("empleado_id").annotate(cuantos=Count("*"))
        return {str(pk) if pk else None: count for pk, count in found}
