"""What clientes claim: each reclamo goes the way that its rules allow, and is paid out of its reserva."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from bienes.models import Bien
from especialidades.models import Ramo
from ingestion.demo.clients import Titular
from ingestion.demo.payments import METODOS
from ingestion.demo.plan import UN_DIA, dia_entre, momento, uno
from polizas.models import Poliza
from polizas.reglas import CENTAVO, EstadoPoliza, MotivoAnulacion
from siniestros import reglas
from siniestros.models import Causa, Pago, Reclamo
from siniestros.reglas import CERO, Cuenta, EstadoReclamo

FRECUENCIA = {
    Ramo.AUTO: 0.16,
    Ramo.SALUD: 0.22,
    Ramo.HOGAR: 0.08,
    Ramo.COMERCIO: 0.1,
    Ramo.VIDA: 0.01,
}
CAUSAS = {
    Ramo.AUTO: (Causa.ACCIDENTE, Causa.ACCIDENTE, Causa.TERCEROS, Causa.CRISTALES, Causa.ROBO),
    Ramo.SALUD: (Causa.ENFERMEDAD, Causa.ENFERMEDAD, Causa.ACCIDENTE),
    Ramo.HOGAR: (Causa.AGUA, Causa.AGUA, Causa.ROBO, Causa.INCENDIO, Causa.ELECTRICOS),
    Ramo.COMERCIO: (Causa.ROBO, Causa.AGUA, Causa.INCENDIO, Causa.TERCEROS, Causa.VANDALISMO),
    Ramo.VIDA: (Causa.INVALIDEZ,),
}
# What ends a póliza because it happened, and why.
FINALES = {
    MotivoAnulacion.FALLECIMIENTO: Causa.FALLECIMIENTO,
    MotivoAnulacion.PERDIDA_TOTAL: Causa.ACCIDENTE,
}
RUTAS = (
    (),
    ("revisar",),
    ("revisar", "aprobar"),
    ("revisar", "aprobar", "pagar una parte"),
    ("revisar", "aprobar", "pagar"),
    ("revisar", "aprobar", "pagar una parte", "pagar"),
    ("revisar", "aprobar", "pagar", "cerrar"),
    ("revisar", "rechazar"),
    ("revisar", "rechazar", "cerrar"),
    ("revisar", "rechazar", "reabrir"),
)
PESO_DE_RUTAS = (14, 14, 9, 4, 24, 5, 10, 11, 5, 4)
PASO = timedelta(days=4)
RECHAZO = "La causa está entre las exclusiones de la póliza."


def reclamar(titular: Titular, poliza: Poliza, ramo: Ramo, bien: Bien | None) -> None:
    """Make what was claimed under a póliza, if anything."""
    chance = titular.chance
    dado = chance.random()
    causa = (
        FINALES.get(MotivoAnulacion(poliza.motivo_anulacion)) if poliza.motivo_anulacion else None
    )
    hasta = min(poliza.fin, titular.plan.ayer)
    if poliza.anulada_el:
        hasta = min(hasta, poliza.anulada_el - UN_DIA)
    issued = poliza.estado != EstadoPoliza.COTIZADA and poliza.inicio <= hasta
    if issued and (causa or dado < FRECUENCIA[ramo]):
        dia = hasta if causa else dia_entre(chance, poliza.inicio, hasta)
        _reclamo(titular, poliza, bien, dia, causa or uno(chance, CAUSAS[ramo]))


def _reclamo(titular: Titular, poliza: Poliza, bien: Bien | None, dia: date, causa: Causa) -> None:
    chance = titular.chance
    aviso = min(dia + timedelta(days=int(chance.random() ** 2 * 20)), titular.plan.ayer)
    fecha = max(momento(chance, aviso), poliza.creado)
    total = causa in FINALES.values() and poliza.motivo_anulacion in FINALES
    parte = 100 if total else 2 + int(chance.random() ** 2 * 50)
    monto = (poliza.suma_asegurada * parte / 100).quantize(CENTAVO)
    reserva = (monto * 9 / 10).quantize(CENTAVO)
    reclamo = titular.batch.make(
        Reclamo,
        fecha,
        numero=f"{poliza.numero}-R1",
        poliza=poliza,
        bien_id=bien.id if bien else None,
        fecha_ocurrencia=dia,
        fecha_reclamo=fecha,
        causa=causa,
        descripcion=f"{causa.label}. {titular.ciudad.nombre}, {dia:%d/%m/%Y}.",
        monto=monto,
        reserva=CERO if chance.random() < 0.5 else reserva,
    )
    _tramitar(titular, reclamo)


def _tramitar(titular: Titular, reclamo: Reclamo) -> None:
    """Take the reclamo as far along its way as there has been time for."""
    ruta = titular.chance.choices(RUTAS, PESO_DE_RUTAS)[0]
    cuenta = Cuenta(EstadoReclamo.PENDIENTE, reclamo.monto, reclamo.reserva, CERO)
    momento_actual = reclamo.fecha_reclamo
    for verbo in ruta:
        momento_actual += PASO
        if momento_actual.date() > titular.plan.ayer:
            break
        antes, cuenta = cuenta, _paso(cuenta, verbo, reclamo.poliza.suma_asegurada)
        if cuenta.pagado > antes.pagado:
            _pago(titular, reclamo, cuenta.pagado - antes.pagado, momento_actual)
        titular.batch.change(
            reclamo,
            momento_actual,
            estado=cuenta.estado,
            reserva=cuenta.reserva,
            pagado=cuenta.pagado,
            motivo=RECHAZO if verbo == "rechazar" else reclamo.motivo,
        )


def _paso(cuenta: Cuenta, verbo: str, limite: Decimal) -> Cuenta:
    match verbo:
        case "aprobar":
            return reglas.aprobar(cuenta, reserva=None, limite=limite)
        case "pagar":
            return reglas.pagar(cuenta, cuenta.saldo)
        case "pagar una parte":
            return reglas.pagar(cuenta, (cuenta.saldo / 2).quantize(CENTAVO))
        case "revisar":
            return reglas.revisar(cuenta)
        case "rechazar":
            return reglas.rechazar(cuenta)
        case "cerrar":
            return reglas.cerrar(cuenta)
    return reglas.reabrir(cuenta)


def _pago(titular: Titular, reclamo: Reclamo, monto: Decimal, fecha: datetime) -> None:
    cobra = titular.cliente.nombre_completo
    if reclamo.causa == Causa.FALLECIMIENTO:
        cobra = titular.familia[0][0].nombre_completo if titular.familia else "Herederos legales"
    titular.batch.make(
        Pago,
        fecha,
        reclamo_id=reclamo.id,
        monto=monto,
        metodo=uno(titular.chance, METODOS),
        fecha=fecha,
        beneficiario=cobra,
        referencia=f"PG{int(titular.chance.random() * 10**8):08}",
    )
