"""From memory to the stores, a batch at a time, so that an interrupted demo goes on where it stopped."""

import gc
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, NamedTuple

from django.db import reset_queries
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
from core.bulk import Stage
from core.entities import Entity
from core.leases import LeaseLost, LeaseTaken, lease
from core.references import KEYS_A_QUERY, batched
from core.stores import atomic
from empleados.models import Empleado
from ingestion.demo.asked import DemoRefused, NothingMissing, begin, miles
from ingestion.demo.batch import Batch
from ingestion.demo.catalogue import Catalogue, catalogue, unique_names
from ingestion.demo.clients import mark
from ingestion.demo.plan import MOTIVO, Plan
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

PATIENCE = timedelta(minutes=3)  # how long a process may stand still before another takes over


class Written(NamedTuple):
    """How far a demo has come: clientes that are there, how many of them were already, rows written now."""

    clientes: int
    antes: int
    filas: int


def write_demo(plan: Plan) -> Generator[Written]:
    """Write what is missing of a demo; yields after each batch how far it has come.

    Closed between two of them, it leaves whole batches. Raises NothingMissing if nothing is, and
    DemoRefused if another process is writing one.
    """
    try:
        with lease("demo", duration=PATIENCE) as renew:
            yield from _write_missing(plan, renew)
    except (LeaseTaken, LeaseLost):
        raise DemoRefused(
            _(
                "Otro proceso está escribiendo una demostración: repita la orden cuando acabe, o dentro "
                "de %(minutes)s minutos si quedó a medias."
            )
            % {"minutes": PATIENCE // timedelta(minutes=1)}
        ) from None


def _write_missing(plan: Plan, renew: Callable[[], None]) -> Iterator[Written]:
    waiting = [number for number in range(plan.batches) if not _is_whole(plan, number)]
    if not waiting:
        raise NothingMissing(
            _("Los %(clientes)s clientes de esta demostración ya están: no se escribe nada.")
            % {"clientes": miles(plan.clientes)}
        )
    begin(plan)
    sold = _write_catalogue(plan)
    antes = done = plan.clientes - sum(len(plan.numbers(number)) for number in waiting)
    filas = 0
    with uncollected() as collect:
        for number in waiting:
            filas += _write(build(plan, sold, number))
            collect()
            reset_queries()  # DEBUG keeps what every query said
            renew()
            done += len(plan.numbers(number))
            yield Written(done, antes, filas)


@contextmanager
def uncollected() -> Iterator[Callable[[], object]]:
    """Look for cyclic garbage only when told to, and only among what is made from here on.

    Doing so amid a batch takes a quarter of its time.
    """
    enabled = gc.isenabled()
    gc.disable()
    gc.freeze()
    try:
        yield gc.collect
    finally:
        gc.unfreeze()
        if enabled:
            gc.enable()


def _is_whole(plan: Plan, number: int) -> bool:
    """Whether the batch was written to its end: its last rows came in one transaction."""
    keys = [plan.key(mark(one), plan.registro(one)) for one in plan.numbers(number)]
    return bool(_there(Consentimiento, keys))


def _there(model: type[Entity], keys: Sequence[Any]) -> set[Any]:
    found: set[Any] = set()
    for some in batched(keys, KEYS_A_QUERY):
        found.update(model._base_manager.filter(pk__in=some).values_list("pk", flat=True))
    return found


def _write_catalogue(plan: Plan) -> Catalogue:
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
            for row in rows:
                # By this demo's key: another may write the row again, once somebody has deleted it.
                row.stages = [Stage(plan.key(f"{row.pk}:1", row.creado), row.creado, {})]
                row._change_reason = MOTIVO  # type: ignore[attr-defined]
            model.objects.bulk_create(rows)
    return sold


def _write(batch: Batch) -> int:
    """Write what is not there yet of a batch; return how many rows."""
    written = 0
    begun = _there(ORDER[0], [row.pk for row in batch.rows[ORDER[0]]])
    for model in ORDER:
        rows = batch.rows[model]
        if begun:
            there = _there(model, [row.pk for row in rows])
            rows = [row for row in rows if row.pk not in there]
        if rows:
            WRITERS.get(model, _create)(batch, rows)
        written += len(rows)
    return written


def _create(batch: Batch, rows: list[Any]) -> None:
    type(rows[0]).objects.bulk_create(rows)


def _create_agentes(batch: Batch, rows: list[Agente]) -> None:
    with atomic(Agente):
        Agente.objects.bulk_create(rows)
        also = Agente.otras_especialidades.through
        also.objects.bulk_create(
            also(agente_id=agente.pk, especialidad_id=otra)
            for agente in rows
            if (otra := batch.office.otras.get(agente.pk))
        )
        _tell_otras(batch.plan, also.objects.filter(agente__in=rows), rows)


def _tell_otras(plan: Plan, links: Iterable[Any], rows: list[Agente]) -> None:
    """Say in each history row of an agente which other especialidades they had."""
    stages = {agente.pk: agente.stages for agente in rows}
    told = Agente.history.model.otras_especialidades.model
    told._base_manager.bulk_create(
        told(
            m2m_history_id=plan.key(f"{key}:otra", moment),
            history_id=key,
            id=link.pk,
            agente_id=link.agente_id,
            especialidad_id=link.especialidad_id,
        )
        for link in links
        for key, moment, _was in stages[link.agente_id]
    )


WRITERS: dict[type[Entity], Callable[[Batch, list[Any]], None]] = {Agente: _create_agentes}
