"""Reads that no single row answers."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import DecimalField, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.entities import Entity
from polizas.models import BeneficiarioPoliza, Poliza, Recibo
from polizas.reglas import CENTAVO, EstadoPoliza, EstadoRecibo

CERO = Decimal("0.00")
DINERO: "DecimalField[Decimal, Decimal]" = DecimalField(max_digits=14, decimal_places=2)
# Between a cent and nothing: some engines add decimals as floating point.
MEDIO = CENTAVO / 2


@dataclass(frozen=True)
class Descuadre:
    """A row whose parts do not add up."""

    fila: Entity
    motivo: str | Promise


def descuadres() -> Iterator[Descuadre]:
    """Yield every broken sum over several rows, which no constraint of one row sees."""
    for filas, motivo in (
        (_recibos_que_no_suman(), _("Los recibos no suman la prima.")),
        (_beneficiarios_que_no_suman(), _("Los beneficiarios no suman 100 %.")),
        (_anuladas_por_cobrar(), _("Está anulada y tiene recibos pendientes.")),
        (_cobrados_de_mas(), _("Los cobros pasan del importe.")),
        (_cobrados_a_medias(), _("Consta cobrado y los cobros no suman el importe.")),
        (_pendientes_ya_pagados(), _("Consta pendiente y los cobros suman el importe.")),
    ):
        for fila in filas.iterator():
            yield Descuadre(fila, motivo)


def _recibos_que_no_suman() -> QuerySet[Poliza]:
    suma = _suma(Recibo.objects.filter(poliza=OuterRef("pk")), "poliza", "importe")
    return (
        Poliza.objects.exclude(estado=EstadoPoliza.COTIZADA)
        .annotate(diferencia=F("prima") - suma)
        .filter(~_cero("diferencia"))
    )


def _beneficiarios_que_no_suman() -> QuerySet[Poliza]:
    suma = _suma(BeneficiarioPoliza.objects.filter(poliza=OuterRef("pk")), "poliza", "porcentaje")
    return (
        Poliza.objects.exclude(estado=EstadoPoliza.COTIZADA)
        .annotate(designado=suma)
        .filter(designado__gt=0)
        .exclude(designado__gt=100 - MEDIO, designado__lt=100 + MEDIO)
    )


def _anuladas_por_cobrar() -> QuerySet[Poliza]:
    pendientes = Recibo.objects.pendientes().values("poliza")
    return Poliza.objects.filter(estado=EstadoPoliza.ANULADA, pk__in=pendientes)


def _cobrados_de_mas() -> QuerySet[Recibo]:
    return _con_saldo().filter(saldo__lt=-MEDIO)


def _cobrados_a_medias() -> QuerySet[Recibo]:
    return _con_saldo().filter(estado=EstadoRecibo.COBRADO, saldo__gt=MEDIO)


def _pendientes_ya_pagados() -> QuerySet[Recibo]:
    return _con_saldo().filter(_cero("saldo"), estado=EstadoRecibo.PENDIENTE)


def _con_saldo() -> QuerySet[Any]:
    return Recibo.objects.con_saldo()


def _cero(campo: str) -> Q:
    return Q(**{f"{campo}__gt": -MEDIO, f"{campo}__lt": MEDIO})


def _suma(filas: QuerySet[Entity], por: str, campo: str) -> Coalesce:
    sumas = filas.order_by().values(por).annotate(suma=Sum(campo)).values("suma")
    return Coalesce(Subquery(sumas), CERO, output_field=DINERO)
