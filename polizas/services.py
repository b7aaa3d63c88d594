"""What is done with pólizas and recibos. Each verb locks the row that it decides on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

import structlog
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from agentes.models import Agente
from core.stores import atomic
from polizas import reglas
from polizas.models import (
    BeneficiarioPoliza,
    Cobertura,
    Cobro,
    Poliza,
    Recibo,
    TipoCobertura,
)
from polizas.reglas import EstadoPoliza, EstadoRecibo, MotivoAnulacion

LOTE = 500

log = structlog.get_logger()


@dataclass(frozen=True)
class Designacion:
    """A beneficiario to be named."""

    nombre_completo: str
    parentesco: str
    porcentaje: Decimal


def emitir(poliza_id: UUID, *, dia: date) -> Poliza:
    """Issue a cotizada póliza on `dia`: from then on it binds, and its recibos are to be paid.

    Without coberturas of its own it takes those of its producto. One whose first day has come is
    vigente at once.
    """
    with atomic(Poliza):
        poliza = _bloquear(poliza_id)
        _emitir(poliza, dia)
    return poliza


def anular(poliza_id: UUID, *, motivo: str, fecha: date) -> Poliza:
    """End a póliza before its time: `fecha` is the first day without cover.

    Recibos still to be paid are anulados; what has been collected stays collected.
    """
    with atomic(Poliza):
        poliza = _bloquear(poliza_id)
        poliza.estado = _paso(poliza, EstadoPoliza.ANULADA)
        if motivo not in MotivoAnulacion:
            raise ValidationError(_("Indique el motivo de la anulación."))
        poliza.motivo_anulacion, poliza.anulada_el = motivo, fecha
        poliza.full_clean()
        poliza.save()
        for recibo in poliza.recibos.pendientes().select_for_update():
            recibo.estado = EstadoRecibo.ANULADO
            recibo.save()
    return poliza


def renovar(
    poliza_id: UUID,
    *,
    dia: date,
    hasta: date | None = None,
    ajuste: Decimal = Decimal(0),
    id: UUID | None = None,
) -> Poliza:
    """Issue the póliza that follows this one for the same cliente, with a number of its own.

    It starts the day after this one ends and lasts as long, or until `hasta`; `ajuste` raises its prima
    by so many per cent. Its key is `id` where one is given.
    """
    with atomic(Poliza):
        poliza = _bloquear(poliza_id)
        poliza.estado = _paso(poliza, EstadoPoliza.RENOVADA)
        siguiente = _siguiente(poliza, hasta, ajuste)
        siguiente.id = id or siguiente.id
        siguiente.full_clean()
        siguiente.save()
        _copiar_partes(poliza, siguiente)
        _emitir(siguiente, dia)
        poliza.save()
    return siguiente


def cobrar(
    recibo_id: UUID,
    *,
    metodo: str,
    fecha: datetime,
    monto: Decimal | None = None,
    referencia: str = "",
    id: UUID | None = None,
) -> Cobro:
    """Collect `monto` of a recibo, or all that is left of it; a recibo paid whole is cobrado.

    The key of the cobro is `id` where one is given.
    """
    with atomic(Recibo):
        recibo = Recibo.objects.select_for_update().get(pk=recibo_id)
        cobrado = recibo.total_cobrado()
        monto = recibo.importe - cobrado if monto is None else monto
        estado = reglas.estado_tras_cobro(recibo.estado, recibo.importe, cobrado, monto)
        cobro = Cobro(recibo=recibo, monto=monto, metodo=metodo, fecha=fecha, referencia=referencia)
        cobro.id = id or cobro.id
        cobro.full_clean()
        cobro.save()
        # Saved although a part leaves the estado as it is: the version tells whoever read it before.
        recibo.estado = estado
        recibo.save()
    return cobro


def designar_beneficiarios(
    poliza_id: UUID, designaciones: Sequence[Designacion]
) -> list[BeneficiarioPoliza]:
    """Replace the beneficiarios of a póliza by these, who share 100 % of it (or are none)."""
    reglas.exigir_cien(designacion.porcentaje for designacion in designaciones)
    with atomic(Poliza):
        poliza = _bloquear(poliza_id)
        if not poliza.viva:
            raise ValidationError(_("La póliza ya no está viva: sus beneficiarios no se cambian."))
        nuevos = [BeneficiarioPoliza(poliza=poliza, **vars(uno)) for uno in designaciones]
        for nuevo in nuevos:
            nuevo.full_clean()
        poliza.beneficiarios.all().delete()
        return BeneficiarioPoliza.objects.bulk_create(nuevos)


def exigir_cotizada(poliza_id: UUID) -> None:
    """Raise ValidationError unless the póliza, which nobody emite meanwhile, is still cotizada."""
    if not _bloquear(poliza_id).cotizada:
        raise ValidationError(_("Las coberturas de una póliza emitida no se cambian."))


def exigir_designacion(poliza_id: UUID) -> None:
    """Raise ValidationError if the beneficiarios of the póliza, just written, can't be left like this.

    Those of a cotizada one are judged when it is emitida.
    """
    poliza = _bloquear(poliza_id)
    if not poliza.viva:
        raise ValidationError(_("La póliza ya no está viva: sus beneficiarios no se cambian."))
    if not poliza.cotizada:
        reglas.exigir_cien(poliza.beneficiarios.values_list("porcentaje", flat=True))


def actualizar_estados(dia: date) -> int:
    """Bring the estado of every póliza to `dia`: some start, some end. Return how many changed.

    Safe to repeat, and to kill halfway: each batch is committed on its own, and a póliza that can't be
    saved stops no other.
    """
    cambiadas, ultima = 0, None
    while lote := _lote_por_actualizar(dia, tras=ultima):
        with atomic(Poliza):
            polizas = Poliza.objects.por_actualizar(dia).select_for_update().filter(pk__in=lote)
            cambiadas += sum(_puesta_al_dia(poliza, dia) for poliza in polizas)
        ultima = lote[-1]
    return cambiadas


def _puesta_al_dia(poliza: Poliza, dia: date) -> bool:
    """Save the estado of `dia`, in a savepoint of its own; the log tells of one that is refused."""
    poliza.estado = reglas.estado_en(poliza.estado, poliza.inicio, poliza.fin, dia)
    try:
        with atomic(Poliza):
            poliza.save()
    except (ValidationError, IntegrityError) as refusal:
        # The first line alone: in the others a database repeats the whole row.
        reason = str(refusal).partition("\n")[0]
        log.warning("poliza_not_updated", poliza=str(poliza.pk), reason=reason)
        return False
    return True


def _lote_por_actualizar(dia: date, *, tras: UUID | None) -> list[UUID]:
    pendientes = Poliza.objects.por_actualizar(dia)
    if tras:
        pendientes = pendientes.filter(pk__gt=tras)
    return list(pendientes.order_by("pk").values_list("pk", flat=True)[:LOTE])


def _bloquear(poliza_id: UUID) -> Poliza:
    return Poliza.objects.select_for_update().get(pk=poliza_id)


def _paso(poliza: Poliza, estado: EstadoPoliza) -> EstadoPoliza:
    reglas.exigir_paso(poliza.estado, estado)
    return estado


def _emitir(poliza: Poliza, dia: date) -> None:
    emitida = _paso(poliza, EstadoPoliza.EMITIDA)
    if poliza.fin < dia:
        raise ValidationError(_("La vigencia ya ha terminado: no se puede emitir."))
    if poliza.agente_id:
        _exigir_registro(poliza.agente_id, dia)
    reglas.exigir_cien(poliza.beneficiarios.values_list("porcentaje", flat=True))
    plan = reglas.plan_de_recibos(poliza.prima, poliza.inicio, poliza.fin, poliza.forma_pago)
    if not poliza.coberturas.exists():
        _copiar_coberturas(poliza.producto.tipos_cobertura.all(), poliza)
    poliza.estado = reglas.estado_en(emitida, poliza.inicio, poliza.fin, dia)
    poliza.full_clean()
    poliza.save()
    Recibo.objects.bulk_create(Recibo(poliza=poliza, **vars(cuota)) for cuota in plan)


def _exigir_registro(agente_id: UUID, dia: date) -> None:
    if vencido := Agente.objects.con_registro_vencido(dia).filter(pk=agente_id).first():
        raise ValidationError(
            {
                "agente": _("El registro de %(agente)s venció el %(dia)s: ya no puede vender.")
                % {"agente": vencido, "dia": f"{vencido.registro_vence:%d/%m/%Y}"}
            }
        )


def _siguiente(poliza: Poliza, hasta: date | None, ajuste: Decimal) -> Poliza:
    if Poliza.objects.filter(anterior=poliza).exists():
        raise ValidationError(_("Esa póliza ya está renovada."))
    inicio, fin = reglas.vigencia_siguiente(poliza.inicio, poliza.fin)
    partes = {
        parte: reglas.ajustar(getattr(poliza, parte), ajuste)
        for parte in ("prima_neta", "impuestos", "recargos")
    }
    iguales = (
        "cliente_id",
        "asegurado_id",
        "pagador_id",
        "agente_id",
        "producto_id",
        "moneda",
        "suma_asegurada",
        "forma_pago",
    )
    return Poliza(
        anterior=poliza,
        inicio=inicio,
        fin=hasta or fin,
        **{campo: getattr(poliza, campo) for campo in iguales},
        **partes,
    )


def _copiar_partes(de: Poliza, a: Poliza) -> None:
    _copiar_coberturas(de.coberturas.all(), a)
    BeneficiarioPoliza.objects.bulk_create(
        BeneficiarioPoliza(
            poliza=a,
            nombre_completo=uno.nombre_completo,
            parentesco=uno.parentesco,
            porcentaje=uno.porcentaje,
        )
        for uno in de.beneficiarios.all()
    )


def _copiar_coberturas(de: Iterable[Cobertura | TipoCobertura], a: Poliza) -> None:
    Cobertura.objects.bulk_create(
        Cobertura(poliza=a, nombre=una.nombre, limite=una.limite, deducible=una.deducible)
        for una in de
    )
