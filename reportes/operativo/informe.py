"""The report itself: two reads at once, one aggregation a store, whatever the number of pedidos."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any, NamedTuple, Protocol, TypeVar

from django.conf import settings
from django.db import connections

from reportes.operativo.filtro import Filtro

# Word for word, in whatever language it is asked for.
ACTIVO, INACTIVO = "Activo", "Inactivo"

First = TypeVar("First")
Second = TypeVar("Second")


class Vendedor(NamedTuple):
    """An empleado, and the keys by which pedidos may name them."""

    claves: Sequence[str]
    empleado: str
    rol: str
    estado: str


class Fuente(Protocol):
    """Where the report reads."""

    def vendedores(self) -> list[Vendedor]:
        """Return every empleado, in order."""
        ...

    def pedidos(self, filtro: Filtro) -> Mapping[str | None, int]:
        """Return how many pedidos there are by the key of who has them, None for those of nobody."""
        ...


@dataclass(frozen=True)
class Fila:
    """What an empleado has done; of those of nobody whom the house knows, without a name."""

    empleado: str | None
    rol: str | None
    pedidos_realizados: int
    estado: str | None


@dataclass(frozen=True)
class Informe:
    titulo: str
    total_empleados: int
    filas: Sequence[Fila]

    @property
    def total_pedidos(self) -> int:
        return sum(fila.pedidos_realizados for fila in self.filas)

    def as_json(self) -> dict[str, Any]:
        return {
            "titulo": self.titulo,
            "metricas_globales": {
                "total_empleados": self.total_empleados,
                "total_pedidos_procesados": self.total_pedidos,
            },
            "detalle_por_vendedor": [asdict(fila) for fila in self.filas],
        }


def informe(fuente: Fuente, filtro: Filtro) -> Informe:
    """Return what `fuente` has now; raises StoreDown where one of its stores does not answer."""
    vendedores, found = at_once(fuente.vendedores, partial(fuente.pedidos, filtro))
    cuentas = dict(found)
    filas = [
        Fila(
            vendedor.empleado,
            vendedor.rol,
            sum(cuentas.pop(clave, 0) for clave in vendedor.claves),
            vendedor.estado,
        )
        for vendedor in vendedores
    ]
    if de_nadie := sum(cuentas.values()):
        filas.append(Fila(None, None, de_nadie, None))
    return Informe(settings.REPORT_TITLE, len(vendedores), filas)


def at_once(first: Callable[[], First], second: Callable[[], Second]) -> tuple[First, Second]:
    """Return what both bring: the first is read in a thread of its own meanwhile."""

    def apart() -> First:
        try:
            return first()
        finally:
            connections.close_all()  # this thread's, which ends here

    with ThreadPoolExecutor(1) as thread:
        waiting = thread.submit(apart)
        brought = second()
        return waiting.result(), brought
