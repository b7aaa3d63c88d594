"""What clientes contract: pólizas, one after another, with all that hangs from them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID

from bienes.models import Bien
from especialidades.models import Ramo
from ingestion.demo.catalogue import OFERTAS, Oferta
from ingestion.demo.claims import reclamar
from ingestion.demo.clients import Titular, consentir_salud
from ingestion.demo.goods import Cosa, cosa, suma
from ingestion.demo.payments import emitir_recibos
from ingestion.demo.plan import UN_DIA, al_abrir, dia_entre, en_jornada, momento, uno
from polizas import reglas
from polizas.models import BeneficiarioPoliza, Cobertura, Poliza
from polizas.reglas import CENTAVO, EstadoPoliza, FormaPago, MotivoAnulacion

DE_PERSONA, DE_EMPRESA = (30, 14, 24, 0, 18, 14), (25, 0, 0, 60, 0, 15)
CUANTAS, PESO_DE_CUANTAS = (0, 1, 2, 3), (20, 67, 11, 2)
FORMAS = (
    FormaPago.ANUAL,
    FormaPago.SEMESTRAL,
    FormaPago.TRIMESTRAL,
    FormaPago.MENSUAL,
    FormaPago.UNICA,
)
PESO_DE_FORMAS = (62, 17, 10, 6, 5)
# What it costs to pay in parts, in per cent.
RECARGO = {FormaPago.SEMESTRAL: 2, FormaPago.TRIMESTRAL: 4, FormaPago.MENSUAL: 6}
MOTIVOS = {
    Ramo.VIDA: (MotivoAnulacion.FALLECIMIENTO, MotivoAnulacion.IMPAGO, MotivoAnulacion.SOLICITUD),
    Ramo.AUTO: (MotivoAnulacion.VENTA, MotivoAnulacion.PERDIDA_TOTAL, MotivoAnulacion.IMPAGO),
}
OTROS_MOTIVOS = (
    MotivoAnulacion.SOLICITUD,
    MotivoAnulacion.IMPAGO,
    MotivoAnulacion.CAMBIO_ASEGURADORA,
)
# How many contracts the agente of the cliente sells.
PROPIAS = 0.93
RENUEVA_ANTES = timedelta(days=25)
RECIENTE = timedelta(days=45)


@dataclass
class Contrato:
    """What a cliente insures in one place, póliza after póliza."""

    titular: Titular
    oferta: Oferta
    orden: int
    forma_pago: FormaPago
    agente: UUID
    suma: Decimal
    bien: Cosa | None
    polizas: list[Poliza]

    @property
    def chance(self) -> Random:
        return self.titular.chance

    @property
    def ayer(self) -> date:
        return self.titular.plan.ayer


def contratar(titular: Titular) -> list[Poliza]:
    """Make what the cliente has contracted so far; return the last póliza of each contract."""
    cuantas = titular.chance.choices(CUANTAS, PESO_DE_CUANTAS)[0]
    return [_contrato(titular, orden) for orden in range(1, cuantas + 1)]


def _contrato(titular: Titular, orden: int) -> Poliza:
    chance = titular.chance
    pesos = DE_PERSONA if titular.persona else DE_EMPRESA
    oferta = chance.choices(OFERTAS, pesos)[0]
    bien = cosa(titular, oferta)
    contrato = Contrato(
        titular=titular,
        oferta=oferta,
        orden=orden,
        forma_pago=chance.choices(FORMAS, PESO_DE_FORMAS)[0],
        agente=_vendedor(titular),
        suma=bien.valor if bien else suma(titular, oferta),
        bien=bien,
        polizas=[],
    )
    inicio = titular.registro.date() + timedelta(days=int(chance.random() * 40))
    _cadena(contrato, inicio)
    for poliza in contrato.polizas:
        _partes(contrato, poliza)
    if oferta.ramo in (Ramo.VIDA, Ramo.SALUD) and orden == 1:
        consentir_salud(titular, contrato.polizas[0].creado)
    bien_asegurado = _bien(contrato)
    for poliza in contrato.polizas:
        reclamar(titular, poliza, oferta.ramo, bien_asegurado)
    return contrato.polizas[-1]


def _cadena(contrato: Contrato, inicio: date) -> None:
    """Make the first póliza and those that renew it."""
    fin = reglas.sumar_meses(inicio, 12) - UN_DIA
    prima = _prima_inicial(contrato)
    while True:
        estado = _estado(contrato, inicio, fin)
        _vivir(contrato, _poliza(contrato, inicio, fin, prima), estado)
        if estado != EstadoPoliza.RENOVADA:
            break
        inicio, fin = reglas.vigencia_siguiente(inicio, fin)
        prima = reglas.ajustar(prima, Decimal(int(contrato.chance.random() * 9)))


def _vendedor(titular: Titular) -> UUID:
    """Return who sells it: the agente of the cliente, or now and then another of the country."""
    if titular.chance.random() < PROPIAS:
        return titular.agente
    return uno(titular.chance, titular.batch.office.agentes[titular.pais.codigo])


def _prima_inicial(contrato: Contrato) -> Decimal:
    oferta, pais = contrato.oferta, contrato.titular.pais
    base = Decimal(oferta.prima * pais.cambio * (70 + int(contrato.chance.random() * 90)))
    return (base / 100).quantize(CENTAVO)


def _estado(contrato: Contrato, inicio: date, fin: date) -> EstadoPoliza:
    """Return what has become of a póliza by now."""
    dado, hoy = contrato.chance.random(), contrato.titular.plan.hoy
    if not contrato.polizas and dado < (0.25 if inicio > hoy - RECIENTE else 0.03):
        return EstadoPoliza.COTIZADA
    if inicio > hoy:
        return EstadoPoliza.EMITIDA
    if dado > 0.92 and inicio < hoy - RENUEVA_ANTES:
        return EstadoPoliza.ANULADA
    if fin < hoy:
        return EstadoPoliza.RENOVADA if dado < 0.54 else EstadoPoliza.VENCIDA
    return (
        EstadoPoliza.RENOVADA if fin < hoy + RENUEVA_ANTES and dado < 0.4 else EstadoPoliza.VIGENTE
    )


def _poliza(contrato: Contrato, inicio: date, fin: date, prima_neta: Decimal) -> Poliza:
    titular, oferta = contrato.titular, contrato.oferta
    anterior = contrato.polizas[-1] if contrato.polizas else None
    creado = _firma(contrato, inicio)
    impuestos = _por_ciento(prima_neta, titular.pais.impuesto)
    recargos = _por_ciento(prima_neta, RECARGO.get(contrato.forma_pago, 0))
    poliza = titular.batch.make(
        Poliza,
        creado,
        numero=f"{oferta.clave}{titular.plan.seed}-{titular.number:07}-{contrato.orden}{len(contrato.polizas)}",
        cliente_id=titular.cliente.id,
        asegurado_id=titular.cliente.id,
        pagador_id=titular.cliente.id,
        agente_id=contrato.agente,
        producto_id=titular.batch.catalogue.productos[titular.pais.codigo, oferta.clave],
        inicio=inicio,
        fin=fin,
        moneda=titular.pais.moneda,
        prima_neta=prima_neta,
        impuestos=impuestos,
        recargos=recargos,
        prima=reglas.total(prima_neta, impuestos, recargos),
        suma_asegurada=contrato.suma,
        forma_pago=contrato.forma_pago,
        anterior_id=anterior.id if anterior else None,
    )
    if anterior:
        _renovar(contrato, anterior, creado)
    contrato.polizas.append(poliza)
    return poliza


def _vivir(contrato: Contrato, poliza: Poliza, estado: EstadoPoliza) -> None:
    """Take a póliza from cotizada, as all begin, to what has become of it; the next one renews it."""
    change, plan = contrato.titular.batch.change, contrato.titular.plan
    if estado == EstadoPoliza.COTIZADA:
        return
    if poliza.inicio > poliza.creado.date():
        change(poliza, poliza.creado, estado=EstadoPoliza.EMITIDA)
    if estado == EstadoPoliza.EMITIDA:
        return
    change(poliza, al_abrir(plan, poliza.inicio), estado=EstadoPoliza.VIGENTE)
    if estado == EstadoPoliza.VENCIDA:
        change(poliza, al_abrir(plan, poliza.fin + UN_DIA), estado=estado)
    elif estado == EstadoPoliza.ANULADA:
        dia = dia_entre(contrato.chance, poliza.inicio + UN_DIA, min(poliza.fin, contrato.ayer))
        change(
            poliza,
            momento(contrato.chance, dia),
            estado=estado,
            motivo_anulacion=uno(contrato.chance, MOTIVOS.get(contrato.oferta.ramo, OTROS_MOTIVOS)),
            anulada_el=dia,
        )


def _renovar(contrato: Contrato, poliza: Poliza, momento_actual: datetime) -> None:
    change = contrato.titular.batch.change
    if momento_actual.date() > poliza.fin:
        change(poliza, en_jornada(poliza.fin + UN_DIA, 0), estado=EstadoPoliza.VENCIDA)
    change(poliza, momento_actual, estado=EstadoPoliza.RENOVADA)


def _firma(contrato: Contrato, inicio: date) -> datetime:
    """Return when a póliza was made: before it starts, and not before the cliente came."""
    registro = contrato.titular.registro
    dia = min(inicio, contrato.ayer) - timedelta(days=int(contrato.chance.random() * 10))
    return max(momento(contrato.chance, dia), registro)


def _por_ciento(importe: Decimal, porcentaje: int) -> Decimal:
    return (importe * porcentaje / 100).quantize(CENTAVO)


def _partes(contrato: Contrato, poliza: Poliza) -> None:
    titular = contrato.titular
    for nombre, parte, deducible in contrato.oferta.coberturas:
        titular.batch.make(
            Cobertura,
            poliza.creado,
            poliza_id=poliza.id,
            nombre=nombre,
            limite=contrato.suma * Decimal(parte),
            deducible=Decimal(deducible * titular.pais.cambio),
        )
    if contrato.oferta.ramo == Ramo.VIDA:
        _beneficiarios(contrato, poliza)
    emitir_recibos(titular, poliza)


def _beneficiarios(contrato: Contrato, poliza: Poliza) -> None:
    """Name the family, in equal shares; without one the law names the heirs."""
    familia = contrato.titular.familia
    for (quien, parentesco), porcentaje in zip(
        familia, reglas.repartir(Decimal(100), len(familia)) if familia else [], strict=True
    ):
        contrato.titular.batch.make(
            BeneficiarioPoliza,
            poliza.creado,
            poliza_id=poliza.id,
            nombre_completo=quien.nombre_completo,
            parentesco=parentesco,
            porcentaje=porcentaje,
        )


def _bien(contrato: Contrato) -> Bien | None:
    cosa, titular = contrato.bien, contrato.titular
    if cosa is None:
        return None
    primera, *siguientes = contrato.polizas
    bien = titular.batch.make(
        Bien,
        primera.creado,
        cliente_id=titular.cliente.id,
        poliza_id=primera.id,
        tipo=cosa.tipo,
        datos=cosa.datos,
        valor=cosa.valor,
    )
    for poliza in siguientes:
        titular.batch.change(bien, poliza.creado, poliza_id=poliza.id)
    return bien
