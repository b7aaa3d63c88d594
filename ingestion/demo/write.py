"""From memory to the stores, a batch at a time, so that an interrupted demo goes on where it stopped."""

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from functools import partial
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from agentes.models import Agente, Comision
from bienes.models import Bien
from clientes.models import (
    Beneficiario,
    Cliente,
    Consentimiento,
    Contacto,
    Direccion,
    ServicioContratado,
    Usuario,
)
from core.entities import Entity
from core.models import Operacion, auditar
from core.references import KEYS_A_QUERY, batched
from core.stores import atomic
from empleados.models import Empleado
from especialidades.models import Especialidad
from ingestion.demo.batch import Batch
from ingestion.demo.catalogue import Catalogue, catalogue, unique_names
from ingestion.demo.clients import mark
from ingestion.demo.office import codigo_de_agente
from ingestion.demo.plan import Plan
from ingestion.demo.portfolio import build
from pedidos.models import Pedido
from polizas.models import (
    BeneficiarioPoliza,
    Cobertura,
    Cobro,
    Poliza,
    Producto,
    Recibo,
)
from siniestros.models import Pago, Reclamo

# Each model after those that it refers to. The first tells a batch that was begun, the last one that is whole.
ORDER: tuple[type[Entity], ...] = (
    Agente,
    Comision,
    Usuario,
    Cliente,
    Contacto,
    Direccion,
    Beneficiario,
    ServicioContratado,
    Empleado,
    Poliza,
    Cobertura,
    BeneficiarioPoliza,
    Recibo,
    Cobro,
    Bien,
    Reclamo,
    Pago,
    Pedido,
    Consentimiento,
)

PRIMER_DIA = date(2000, 1, 1)
MAX_CLIENTES, MAX_SEED = 9_999_999, 99_999


class DemoRefused(Exception):
    """The demo was not written; says why in a sentence."""


class Written(NamedTuple):
    """How far a demo has come: clientes that are there, and how many of them were already."""

    clientes: int
    antes: int


def plan_for(clientes: int, seed: int, hoy: date | None, *, today: date) -> Plan:
    """Return the demo that was asked for, or raise DemoRefused.

    Without `hoy` it is the day of the demo that was begun with this seed, or `today`.
    """
    if not 1 <= clientes <= MAX_CLIENTES:
        raise DemoRefused(
            _("--clientes va de 1 a %(most)s: no %(given)s.")
            % {"most": miles(MAX_CLIENTES), "given": miles(clientes)}
        )
    if not 0 <= seed <= MAX_SEED:
        raise DemoRefused(
            _("--seed va de 0 a %(most)s: no %(given)s.")
            % {"most": miles(MAX_SEED), "given": miles(seed)}
        )
    begun = _begun(seed)
    if begun is None:
        plan = Plan(clientes, seed, hoy or today)
        _refuse_bad_day(plan.hoy, today)
    elif (begun.clientes, begun.hoy) == (clientes, hoy or begun.hoy):
        plan = begun
    else:
        raise DemoRefused(
            _(
                "Con la semilla %(seed)s ya hay una demostración de %(clientes)s clientes al %(hoy)s: "
                "siga esa misma (--clientes %(number)s --hoy %(hoy)s) o elija otra --seed."
            )
            % {
                "seed": seed,
                "clientes": miles(begun.clientes),
                "number": begun.clientes,
                "hoy": begun.hoy,
            }
        )
    return plan


def write_demo(plan: Plan) -> Iterator[Written]:
    """Write what is missing of a demo; yields after each batch how far it has come.

    Raises DemoRefused if nothing is.
    """
    waiting = [number for number in range(plan.batches) if not _is_whole(plan, number)]
    if not waiting:
        raise DemoRefused(
            _("Los %(clientes)s clientes de esta demostración ya están: no se escribe nada.")
            % {"clientes": miles(plan.clientes)}
        )
    _begin(plan)
    sold = _write_catalogue()
    antes = done = plan.clientes - sum(len(plan.numbers(number)) for number in waiting)
    with uncollected() as collect:
        for number in waiting:
            _write(build(plan, sold, number))
            collect()
            done += len(plan.numbers(number))
            yield Written(done, antes)


@contextmanager
def uncollected() -> Iterator[Callable[[], object]]:
    """Look for cyclic garbage only when told to: doing so amid a batch takes a quarter of its time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield partial(gc.collect, 0)
    finally:
        if enabled:
            gc.enable()


def miles(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def _refuse_bad_day(hoy: date, today: date) -> None:
    if not PRIMER_DIA <= hoy <= today:
        raise DemoRefused(
            _("--hoy va de %(first)s a %(today)s: no puede ser %(hoy)s.")
            % {"first": PRIMER_DIA, "today": today, "hoy": hoy}
        )


def _begun(seed: int) -> Plan | None:
    """Return the demo that was begun with this seed, if any."""
    told = Operacion.objects.filter(servicio="ingestion", operacion="demo", detalle__seed=seed)
    first = told.order_by("momento").first()
    if first is None:
        return None
    return Plan(
        first.detalle["clientes"], first.detalle["seed"], date.fromisoformat(first.detalle["hoy"])
    )


def _begin(plan: Plan) -> None:
    if _begun(plan.seed):
        return
    if Agente.objects.filter(codigo=codigo_de_agente(plan.seed, 0)).exists():
        raise DemoRefused(
            _("Ya hay filas con los códigos de la semilla %(seed)s: elija otra --seed.")
            % {"seed": plan.seed}
        )
    auditar("ingestion", "demo", **asdict(plan) | {"hoy": plan.hoy.isoformat()})


def _is_whole(plan: Plan, number: int) -> bool:
    """Whether the batch was written to its end: its last rows came in one transaction."""
    keys = [plan.key(mark(one), plan.registro(one)) for one in plan.numbers(number)]
    return bool(_there(Consentimiento, keys))


def _there(model: type[Entity], keys: Sequence[Any]) -> set[Any]:
    found: set[Any] = set()
    for some in batched(keys, KEYS_A_QUERY):
        found.update(model._base_manager.filter(pk__in=some).values_list("pk", flat=True))
    return found


def _write_catalogue() -> Catalogue:
    """Write what is not there yet of the catalogue, and return it."""
    known = {
        (model, unique): key
        for model, name, values in unique_names()
        for key, unique in model._base_manager.filter(**{f"{name}__in": values}).values_list(
            "pk", name
        )
    }
    sold = catalogue(known)
    # Together, so that a producto is never without what it covers.
    with atomic(Producto):
        for model, rows in sold.nuevas.items():
            model.objects.bulk_create(rows)
    return sold


def _write(batch: Batch) -> None:
    begun = _there(ORDER[0], [row.pk for row in batch.rows[ORDER[0]]])
    for model in ORDER:
        rows = batch.rows[model]
        if begun:
            there = _there(model, [row.pk for row in rows])
            rows = [row for row in rows if row.pk not in there]
        if rows:
            WRITERS.get(model, _create)(batch, rows)


def _create(batch: Batch, rows: list[Any]) -> None:
    type(rows[0]).objects.bulk_create(rows)


def _create_agentes(batch: Batch, rows: list[Agente]) -> None:
    with atomic(Agente):
        Agente.objects.bulk_create(rows)
        for agente in rows:
            if otra := batch.office.otras.get(agente.pk):
                agente.otras_especialidades.add(Especialidad(id=otra))


WRITERS: dict[type[Entity], Callable[[Batch, list[Any]], None]] = {Agente: _create_agentes}
