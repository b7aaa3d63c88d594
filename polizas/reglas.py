"""What decides about pólizas, recibos and money: pure functions, free of clock and database."""

from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import count, islice, takewhile

from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

CENTAVO = Decimal("0.01")
CIEN = Decimal(100)
UN_DIA = timedelta(days=1)
MAXIMO_RECIBOS = 1200


class EstadoPoliza(TextChoices):
    COTIZADA = "cotizada", _("Cotizada")
    EMITIDA = "emitida", _("Emitida")
    VIGENTE = "vigente", _("Vigente")
    ANULADA = "anulada", _("Anulada")
    VENCIDA = "vencida", _("Vencida")
    RENOVADA = "renovada", _("Renovada")


class EstadoRecibo(TextChoices):
    PENDIENTE = "pendiente", _("Pendiente")
    COBRADO = "cobrado", _("Cobrado")
    ANULADO = "anulado", _("Anulado")


class FormaPago(TextChoices):
    ANUAL = "anual", _("Anual")
    SEMESTRAL = "semestral", _("Semestral")
    TRIMESTRAL = "trimestral", _("Trimestral")
    MENSUAL = "mensual", _("Mensual")
    UNICA = "unica", _("Única")


class MotivoAnulacion(TextChoices):
    SOLICITUD = "solicitud", _("Solicitud del cliente")
    IMPAGO = "impago", _("Impago")
    FALLECIMIENTO = "fallecimiento", _("Fallecimiento")
    VENTA = "venta", _("Venta del bien asegurado")
    PERDIDA_TOTAL = "perdida_total", _("Pérdida total del bien asegurado")
    CAMBIO_ASEGURADORA = "cambio_aseguradora", _("Cambio de aseguradora")
    DECLARACION_FALSA = "declaracion_falsa", _("Declaración falsa o reticencia")
    ERROR_EMISION = "error_emision", _("Error de emisión")
    OTRO = "otro", _("Otro")


# A renovada póliza still covers until its fin, so it may still be anulada; a cotizada one is deleted.
TRANSICIONES: dict[EstadoPoliza, frozenset[EstadoPoliza]] = {
    EstadoPoliza.COTIZADA: frozenset({EstadoPoliza.EMITIDA, EstadoPoliza.VIGENTE}),
    EstadoPoliza.EMITIDA: frozenset(
        {EstadoPoliza.VIGENTE, EstadoPoliza.VENCIDA, EstadoPoliza.ANULADA}
    ),
    EstadoPoliza.VIGENTE: frozenset(
        {EstadoPoliza.VENCIDA, EstadoPoliza.ANULADA, EstadoPoliza.RENOVADA}
    ),
    EstadoPoliza.VENCIDA: frozenset({EstadoPoliza.RENOVADA}),
    EstadoPoliza.RENOVADA: frozenset({EstadoPoliza.ANULADA}),
    EstadoPoliza.ANULADA: frozenset(),
}

MESES_ENTRE_RECIBOS = {
    FormaPago.ANUAL: 12,
    FormaPago.SEMESTRAL: 6,
    FormaPago.TRIMESTRAL: 3,
    FormaPago.MENSUAL: 1,
}


# States.


def puede_pasar(de: str, a: str) -> bool:
    """Whether a póliza in estado `de` may go to estado `a`."""
    return a in TRANSICIONES[EstadoPoliza(de)]


def exigir_paso(de: str, a: EstadoPoliza) -> None:
    """Raise ValidationError unless a póliza in estado `de` may go to estado `a`."""
    if not puede_pasar(de, a):
        raise ValidationError(
            _("Una póliza %(de)s no puede pasar a %(a)s."),
            code="transicion",
            params={"de": EstadoPoliza(de).label.lower(), "a": a.label.lower()},
        )


def estado_en(estado: str, inicio: date, fin: date, dia: date) -> EstadoPoliza:
    """Return the estado that the day alone gives: an emitida one starts, a vigente one ends."""
    actual = EstadoPoliza(estado)
    if actual not in (EstadoPoliza.EMITIDA, EstadoPoliza.VIGENTE):
        return actual
    if dia > fin:
        return EstadoPoliza.VENCIDA
    return EstadoPoliza.VIGENTE if dia >= inicio else actual


def cubre(estado: str, inicio: date, fin: date, anulada_el: date | None, dia: date) -> bool:
    """Whether the póliza covers what happens on `dia`: an anulada one, only before `anulada_el`."""
    if estado == EstadoPoliza.COTIZADA or not inicio <= dia <= fin:
        return False
    return estado != EstadoPoliza.ANULADA or (anulada_el is not None and dia < anulada_el)


# Days.


def sumar_meses(dia: date, meses: int) -> date:
    """Return the same day `meses` later, or the last of a shorter month; never past year 9999."""
    anios, mes = divmod(dia.month - 1 + meses, 12)
    if dia.year + anios > date.max.year:
        return date.max
    ultimo = monthrange(dia.year + anios, mes + 1)[1]
    return date(dia.year + anios, mes + 1, min(dia.day, ultimo))


