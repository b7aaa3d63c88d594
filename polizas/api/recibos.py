"""The API of what clientes pay: read here, and written by its verb alone."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters import DateFilter, UUIDFilter
from rest_framework import serializers

from core.api.filters import EntityFilterSet
from core.api.serializers import EntitySerializer, VerbSerializer
from core.api.viewsets import ReadViewSet, verb
from polizas import reglas, services
from polizas.models import Cobro, MetodoPago, Recibo
from polizas.models.recibos import ReciboQuerySet


class ReciboSerializer(EntitySerializer):
    cobrado = serializers.DecimalField(max_digits=14, decimal_places=2, read_only=True)
    saldo = serializers.DecimalField(max_digits=14, decimal_places=2, read_only=True)

    class Meta:
        model = Recibo
        fields = ("poliza", "numero", "vencimiento", "importe", "cobrado", "saldo", "estado")
        expandable = {
            "poliza": "polizas.api.poliza.PolizaSerializer",
            "cobros": "polizas.api.recibos.CobroSerializer",
        }
        example = {
            "poliza": "01901b2c-7d3e-7000-8000-0000000000e1",
            "numero": 1,
            "vencimiento": "2026-03-01",
            "importe": "100.00",
            "cobrado": "40.00",
            "saldo": "60.00",
            "estado": "pendiente",
        }

    @classmethod
    def rows(cls) -> QuerySet[Any]:
        return Recibo.objects.con_saldo()


class CobroSerializer(EntitySerializer):
    class Meta:
        model = Cobro
        fields = ("recibo", "monto", "metodo", "fecha", "referencia")
        expandable = {"recibo": ReciboSerializer}
        example = {
            "recibo": "01901b2c-7d3e-7000-8000-0000000000f1",
            "monto": "40.00",
            "metodo": "transferencia",
            "fecha": "2026-03-01T09:30:00-05:00",
            "referencia": "OP-17",
        }


class CobrarSerializer(VerbSerializer):
    monto = serializers.DecimalField(
        required=False,
        max_digits=14,
        decimal_places=2,
        min_value=reglas.CENTAVO,
        help_text=gettext_lazy("Sin él, todo lo que falta."),
    )
    metodo = serializers.ChoiceField(MetodoPago.choices)
    fecha = serializers.DateTimeField(required=False, help_text=gettext_lazy("Sin ella, ahora."))
    referencia = serializers.CharField(required=False, allow_blank=True, max_length=60)

    class Meta:
        example = {"monto": "40.00", "metodo": "transferencia", "referencia": "OP-17"}

    def validate_fecha(self, fecha: datetime) -> datetime:
        if fecha > timezone.now():
            raise serializers.ValidationError(_("Ese momento todavía no ha llegado."))
        return fecha


class ReciboFilters(EntityFilterSet):
    cliente = UUIDFilter(field_name="poliza__cliente")
    agente = UUIDFilter(field_name="poliza__agente")
    aseguradora = UUIDFilter(field_name="poliza__producto__aseguradora")
    impago_el = DateFilter(
        method="impagos",
        help_text=gettext_lazy("Los que debían estar pagados antes de ese día."),
    )

    class Meta:
        model = Recibo
        fields = {
            "poliza": ["exact"],
            "numero": ["exact"],
            "estado": ["exact", "in"],
            "vencimiento": ["exact", "gte", "lt"],
            "importe": ["gte", "lt"],
        }

    def impagos(self, recibos: ReciboQuerySet, name: str, dia: date) -> ReciboQuerySet:
        return recibos.impagos(dia)


class CobroFilters(EntityFilterSet):
    poliza = UUIDFilter(field_name="recibo__poliza")
    cliente = UUIDFilter(field_name="recibo__poliza__cliente")
    agente = UUIDFilter(field_name="recibo__poliza__agente")

    class Meta:
        model = Cobro
        fields = {
            "recibo": ["exact"],
            "metodo": ["exact", "in"],
            "fecha": ["gte", "lt"],
            "monto": ["gte", "lt"],
            "referencia": ["exact"],
        }


class ReciboViewSet(ReadViewSet):
    serializer_class = ReciboSerializer
    filterset_class = ReciboFilters
    search_fields = ("poliza__busqueda",)
    ordering_fields = ("importe", "numero")

    @verb("cobrar", takes=CobrarSerializer, makes=CobroSerializer)
    def cobrar(self, recibo: Recibo, *, id: UUID | None, **dicho: Any) -> Cobro:
        """Cobra una parte del recibo o todo lo que falta, y responde con el cobro."""
        return services.cobrar(recibo.pk, id=id, **{"fecha": timezone.now(), **dicho})


class CobroViewSet(ReadViewSet):
    serializer_class = CobroSerializer
    filterset_class = CobroFilters
    search_fields = ("busqueda", "recibo__poliza__busqueda")
    ordering_fields = ("monto",)
