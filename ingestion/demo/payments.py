"""What clientes pay: the recibos of a póliza, and the cobros of those that were paid."""

from datetime import date, timedelta
from decimal import Decimal

from ingestion.demo.clients import Titular
from ingestion.demo.plan import momento, uno
from polizas import reglas
from polizas.models import Cobro, MetodoPago, Poliza, Recibo
from polizas.reglas import CENTAVO, Cuota, EstadoPoliza, EstadoRecibo, MotivoAnulacion

METODOS = (
    MetodoPago.DOMICILIACION,
    MetodoPago.DOMICILIACION,
    MetodoPago.TRANSFERENCIA,
    MetodoPago.TRANSFERENCIA,
    MetodoPago.TARJETA,
    MetodoPago.EFECTIVO,
    MetodoPago.CHEQUE,
)
# How many stop paying at a recibo of a póliza that lives, and of one that has ended.
MOROSOS, MOROSOS_ANTIGUOS = 0.05, 0.015


def emitir_recibos(titular: Titular, poliza: Poliza) -> None:
    """Make the recibos that an issued póliza has, and the cobros of those that were paid."""
    if poliza.estado == EstadoPoliza.COTIZADA:
        return
    plan = reglas.plan_de_recibos(poliza.prima, poliza.inicio, poliza.fin, poliza.forma_pago)
    for cuota, pagada in zip(plan, _pagadas(titular, poliza, plan), strict=True):
        recibo = titular.batch.make(
            Recibo,
            poliza.creado,
            poliza_id=poliza.id,
            numero=cuota.numero,
            vencimiento=cuota.vencimiento,
            importe=cuota.importe,
        )
        if pagada:
            _cobrar(titular, recibo)
        elif poliza.estado == EstadoPoliza.ANULADA:
            anulacion = poliza.stages[-1].moment
            titular.batch.change(recibo, anulacion, estado=EstadoRecibo.ANULADO)
        elif cuota.vencimiento < titular.plan.ayer:
            _cobrar_una_parte(titular, recibo)


def _pagadas(titular: Titular, poliza: Poliza, plan: list[Cuota]) -> list[bool]:
    """Tell of each recibo whether it was paid: those that fell due, until somebody stopped."""
    hasta = min(filter(None, (poliza.anulada_el, titular.plan.ayer)))
    vencidas = sum(cuota.vencimiento < hasta for cuota in plan)
    if poliza.motivo_anulacion == MotivoAnulacion.IMPAGO:
        vencidas -= 1
    vivas = (EstadoPoliza.VIGENTE, EstadoPoliza.EMITIDA)
    morosos = MOROSOS if poliza.estado in vivas else MOROSOS_ANTIGUOS
    for posicion in range(vencidas):
        if titular.chance.random() < morosos:
            vencidas = posicion
            break
    return [posicion < vencidas for posicion in range(len(plan))]


def _cobrar(titular: Titular, recibo: Recibo) -> None:
    if titular.chance.random() < 0.02 and recibo.importe > 1:
        partes = reglas.repartir(recibo.importe, 2)
    else:
        partes = [recibo.importe]
    *primeras, ultima = sorted(_cobro(titular, recibo, parte).fecha for parte in partes)
    for fecha in primeras:
        titular.batch.change(recibo, fecha)  # a part changes nothing of it but its version
    titular.batch.change(recibo, ultima, estado=EstadoRecibo.COBRADO)


def _cobrar_una_parte(titular: Titular, recibo: Recibo) -> None:
    if titular.chance.random() < 0.2:
        cobro = _cobro(titular, recibo, (recibo.importe / 3).quantize(CENTAVO))
        titular.batch.change(recibo, cobro.fecha)


def _cobro(titular: Titular, recibo: Recibo, monto: Decimal) -> Cobro:
    chance = titular.chance
    fecha = max(momento(chance, _dia_de_cobro(titular, recibo)), recibo.creado)
    metodo = uno(chance, METODOS)
    return titular.batch.make(
        Cobro,
        fecha,
        recibo_id=recibo.id,
        monto=monto,
        metodo=metodo,
        fecha=fecha,
        referencia="" if metodo == MetodoPago.EFECTIVO else f"OP{int(chance.random() * 10**8):08}",
    )


def _dia_de_cobro(titular: Titular, recibo: Recibo) -> date:
    """Return a day around the vencimiento, once the recibo was there."""
    dia = recibo.vencimiento + timedelta(days=int(titular.chance.random() * 16) - 4)
    return min(max(dia, recibo.creado.date()), titular.plan.ayer)
