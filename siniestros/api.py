"""The API of what clientes claim, and of what they are paid for it."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from django_filters import UUIDFilter
from rest_framework import serializers

from bienes.api import BienSerializer
from core.api.filters import EntityFilterSet
from core.api.router import Router
from core.api.serializers import EntitySerializer, VerbSerializer
from core.api.viewsets import EntityViewSet, ReadViewSet, verb
from polizas.api.poliza import PolizaSerializer
from polizas.models import MetodoPago
from siniestros import services
from siniestros.models import Pago, Reclamo


class ReclamoSerializer(EntitySerializer):
    class Meta:
        model = Reclamo
        fields = (
            "numero",
            "poliza",
            "bien",
            "fecha_ocurrencia",
            "fecha_reclamo",
            "causa",
            "descripcion",
            "monto",
            "reserva",
            "pagado",
            "estado",
            "motivo",
        )
        read_only_fields = ("pagado", "estado", "motivo")
        expandable = {
            "poliza": PolizaSerializer,
            "bien": BienSerializer,
            "pagos": "siniestros.api.PagoSerializer",
        }
        example = {
            "poliza": "01901b2c-7d3e-7000-8000-0000000000e1",
            "fecha_ocurrencia": "2026-04-01",
            "fecha_reclamo": "2026-04-02T09:30:00-05:00",
            "causa": "accidente",
            "descripcion": "Choque en un cruce",
            "monto": "1000.00",
        }


class PagoSerializer(EntitySerializer):
    class Meta:
        model = Pago
        fields = ("reclamo", "monto", "metodo", "fecha", "beneficiario", "referencia")
        expandable = {"reclamo": ReclamoSerializer}
        example = {
            "reclamo": "01901b2c-7d3e-7000-8000-0000000000b1",
            "monto": "400.00",
            "metodo": "transferencia",
            "fecha": "2026-04-10T09:30:00-05:00",
            "beneficiario": "Taller Núñez",
            "referencia": "OP-17",
        }


class AprobarSerializer(VerbSerializer):
    reserva = serializers.DecimalField(
        required=False,
        max_digits=14,
        decimal_places=2,
        min_value=Decimal(0),
        help_text=_("Sin ella, la estimada; si no la hay, el monto reclamado."),
    )

    class Meta:
        example = {"reserva": "900.00"}


class MotivoSerializer(VerbSerializer):
    motivo = serializers.CharField(max_length=1000)

    class Meta:
        example = {"motivo": "La póliza no cubre ese riesgo."}


class CerrarSerializer(VerbSerializer):
    motivo = serializers.CharField(max_length=1000, required=False, allow_blank=True)

    class Meta:
        example = {"motivo": "El cliente desiste."}


class PagarSerializer(VerbSerializer):
    monto = serializers.DecimalField(
        required=False,
        max_digits=14,
        decimal_places=2,
        min_value=Decimal("0.01"),
        help_text=_("Sin él, todo lo que queda de la reserva."),
    )
    metodo = serializers.ChoiceField(MetodoPago.choices)
    beneficiario = serializers.CharField(required=False, allow_blank=True, max_length=200)
    referencia = serializers.CharField(required=False, allow_blank=True, max_length=60)

    class Meta:
        example = {"monto": "400.00", "metodo": "transferencia", "beneficiario": "Taller Núñez"}


class ReclamoFilters(EntityFilterSet):
    cliente = UUIDFilter(field_name="poliza__cliente")
    agente = UUIDFilter(field_name="poliza__agente")

    class Meta:
        model = Reclamo
        fields = {
            "numero": ["exact"],
            "poliza": ["exact"],
            "bien": ["exact", "isnull"],
            "estado": ["exact", "in"],
            "causa": ["exact", "in"],
            "fecha_ocurrencia": ["exact", "gte", "lt", "isnull"],
            "fecha_reclamo": ["gte", "lt"],
            "monto": ["gte", "lt"],
        }


class PagoFilters(EntityFilterSet):
    poliza = UUIDFilter(field_name="reclamo__poliza")
    cliente = UUIDFilter(field_name="reclamo__poliza__cliente")

    class Meta:
        model = Pago
        fields = {
            "reclamo": ["exact"],
            "metodo": ["exact", "in"],
            "fecha": ["gte", "lt"],
            "monto": ["gte", "lt"],
            "referencia": ["exact"],
        }


class ReclamoViewSet(EntityViewSet):
    serializer_class = ReclamoSerializer
    filterset_class = ReclamoFilters
    search_fields = ("busqueda", "poliza__busqueda", "poliza__cliente__busqueda")
    ordering_fields = ("numero", "monto")

    @verb("resolver")
    def revisar(self, reclamo: Reclamo) -> Reclamo:
        """Lo pone en revisión."""
        return services.revisar(reclamo.pk)

    @verb("resolver", takes=AprobarSerializer)
    def aprobar(self, reclamo: Reclamo, *, reserva: Decimal | None = None) -> Reclamo:
        """Lo acepta y aparta la reserva con que se pagará."""
        return services.aprobar(reclamo.pk, reserva=reserva)

    @verb("resolver", takes=MotivoSerializer)
    def rechazar(self, reclamo: Reclamo, *, motivo: str) -> Reclamo:
        """Lo rechaza, con el motivo que se debe al cliente."""
        return services.rechazar(reclamo.pk, motivo=motivo)

    @verb("pagar", takes=PagarSerializer, makes=PagoSerializer)
    def pagar(self, reclamo: Reclamo, *, id: UUID | None, **dicho: Any) -> Pago:
        """Paga una parte de la reserva o todo lo que queda, y responde con el pago."""
        return services.pagar(reclamo.pk, id=id, **dicho)

    @verb("resolver", takes=CerrarSerializer)
    def cerrar(self, reclamo: Reclamo, *, motivo: str = "") -> Reclamo:
        """Lo archiva y libera lo que quede de su reserva."""
        return services.cerrar(reclamo.pk, motivo=motivo)

    @verb("resolver", takes=MotivoSerializer)
    def reabrir(self, reclamo: Reclamo, *, motivo: str) -> Reclamo:
        """Vuelve sobre lo decidido, con el motivo."""
        return services.reabrir(reclamo.pk, motivo=motivo)


class PagoViewSet(ReadViewSet):
    serializer_class = PagoSerializer
    filterset_class = PagoFilters
    search_fields = ("busqueda", "reclamo__busqueda")
    ordering_fields = ("monto",)


def register(router: Router) -> None:
    router.register("reclamos", ReclamoViewSet)
    router.register("pagos", PagoViewSet)
