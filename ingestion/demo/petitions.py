"""What clientes ask for, and how far it has got."""

from datetime import datetime, timedelta

from bienes.documento import Documento
from especialidades.models import Ramo
from ingestion.demo.clients import Titular
from ingestion.demo.plan import dia_entre, momento, uno
from pedidos.esquemas import DE_UNA_POLIZA, Certificado, Endoso, TipoPedido
from pedidos.models import Pedido
from pedidos.reglas import EstadoPedido
from polizas.models import Poliza
from polizas.reglas import EstadoPoliza

FRECUENCIA = 0.13
PLAZO, DEMORA = timedelta(days=30), timedelta(days=6)
TIPOS = tuple(TipoPedido)
RAMOS = (
    (Ramo.AUTO, "Un auto del año"),
    (Ramo.HOGAR, "Un departamento de dos dormitorios"),
    (Ramo.SALUD, "Un plan para la familia"),
    (Ramo.VIAJE, "Un viaje de tres semanas"),
)
ENDOSOS = (
    (Endoso.SUMA_ASEGURADA, "Subir la suma asegurada un 10 %."),
    (Endoso.CORRECCION, "Corregir la dirección."),
    (Endoso.BENEFICIARIOS, "Cambiar los beneficiarios."),
)
DETALLES = (
    "Quiere que lo llamen por la tarde.",
    "Pide una copia de sus pólizas.",
    "Pregunta por el pago en cuotas.",
)
CERRADOS = (
    (EstadoPedido.TERMINADO, "Entregado por correo."),
    (EstadoPedido.TERMINADO, "Entregado en la oficina."),
    (EstadoPedido.TERMINADO, ""),
    (EstadoPedido.CANCELADO, "El cliente desistió."),
)


def pedir(titular: Titular, polizas: list[Poliza]) -> None:
    """Make, for some clientes, something they asked for."""
    chance = titular.chance
    if chance.random() >= FRECUENCIA:
        return
    emitidas = [poliza for poliza in polizas if poliza.estado != EstadoPoliza.COTIZADA]
    tipos = TIPOS if emitidas else tuple(tipo for tipo in TIPOS if tipo not in DE_UNA_POLIZA)
    tipo = uno(chance, tipos)
    poliza = emitidas[0] if tipo in DE_UNA_POLIZA else None
    desde = (poliza.creado if poliza else titular.registro).date()
    # Half of them are of these days, so that there is something to attend to.
    if chance.random() < 0.5:
        desde = max(desde, titular.plan.ayer - PLAZO)
    fecha = momento(chance, dia_entre(chance, desde, titular.plan.ayer))
    pedido = titular.batch.make(
        Pedido,
        fecha,
        cliente_id=titular.cliente.id,
        poliza_id=poliza.id if poliza else None,
        tipo=tipo,
        datos=_datos(titular, tipo),
        fecha=fecha,
    )
    _atender(titular, pedido)


def _atender(titular: Titular, pedido: Pedido) -> None:
    """Have somebody take it, and end it, as far as things have come; those of these days wait."""
    chance, change = titular.chance, titular.batch.change
    reciente = pedido.fecha.date() >= titular.plan.ayer - PLAZO and chance.random() < 0.8
    if reciente and chance.random() < 0.5:
        return
    change(
        pedido,
        _luego(titular, pedido.fecha),
        estado=EstadoPedido.EN_PROCESO,
        empleado_id=uno(chance, titular.batch.office.empleados),
    )
    if not reciente:
        estado, resultado = uno(chance, CERRADOS)
        fin = _luego(titular, pedido.stages[-1].moment)
        change(pedido, fin, estado=estado, resultado=resultado)


def _luego(titular: Titular, desde: datetime) -> datetime:
    """Return some moment of the days that follow."""
    hasta = min(desde.date() + DEMORA, titular.plan.ayer)
    return momento(titular.chance, dia_entre(titular.chance, desde.date(), hasta))


def _datos(titular: Titular, tipo: TipoPedido) -> Documento:
    chance = titular.chance
    if tipo == TipoPedido.COTIZACION:
        ramo, objeto = uno(chance, RAMOS)
        return {"ramo": str(ramo), "objeto": objeto}
    if tipo == TipoPedido.ENDOSO:
        cambio, detalle = uno(chance, ENDOSOS)
        return {"cambio": str(cambio), "detalle": detalle}
    if tipo == TipoPedido.CERTIFICADO:
        return {"certificado": str(uno(chance, tuple(Certificado)))}
    if tipo == TipoPedido.CAMBIO_DATOS:
        return {"email": f"nuevo{titular.number}@example.com"}
    return {"detalle": uno(chance, DETALLES)}
