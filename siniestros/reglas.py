"""What decides about a reclamo: its states and its money, free of clock and database.

The states are a table and a function that reads it: no library does more with eight lines of data, and
these can be tried as often as one likes.
"""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from polizas.reglas import CENTAVO, EstadoPoliza

CERO = Decimal("0.00")


class EstadoReclamo(TextChoices):
    PENDIENTE = "pendiente", _("Pendiente")
    EN_REVISION = "en_revision", _("En revisión")
    APROBADO = "aprobado", _("Aprobado")
    RECHAZADO = "rechazado", _("Rechazado")
    PAGADO = "pagado", _("Pagado")
    CERRADO = "cerrado", _("Cerrado")
    REABIERTO = "reabierto", _("Reabierto")


E = EstadoReclamo
ABIERTOS = frozenset({E.PENDIENTE, E.EN_REVISION, E.REABIERTO})

# From which estados each verb starts, and where it leads. A part payment stays in aprobado.
TRANSICIONES: dict[str, tuple[frozenset[EstadoReclamo], EstadoReclamo]] = {
    "revisar": (frozenset({E.PENDIENTE, E.REABIERTO}), E.EN_REVISION),
    "aprobar": (frozenset({E.EN_REVISION}), E.APROBADO),
    "rechazar": (ABIERTOS, E.RECHAZADO),
    "pagar": (frozenset({E.APROBADO}), E.PAGADO),
    "cerrar": (frozenset({E.APROBADO, E.RECHAZADO, E.PAGADO}), E.CERRADO),
    "reabrir": (frozenset({E.RECHAZADO, E.PAGADO, E.CERRADO}), E.REABIERTO),
}

REFUSALS = {
    "revisar": _("Un reclamo %(estado)s no se revisa."),
    "aprobar": _("Un reclamo %(estado)s no se aprueba: antes se revisa."),
    "rechazar": _("Un reclamo %(estado)s no se rechaza: antes se reabre."),
    "pagar": _("Un reclamo %(estado)s no se paga: antes se aprueba."),
    "cerrar": _("Un reclamo %(estado)s no se cierra: antes se aprueba o se rechaza."),
    "reabrir": _("Un reclamo %(estado)s no se reabre."),
}


def paso(verbo: str, estado: str) -> EstadoReclamo:
    """Return where `verbo` leads from `estado`, or raise ValidationError."""
    desde, hasta = TRANSICIONES[verbo]
    if estado not in desde:
        raise ValidationError(
            REFUSALS[verbo],
            code="transicion",
            params={"estado": EstadoReclamo(estado).label.lower()},
        )
    return hasta


@dataclass(frozen=True)
class Cuenta:
    """What a reclamo asks for, what is set aside for it in all, and what of that is paid."""

    estado: str
    monto: Decimal
    reserva: Decimal
    pagado: Decimal

    @property
    def saldo(self) -> Decimal:
        """What may still be paid."""
        return self.reserva - self.pagado


def revisar(cuenta: Cuenta) -> Cuenta:
    return replace(cuenta, estado=paso("revisar", cuenta.estado))


def aprobar(cuenta: Cuenta, *, reserva: Decimal | None, limite: Decimal) -> Cuenta:
    """Set aside `reserva`; without one, the estimate if there is one, and else what is claimed.

    It leaves something to pay and stays within `limite`, the suma asegurada (0: there is none).
    """
    estado = paso("aprobar", cuenta.estado)
    if reserva is None:
        reserva = cuenta.reserva if cuenta.saldo > 0 else cuenta.monto
    exigir_centavos(reserva, "reserva")
    if reserva <= cuenta.pagado:
        raise ValidationError(
            {
                "reserva": _("La reserva debe superar lo ya pagado, %(n)s.")
                % {"n": dinero(cuenta.pagado)}
            }
        )
    if 0 < limite < reserva:
        raise ValidationError(
            {"reserva": _("La reserva pasa de la suma asegurada, %(n)s.") % {"n": dinero(limite)}}
        )
    return replace(cuenta, estado=estado, reserva=reserva)


def rechazar(cuenta: Cuenta) -> Cuenta:
    """Nothing more is owed: the reserva comes down to what was paid."""
    return replace(cuenta, estado=paso("rechazar", cuenta.estado), reserva=cuenta.pagado)


def pagar(cuenta: Cuenta, monto: Decimal) -> Cuenta:
    """Pay `monto` out of the reserva; the reclamo is pagado once nothing is left of it."""
    completo = paso("pagar", cuenta.estado)
    exigir_centavos(monto, "monto")
    if monto <= 0:
        raise ValidationError({"monto": _("El monto debe ser mayor que cero.")})
    if monto > cuenta.saldo:
        raise ValidationError(
            {
                "monto": _("El monto pasa de lo que queda de la reserva, %(n)s.")
                % {"n": dinero(cuenta.saldo)}
            }
        )
    estado = completo if monto == cuenta.saldo else cuenta.estado
    return replace(cuenta, estado=estado, pagado=cuenta.pagado + monto)


def cerrar(cuenta: Cuenta) -> Cuenta:
    """Release what was set aside and not paid."""
    return replace(cuenta, estado=paso("cerrar", cuenta.estado), reserva=cuenta.pagado)


def reabrir(cuenta: Cuenta) -> Cuenta:
    return replace(cuenta, estado=paso("reabrir", cuenta.estado))


def exigir_centavos(importe: Decimal, campo: str) -> None:
    """Raise ValidationError for an amount finer than a cent, or that is no number."""
    if not importe.is_finite() or importe != importe.quantize(CENTAVO):
        raise ValidationError({campo: _("El importe se da con dos decimales, como mucho.")})


def exigir_cobertura(
    estado: str, inicio: date, fin: date, anulada_el: date | None, dia: date
) -> None:
    """Raise ValidationError if the póliza certainly did not cover what happened on `dia`.

    Of an anulada one that came without its date nobody knows: who reviews the reclamo decides.
    """
    if estado == EstadoPoliza.COTIZADA:
        raise ValidationError(_("La póliza está cotizada: todavía no cubre nada."), code="cotizada")
    if not inicio <= dia <= fin:
        raise ValidationError(
            _("La póliza cubre del %(inicio)s al %(fin)s: no cubría el %(dia)s."),
            code="vigencia",
            params=dict(
                zip(("inicio", "fin", "dia"), map(escrito, (inicio, fin, dia)), strict=True)
            ),
        )
    if anulada_el is not None and anulada_el <= dia:
        raise ValidationError(
            _("La póliza está anulada desde el %(anulada)s: no cubría el %(dia)s."),
            code="anulada",
            params={"anulada": escrito(anulada_el), "dia": escrito(dia)},
        )


def exigir_aviso_posterior(ocurrencia: date, aviso: date) -> None:
    """Raise ValidationError for a reclamo made before what it claims for."""
    if ocurrencia > aviso:
        raise ValidationError(
            _("El reclamo, del %(aviso)s, no puede ser anterior a lo ocurrido."),
            code="orden",
            params={"aviso": escrito(aviso)},
        )


def dinero(importe: Decimal) -> str:
    return str(number_format(importe, 2))


def escrito(dia: date) -> str:
    return f"{dia:%d/%m/%Y}"
