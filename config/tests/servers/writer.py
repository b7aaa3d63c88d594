"""Random writes over all domains, each either committed or rolled back: python -m … SEED COUNT PROGRESS.

The number of the write that is under way is in the file PROGRESS: killed, the next run goes on after it.
"""

import os
import random
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.core.exceptions import ValidationError  # noqa: E402
from django.db import OperationalError  # noqa: E402
from django.db.models import ProtectedError  # noqa: E402

from agentes.tests.factories import AgenteFactory  # noqa: E402
from bienes.models import Bien  # noqa: E402
from bienes.tests.factories import BienFactory  # noqa: E402
from clientes.models import Cliente  # noqa: E402
from clientes.tests.factories import ClienteFactory  # noqa: E402
from core.stores import atomic  # noqa: E402
from empleados.models import Empleado  # noqa: E402
from empleados.tests.factories import EmpleadoFactory  # noqa: E402
from especialidades.tests.factories import EspecialidadFactory  # noqa: E402
from pedidos import services as de_pedidos  # noqa: E402
from pedidos.models import Pedido  # noqa: E402
from pedidos.tests.factories import PedidoFactory  # noqa: E402
from polizas import services as de_polizas  # noqa: E402
from polizas.models import Poliza, Producto, Recibo  # noqa: E402
from polizas.tests.factories import AHORA, HOY, PolizaFactory, ProductoFactory  # noqa: E402
from siniestros import services as de_siniestros  # noqa: E402
from siniestros.models import Reclamo  # noqa: E402
from siniestros.tests.factories import ReclamoFactory  # noqa: E402

FACTORIES = (
    AgenteFactory, BienFactory, ClienteFactory, EmpleadoFactory, EspecialidadFactory, PedidoFactory,
    PolizaFactory, ProductoFactory, ReclamoFactory,
)  # fmt: skip


class Undone(Exception):
    """What a write ends with that is not to be."""


def some(model: Any, **where: Any) -> Any:
    """Return a row, always the same among the same rows, or raise LookupError."""
    rows = list(model.objects.filter(**where).order_by("-pk")[:20])
    if not rows:
        raise LookupError
    return random.choice(rows)


def renombrar() -> None:
    cliente = some(Cliente)
    cliente.apellidos = f"Ríos {random.randrange(10**9)}"
    cliente.save()


def revaluar() -> None:
    bien = some(Bien)
    bien.valor = Decimal(random.randrange(10**6)) / 100
    bien.save()


def deshacer() -> None:
    with atomic(Cliente):
        ClienteFactory()
        raise Undone


def deshacer_otra() -> None:
    poliza = some(Poliza, estado="cotizada")
    with atomic(Poliza):
        de_polizas.emitir(poliza.pk, dia=HOY)
        raise Undone


def emitir() -> None:
    de_polizas.emitir(some(Poliza, estado="cotizada").pk, dia=HOY)


def cobrar() -> None:
    recibo = some(Recibo, estado="pendiente")
    de_polizas.cobrar(recibo.pk, metodo="efectivo", fecha=AHORA, monto=Decimal("1.00"))


def pagar() -> None:
    reclamo = some(Reclamo, estado="aprobado")
    de_siniestros.pagar(reclamo.pk, monto=Decimal("5.00"), metodo="cheque")


def reclamar() -> None:
    ReclamoFactory(poliza=some(Poliza, estado="vigente"))


def cotizar() -> None:
    PolizaFactory(cliente=some(Cliente), producto=some(Producto), agente=None)


WRITES: tuple[Callable[[], Any], ...] = (
    ClienteFactory,
    AgenteFactory,
    cotizar,
    cotizar,
    emitir,
    emitir,
    cobrar,
    reclamar,
    lambda: de_siniestros.revisar(some(Reclamo, estado="pendiente").pk),
    lambda: de_siniestros.aprobar(some(Reclamo, estado="en_revision").pk),
    pagar,
    pagar,
    lambda: BienFactory(cliente=some(Cliente)),
    lambda: some(Bien).delete(),
    lambda: PedidoFactory(cliente=some(Cliente)),
    lambda: de_pedidos.tomar(some(Pedido, estado="pendiente").pk, empleado=some(Empleado)),
    lambda: some(Cliente).delete(),
    renombrar,
    revaluar,
    revaluar,
    deshacer,
    deshacer_otra,
)
# What the house refuses is no failure: of many who try, few may.
REFUSALS = (LookupError, ValidationError, ProtectedError, Undone, OperationalError)


def write(seed: str, count: int, progress: Path) -> None:
    first = int(progress.read_text() or 0) if progress.exists() else 0
    if not Empleado.objects.exists():
        EmpleadoFactory()
    if not Producto.objects.exists():
        ProductoFactory()
    for number in range(first + 1, count + 1):
        progress.write_text(str(number))
        random.seed(f"{seed}:{number}")
        for factory in FACTORIES:
            factory.reset_sequence(number * 100)
        try:
            random.choice(WRITES)()
        except REFUSALS:
            continue


if __name__ == "__main__":
    write(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
