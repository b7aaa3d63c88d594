"""What pólizas and their accounts show in the page of a cliente, the search and the home."""

from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from core.overview import Figure, Finder, Section, Total
from polizas.models.poliza import PAPELES, en_vigor
from polizas.models.recibos import PENDIENTE, impago
from polizas.reglas import EstadoPoliza

MES, SEMANA = timedelta(30), timedelta(7)
PRODUCCION, COBRANZA = _("Producción"), _("Cobranza")


def _con_saldo(recibos: QuerySet[Any]) -> QuerySet[Any]:
    return recibos.con_saldo()  # type: ignore[attr-defined, no-any-return]


def _emitida(dia: date) -> Q:
    return ~Q(estado=EstadoPoliza.COTIZADA)


def _pendiente(dia: date) -> Q:
    return PENDIENTE


def _de_la_poliza(hasta: str) -> tuple[str, ...]:
    return tuple(f"{hasta}__{papel}" for papel in PAPELES)


SECTIONS = [
    Section(
        "polizas.Poliza",
        of=PAPELES,
        columns=("numero", "producto_nombre", "vigencia", "prima_con_moneda", "estado_color"),
        newest=("-inicio", "-id"),
        related=("producto",),
        totals=(
            Total(
                "vigentes",
                en_vigor,
                label=_("Pólizas vigentes"),
                amount="prima",
                amount_label=_("de prima"),
                query="vigencia=hoy",
            ),
            Total("emitidas", _emitida, amount="prima"),
        ),
        currency="moneda",
        add="cliente",
        add_label=_("Cotizar"),
        order=10,
    ),
    Section("polizas.Cobertura", of=_de_la_poliza("poliza")),
    Section("polizas.BeneficiarioPoliza", of=_de_la_poliza("poliza")),
    Section(
        "polizas.Recibo",
        of=_de_la_poliza("poliza"),
        columns=("recibo", "vencimiento", "importe_con_moneda", "cobrado", "estado_color"),
        newest=("-vencimiento", "-id"),
        related=("poliza",),
        totals=(
            Total(
                "pendientes",
                _pendiente,
                label=_("Recibos pendientes"),
                amount="saldo",
                query="estado__exact=pendiente",
            ),
            Total(
                "impagos",
                impago,
                label=_("Recibos vencidos"),
                amount="saldo",
                query="vence=impagos",
                tone="danger",
            ),
        ),
        currency="poliza__moneda",
        prepare=_con_saldo,
        order=20,
    ),
    Section(
        "polizas.Cobro",
        of=_de_la_poliza("recibo__poliza"),
        columns=("recibo", "fecha", "monto_con_moneda", "metodo"),
        newest=("-fecha", "-id"),
        related=("recibo__poliza",),
        order=30,
    ),
]

FINDERS = [
    Finder(
        "polizas.Poliza",
        icon="verified_user",
        order=20,
        exact=("numero",),
        detail=("producto_nombre", "vigencia", "estado_color"),
        related=("producto",),
    ),
]

FIGURES = [
    Figure(
        PRODUCCION,
        _("Cotizaciones por emitir"),
        "polizas.Poliza",
        rows=lambda polizas, hoy: polizas.cotizadas(),
        query="estado__exact=cotizada",
        icon="request_quote",
        order=10,
    ),
    Figure(
        PRODUCCION,
        _("Pólizas que cubren hoy"),
        "polizas.Poliza",
        rows=lambda polizas, hoy: polizas.vigentes(hoy),
        query="vigencia=hoy",
        icon="verified_user",
        order=11,
    ),
    Figure(
        PRODUCCION,
        _("Vencen en 30 días"),
        "polizas.Poliza",
        rows=lambda polizas, hoy: polizas.vencen_entre(hoy, hoy + MES),
        query="vigencia=30",
        icon="event_upcoming",
        tone="warning",
        order=12,
    ),
    Figure(
        COBRANZA,
        _("Recibos vencidos"),
        "polizas.Recibo",
        rows=lambda recibos, hoy: recibos.impagos(hoy),
        query="vence=impagos",
        icon="receipt_long",
        amount="saldo",
        currency="poliza__moneda",
        prepare=_con_saldo,
        tone="danger",
        order=20,
    ),
    Figure(
        COBRANZA,
        _("Recibos que vencen hoy"),
        "polizas.Recibo",
        rows=lambda recibos, hoy: recibos.vencen_entre(hoy, hoy),
        query="vence=hoy",
        icon="today",
        amount="saldo",
        currency="poliza__moneda",
        prepare=_con_saldo,
        order=21,
    ),
    Figure(
        COBRANZA,
        _("Recibos que vencen en 7 días"),
        "polizas.Recibo",
        rows=lambda recibos, hoy: recibos.vencen_entre(hoy, hoy + SEMANA),
        query="vence=7",
        icon="date_range",
        amount="saldo",
        currency="poliza__moneda",
        prepare=_con_saldo,
        order=22,
    ),
    Figure(
        COBRANZA,
        _("Cobros de hoy"),
        "polizas.Cobro",
        rows=lambda cobros, hoy: cobros.del_dia(hoy),
        query="dia=hoy",
        icon="payments",
        amount="monto",
        currency="recibo__poliza__moneda",
        order=23,
    ),
]
