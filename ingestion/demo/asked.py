"""Which demo somebody asks for, and what was said of it when it began."""

from dataclasses import asdict
from datetime import date

from django.utils.translation import gettext as _

from agentes.models import Agente
from core.models import Operacion, auditar
from ingestion.demo.office import codigo_de_agente
from ingestion.demo.plan import Plan

PRIMER_DIA = date(2000, 1, 1)
MAX_CLIENTES, MAX_SEED = 9_999_999, 99_999


class DemoRefused(Exception):
    """The demo was not written; says why in a sentence."""


class NothingMissing(DemoRefused):
    """All of the demo is there already."""


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


def begin(plan: Plan) -> None:
    """Write down that this demo is begun, unless it was before; raise DemoRefused if its codes are taken."""
    if _begun(plan.seed):
        return
    if Agente.objects.filter(codigo=codigo_de_agente(plan.seed, 0)).exists():
        raise DemoRefused(
            _("Ya hay filas con los códigos de la semilla %(seed)s: elija otra --seed.")
            % {"seed": plan.seed}
        )
    auditar("ingestion", "demo", **asdict(plan) | {"hoy": plan.hoy.isoformat()})


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


def miles(number: int) -> str:
    return f"{number:,}".replace(",", ".")
