"""What clientes ask for, and how far it has got."""

from datetime import timedelta
from uuid import UUID

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
PLAZO = timedelta(days=30)
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
    estado, resultado = _estado(titular, abierto=fecha.date() >= titular.plan.ayer - PLAZO)
    titular.batch.make(
        Pedido,
        fecha,
        cliente_id=titular.cliente.id,
        poliza_id=poliza.id if poliza else None,
        tipo=tipo,
        datos=_datos(titular, tipo),
        empleado_id=_empleado(titular, estado),
        estado=estado,
        fecha=fecha,
        resultado=resultado,
    )


def _estado(titular: Titular, *, abierto: bool) -> tuple[EstadoPedido, str]:
    if abierto and titular.chance.random() < 0.8:
        return uno(titular.chance, (EstadoPedido.PENDIENTE, EstadoPedido.EN_PROCESO)), ""
    return uno(titular.chance, CERRADOS)


def _empleado(titular: Titular, estado: EstadoPedido) -> UUID | None:
    """Nobody has taken a pendiente pedido."""
    return (
        None
        if estado == EstadoPedido.PENDIENTE
        else uno(titular.chance, titular.batch.office.empleados)
    )


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
