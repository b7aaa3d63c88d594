"""The API of pólizas."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters import ChoiceFilter, DateFilter, UUIDFilter
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request

from agentes.api import AgenteSerializer
from clientes.api import ClienteSerializer
from clientes.models import Parentesco
from core import rights
from core.api import filters
from core.api.serializers import EntitySerializer, VerbSerializer
from core.api.viewsets import EntityViewSet, verb
from core.entities import Entity
from especialidades.models import Ramo
from polizas import services
from polizas.api.catalogo import ProductoSerializer
from polizas.models import BeneficiarioPoliza, MotivoAnulacion, Poliza
from polizas.models.poliza import PolizaQuerySet, de_cliente


class PolizaSerializer(EntitySerializer):
    class Meta:
        model = Poliza
        fields = (
            "numero",
            "cliente",
            "asegurado",
            "pagador",
            "agente",
            "producto",
            "inicio",
            "fin",
            "moneda",
            "prima_neta",
            "impuestos",
            "recargos",
            "prima",
            "suma_asegurada",
            "forma_pago",
            "estado",
            "motivo_anulacion",
            "anulada_el",
            "anterior",
        )
        read_only_fields = ("prima", "estado", "motivo_anulacion", "anulada_el", "anterior")
        expandable = {
            "cliente": ClienteSerializer,
            "asegurado": ClienteSerializer,
            "pagador": ClienteSerializer,
            "agente": AgenteSerializer,
            "producto": ProductoSerializer,
            "anterior": "polizas.api.poliza.PolizaSerializer",
            "coberturas": "polizas.api.partes.CoberturaSerializer",
            "beneficiarios": "polizas.api.partes.BeneficiarioPolizaSerializer",
            "recibos": "polizas.api.recibos.ReciboSerializer",
        }
        example = {
            "cliente": "01901b2c-7d3e-7000-8000-0000000000c1",
            "agente": "01901b2c-7d3e-7000-8000-0000000000a1",
            "producto": "01901b2c-7d3e-7000-8000-0000000000d2",
            "inicio": "2026-03-01",
            "fin": "2027-02-28",
            "prima_neta": "1000.00",
            "impuestos": "180.00",
            "recargos": "20.00",
            "suma_asegurada": "50000.00",
            "forma_pago": "mensual",
        }

    def filled(self, attrs: dict[str, Any]) -> Entity:
        """The prima of a cotización follows from its parts, whatever it was."""
        poliza: Any = super().filled(attrs)
        if poliza.cotizada:
            poliza.prima = None
        return poliza  # type: ignore[no-any-return]


class RenovarSerializer(VerbSerializer):
    hasta = serializers.DateField(
        required=False,
        help_text=gettext_lazy("Último día cubierto. Sin él, dura lo que la anterior."),
    )
    ajuste = serializers.DecimalField(
        required=False,
        max_digits=6,
        decimal_places=2,
        min_value=Decimal(-100),
        max_value=Decimal(1000),
        help_text=gettext_lazy("En cuánto sube la prima, por ciento; negativo para rebajarla."),
    )

    class Meta:
        example = {"hasta": "2028-02-28", "ajuste": "3.50"}


class AnularSerializer(VerbSerializer):
    motivo = serializers.ChoiceField(MotivoAnulacion.choices)
    fecha = serializers.DateField(
        help_text=gettext_lazy("Primer día sin cobertura, dentro de la vigencia.")
    )

    class Meta:
        example = {"motivo": "solicitud", "fecha": "2026-09-01"}


class DesignadoSerializer(VerbSerializer):
    nombre_completo = serializers.CharField(max_length=200)
    parentesco = serializers.ChoiceField(Parentesco.choices)
    porcentaje = serializers.DecimalField(max_digits=5, decimal_places=2)


class DesignarSerializer(VerbSerializer):
    beneficiarios = DesignadoSerializer(many=True)

    class Meta:
        example = {
            "beneficiarios": [
                {
                    "nombre_completo": "Lucía Ibáñez Prado",
                    "parentesco": "hija",
                    "porcentaje": "100.00",
                }
            ]
        }


class PolizaFilters(filters.EntityFilterSet):
    ramo = ChoiceFilter(field_name="producto__ramo", choices=Ramo.choices)
    ramo__in = filters.ChoiceInFilter(
        field_name="producto__ramo", lookup_expr="in", choices=Ramo.choices
    )
    aseguradora = UUIDFilter(field_name="producto__aseguradora")
    participa = UUIDFilter(
        method="de_cliente",
        help_text=gettext_lazy("Cliente que es tomador, asegurado o pagador."),
    )
    vigente_el = DateFilter(method="vigentes", help_text=gettext_lazy("Las que cubren ese día."))

    class Meta:
        model = Poliza
        fields = {
            "numero": ["exact"],
            "cliente": ["exact"],
            "asegurado": ["exact"],
            "pagador": ["exact"],
            "agente": ["exact", "isnull"],
            "producto": ["exact"],
            "estado": ["exact", "in"],
            "inicio": ["exact", "gte", "lt"],
            "fin": ["exact", "gte", "lt"],
            "forma_pago": ["exact"],
            "moneda": ["exact"],
            "prima": ["gte", "lt"],
            "anterior": ["exact", "isnull"],
            "creado": ["gte", "lt"],
            "modificado": ["gte", "lt"],
        }

    def de_cliente(self, polizas: PolizaQuerySet, name: str, cliente_id: UUID) -> PolizaQuerySet:
        return polizas.filter(de_cliente(cliente_id))

    def vigentes(self, polizas: PolizaQuerySet, name: str, dia: date) -> PolizaQuerySet:
        return polizas.vigentes(dia)


class PolizaSearch(filters.Search):
    """By number, or by the words of its cliente."""

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: Any) -> Any:
        found = super().filter_queryset(request, queryset, view)
        if found is queryset:
            return queryset
        term = request.query_params[filters.SEARCH]
        return found | queryset.matching(term, ("cliente__busqueda",))  # type: ignore[attr-defined]


class PolizaViewSet(EntityViewSet):
    serializer_class = PolizaSerializer
    filterset_class = PolizaFilters
    filter_backends = [filters.Fields, PolizaSearch, filters.Order]
    ordering_fields = ("numero", "inicio", "fin", "prima")

    @verb("emitir")
    def emitir(self, poliza: Poliza) -> Poliza:
        """Desde hoy obliga, y sus recibos están por pagar; sin coberturas, toma las del producto."""
        return services.emitir(poliza.pk, dia=timezone.localdate())

    @verb("emitir", takes=RenovarSerializer, makes=PolizaSerializer)
    def renovar(self, poliza: Poliza, *, id: UUID | None, **dicho: Any) -> Poliza:
        """Emite la que le sigue, con número propio, y responde con ella."""
        return services.renovar(poliza.pk, id=id, dia=timezone.localdate(), **dicho)

    @verb("emitir", takes=AnularSerializer)
    def anular(self, poliza: Poliza, *, motivo: str, fecha: date) -> Poliza:
        """Termina antes de tiempo; los recibos pendientes quedan anulados."""
        return services.anular(poliza.pk, motivo=motivo, fecha=fecha)

    @verb("change", takes=DesignarSerializer)
    def designar(self, poliza: Poliza, *, beneficiarios: list[dict[str, Any]]) -> Poliza:
        """Pone a estos beneficiarios en lugar de los que haya: entre todos, el 100 %, o ninguno."""
        if not all(rights.may(self.user, it, BeneficiarioPoliza) for it in ("add", "delete")):
            raise PermissionDenied(_("No tiene permiso para añadir y borrar beneficiarios."))
        designados = [services.Designacion(**beneficiario) for beneficiario in beneficiarios]
        services.designar_beneficiarios(poliza.pk, designados)
        return poliza
