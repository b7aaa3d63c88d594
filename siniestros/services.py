"""What is done with a reclamo. Each verb locks the row that it decides on."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.stores import atomic
from siniestros import reglas
from siniestros.models import Pago, Reclamo
from siniestros.reglas import Cuenta


def revisar(reclamo_id: UUID) -> Reclamo:
    """Take the reclamo up."""
    return _decidir(reclamo_id, lambda reclamo: reglas.revisar(reclamo.cuenta))


def aprobar(reclamo_id: UUID, *, reserva: Decimal | None = None) -> Reclamo:
    """Accept the reclamo and set aside what it will be paid: `reserva`, or what it estimates or asks."""

    def regla(reclamo: Reclamo) -> Cuenta:
        limite = reclamo.poliza.suma_asegurada
        aprobada = reglas.aprobar(reclamo.cuenta, reserva=reserva, limite=limite)
        if reclamo.fecha_ocurrencia is None:
            raise ValidationError(
                _("Indique la fecha de ocurrencia: sin ella no se sabe si la póliza cubría.")
            )
        reclamo.exigir_cobertura()
        return aprobada

    return _decidir(reclamo_id, regla)


def rechazar(reclamo_id: UUID, *, motivo: str) -> Reclamo:
    """Refuse the reclamo; the cliente is owed the reason."""
    return _decidir(
        reclamo_id, lambda reclamo: reglas.rechazar(reclamo.cuenta), motivo=_dicho(motivo)
    )


def pagar(
    reclamo_id: UUID,
    *,
    metodo: str,
    monto: Decimal | None = None,
    fecha: datetime | None = None,
    beneficiario: str = "",
    referencia: str = "",
    id: UUID | None = None,
) -> Pago:
    """Pay `monto` out of the reserva, or all that is left of it; the last pago makes it pagado.

    The key of the pago is `id` where one is given.
    """
    with atomic(Reclamo):
        reclamo = _tomado(reclamo_id)
        importe = reclamo.cuenta.saldo if monto is None else monto
        pago = Pago(
            reclamo=reclamo,
            monto=importe,
            metodo=metodo,
            beneficiario=beneficiario,
            referencia=referencia,
            **({} if fecha is None else {"fecha": fecha}),
        )
        pago.id = id or pago.id
        reclamo.cuenta = reglas.pagar(reclamo.cuenta, importe)
        pago.full_clean(exclude=("reclamo",))
        reclamo.save()
        pago.save()
    return pago


def cerrar(reclamo_id: UUID, *, motivo: str = "") -> Reclamo:
    """File the reclamo away and release what is left of its reserva."""
    return _decidir(
        reclamo_id, lambda reclamo: reglas.cerrar(reclamo.cuenta), motivo=motivo.strip()
    )


def reabrir(reclamo_id: UUID, *, motivo: str) -> Reclamo:
    """Take up again what was decided: new facts, a complaint, a sentence."""
    return _decidir(
        reclamo_id, lambda reclamo: reglas.reabrir(reclamo.cuenta), motivo=_dicho(motivo)
    )


def _decidir(reclamo_id: UUID, regla: Callable[[Reclamo], Cuenta], *, motivo: str = "") -> Reclamo:
    with atomic(Reclamo):
        reclamo = _tomado(reclamo_id)
        reclamo.cuenta = regla(reclamo)
        reclamo.motivo = motivo or reclamo.motivo
        reclamo.save()
    return reclamo


def _tomado(reclamo_id: UUID) -> Reclamo:
    return Reclamo.objects.select_for_update().get(pk=reclamo_id)


def _dicho(motivo: str) -> str:
    if not (dicho := motivo.strip()):
        raise ValidationError({"motivo": _("Diga el motivo.")})
    return dicho