def meses_enteros(inicio: date, fin: date) -> int | None:
    """Return how many whole months the vigencia lasts, or None when it lasts none exactly.

    `fin` counts, so a year ends the day before its anniversary; many write the anniversary itself.
    """
    cerca = (fin.year - inicio.year) * 12 + fin.month - inicio.month
    for meses in (cerca, cerca + 1):
        if meses > 0 and sumar_meses(inicio, meses) in (fin, fin + UN_DIA):
            return meses
    return None


def vigencia_siguiente(inicio: date, fin: date) -> tuple[date, date]:
    """Return the vigencia that follows without a gap and lasts as long, in months if it did."""
    try:
        desde = fin + UN_DIA
        if meses := meses_enteros(inicio, fin):
            return desde, sumar_meses(desde, meses) - UN_DIA
        return desde, desde + (fin - inicio)
    except OverflowError:
        raise ValidationError(_("La vigencia siguiente no cabe en el calendario.")) from None


def vencimientos(inicio: date, fin: date, forma_pago: str) -> Iterator[date]:
    """Yield the day on which each recibo falls due: the first, and each period begun before `fin`."""
    yield inicio
    if paso := MESES_ENTRE_RECIBOS.get(FormaPago(forma_pago)):
        siguientes = (sumar_meses(inicio, paso * vez) for vez in count(1))
        yield from takewhile(lambda dia: dia < fin, siguientes)


# Money.


def total(prima_neta: Decimal, impuestos: Decimal, recargos: Decimal) -> Decimal:
    """Return the prima: what the cliente pays in all."""
    return prima_neta + impuestos + recargos


def ajustar(importe: Decimal, porcentaje: Decimal) -> Decimal:
    """Return `importe` raised by `porcentaje`, to the cent."""
    return (importe * (CIEN + porcentaje) / CIEN).quantize(CENTAVO, ROUND_HALF_UP)


def repartir(importe: Decimal, partes: int) -> list[Decimal]:
    """Split `importe` into `partes` that add up to it and differ by a cent at most, larger first."""
    centavos, resto = divmod(int(importe / CENTAVO), partes)
    return [CENTAVO * (centavos + (parte < resto)) for parte in range(partes)]


def suman_cien(porcentajes: Iterable[Decimal]) -> bool:
    """Whether the shares of the beneficiarios are whole: 100 %, or nobody designated.

    Nobody is a choice, in a seguro de vida too: the law names the heirs.
    """
    partes = list(porcentajes)
    return not partes or sum(partes) == CIEN


def exigir_cien(porcentajes: Iterable[Decimal]) -> None:
    partes = list(porcentajes)
    if not suman_cien(partes):
        raise ValidationError(
            _("Los porcentajes de los beneficiarios suman %(suma)s %%: deben sumar 100 %%."),
            code="beneficiarios",
            params={"suma": sum(partes)},
        )


# Recibos.


@dataclass(frozen=True)
class Cuota:
    """One recibo to be made."""

    numero: int
    vencimiento: date
    importe: Decimal


def plan_de_recibos(prima: Decimal, inicio: date, fin: date, forma_pago: str) -> list[Cuota]:
    """Return the recibos of a póliza: they add up to its prima to the cent, and none is of nothing."""
    dias = list(islice(vencimientos(inicio, fin, forma_pago), MAXIMO_RECIBOS + 1))
    if len(dias) > MAXIMO_RECIBOS:
        raise ValidationError(
            _("Con esta vigencia y forma de pago saldrían más de %(maximo)s recibos."),
            code="recibos",
            params={"maximo": MAXIMO_RECIBOS},
        )
    partes = zip(dias, repartir(prima, len(dias)), strict=True)
    return [Cuota(n, dia, importe) for n, (dia, importe) in enumerate(partes, 1) if importe]


def estado_tras_cobro(
    estado: str, importe: Decimal, cobrado: Decimal, monto: Decimal
) -> EstadoRecibo:
    """Return the estado of a recibo once `monto` is collected, or raise ValidationError."""
    if estado == EstadoRecibo.ANULADO:
        raise ValidationError(_("El recibo está anulado: no se cobra."), code="anulado")
    if estado == EstadoRecibo.COBRADO:
        raise ValidationError(_("El recibo ya está cobrado."), code="cobrado")
    if monto <= 0:
        raise ValidationError({"monto": _("El monto debe ser mayor que cero.")})
    saldo = importe - cobrado
    if monto > saldo:
        raise ValidationError(
            {"monto": _("El monto pasa del saldo del recibo, %(saldo)s.") % {"saldo": saldo}}
        )
    return EstadoRecibo.COBRADO if monto == saldo else EstadoRecibo.PENDIENTE
