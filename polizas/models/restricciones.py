"""What the database refuses of a póliza, with the sentences that people read."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from polizas.models.base import estado_conocido, no_negativos
from polizas.reglas import EstadoPoliza

DE_POLIZA: list[models.BaseConstraint] = [
    estado_conocido("poliza", EstadoPoliza),
    no_negativos("poliza", "prima_neta", "impuestos", "recargos", "suma_asegurada"),
    models.CheckConstraint(
        name="poliza_empieza_antes_de_terminar",
        condition=Q(inicio__lte=F("fin")),
        violation_error_message=_("La póliza no puede terminar antes de empezar."),
    ),
    # some engines keep decimals as floating point: less than half a cent is exact to the cent.
    models.CheckConstraint(
        name="poliza_prima_es_la_suma",
        condition=Q(
            prima__gt=F("prima_neta") + F("impuestos") + F("recargos") - Decimal("0.005"),
            prima__lt=F("prima_neta") + F("impuestos") + F("recargos") + Decimal("0.005"),
        ),
        violation_error_message=_("La prima debe ser la suma de prima neta, impuestos y recargos."),
    ),
    models.CheckConstraint(
        name="poliza_anulada_con_motivo",
        condition=(Q(estado=EstadoPoliza.ANULADA) & ~Q(motivo_anulacion=""))
        | (~Q(estado=EstadoPoliza.ANULADA) & Q(motivo_anulacion="", anulada_el__isnull=True)),
        violation_error_message=_(
            "Una póliza anulada lleva motivo; las demás, ni motivo ni fecha de anulación."
        ),
    ),
    models.CheckConstraint(
        name="poliza_anulada_en_su_vigencia",
        condition=Q(anulada_el__isnull=True)
        | Q(anulada_el__gte=F("inicio"), anulada_el__lte=F("fin")),
        violation_error_message=_("La anulación debe caer dentro de la vigencia."),
    ),
]
