"""What reclamos and pagos show in the page of a cliente, the search and the home."""

from datetime import date

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.overview import Figure, Finder, Ratio, Section, Total
from polizas.models.poliza import PAPELES
from siniestros.reglas import ABIERTOS, EstadoReclamo

SINIESTROS = _("Siniestros")


def _abierto(dia: date) -> Q:
    return Q(estado__in=ABIERTOS)


def _cualquiera(dia: date) -> Q:
    return Q(estado__in=EstadoReclamo.values)


SECTIONS = [
    Section(
        "siniestros.Reclamo",
        of=tuple(f"poliza__{papel}" for papel in PAPELES),
        columns=("numero", "causa", "fecha_reclamo", "monto", "pagado", "en_estado"),
        newest=("-fecha_reclamo", "-id"),
        related=("poliza",),
        totals=(
            Total(
                "abiertos",
                _abierto,
                label=_("Reclamos abiertos"),
                amount="monto",
                amount_label=_("reclamado"),
                query="tramite=abiertos",
                tone="warning",
            ),
            Total("incurrido", _cualquiera, amount="reserva"),
        ),
        currency="poliza__moneda",
        add_label=_("Declarar reclamo"),
        order=40,
    ),
    Section(
        "siniestros.Pago",
        of=tuple(f"reclamo__poliza__{papel}" for papel in PAPELES),
        columns=("reclamo", "fecha", "monto", "metodo", "beneficiario"),
        newest=("-fecha", "-id"),
        related=("reclamo",),
        order=45,
    ),
]

RATIOS = [
    Ratio(
        _("Siniestralidad"),
        part="siniestros.Reclamo.incurrido",
        whole="polizas.Poliza.emitidas",
        hint=_("pagado y reservado sobre la prima emitida"),
    )
]

FINDERS = [
    Finder(
        "siniestros.Reclamo",
        icon="car_crash",
        order=40,
        exact=("numero",),
        detail=("poliza", "causa", "fecha_reclamo", "en_estado"),
        related=("poliza",),
    ),
]

FIGURES = [
    Figure(
        SINIESTROS,
        _("Reclamos por decidir"),
        "siniestros.Reclamo",
        rows=lambda reclamos, hoy: reclamos.abiertos(),
        query="tramite=abiertos",
        icon="car_crash",
        tone="warning",
        order=30,
    ),
    Figure(
        SINIESTROS,
        _("Reclamos en revisión"),
        "siniestros.Reclamo",
        rows=lambda reclamos, hoy: reclamos.en_revision(),
        query="estado__exact=en_revision",
        icon="troubleshoot",
        order=31,
    ),
    Figure(
        SINIESTROS,
        _("Reclamos por pagar"),
        "siniestros.Reclamo",
        rows=lambda reclamos, hoy: reclamos.por_pagar(),
        query="tramite=por_pagar",
        icon="account_balance_wallet",
        order=32,
    ),
    Figure(
        SINIESTROS,
        _("Pagos de hoy"),
        "siniestros.Pago",
        rows=lambda pagos, hoy: pagos.del_dia(hoy),
        query="dia=hoy",
        icon="price_check",
        amount="monto",
        currency="reclamo__poliza__moneda",
        order=33,
    ),
]
