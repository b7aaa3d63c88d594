"""The API of what there is to sell."""

from core.api.serializers import EntitySerializer
from core.api.viewsets import EntityViewSet
from polizas.models import Aseguradora, Producto, TipoCobertura


class AseguradoraSerializer(EntitySerializer):
    class Meta:
        model = Aseguradora
        fields = (
            "nombre",
            "razon_social",
            "tipo_documento",
            "pais_documento",
            "numero_documento",
            "email",
            "telefono",
            "telefono_asistencia",
            "web",
            "activa",
        )
        expandable = {"productos": "polizas.api.catalogo.ProductoSerializer"}
        example = {
            "nombre": "Aseguradora del Río",
            "razon_social": "Compañía de Seguros del Río S. A.",
            "email": "corredores@delrio.ejemplo",
            "telefono_asistencia": "+51 1 500 0000",
        }


class ProductoSerializer(EntitySerializer):
    class Meta:
        model = Producto
        fields = (
            "codigo",
            "nombre",
            "aseguradora",
            "ramo",
            "moneda",
            "prima_base",
            "descripcion",
            "activo",
        )
        expandable = {
            "aseguradora": AseguradoraSerializer,
            "tipos_cobertura": "polizas.api.catalogo.TipoCoberturaSerializer",
        }
        example = {
            "codigo": "AUTO-TR",
            "nombre": "Auto todo riesgo",
            "aseguradora": "01901b2c-7d3e-7000-8000-0000000000d1",
            "ramo": "AUTO",
            "moneda": "USD",
            "prima_base": "1000.00",
        }


class TipoCoberturaSerializer(EntitySerializer):
    class Meta:
        model = TipoCobertura
        fields = ("producto", "nombre", "limite", "deducible")
        expandable = {"producto": ProductoSerializer}
        example = {
            "producto": "01901b2c-7d3e-7000-8000-0000000000d2",
            "nombre": "Daños propios",
            "limite": "50000.00",
            "deducible": "500.00",
        }


class AseguradoraViewSet(EntityViewSet):
    serializer_class = AseguradoraSerializer
    filterset_fields = {"nombre": ["exact"], "numero_documento": ["exact"], "activa": ["exact"]}


class ProductoViewSet(EntityViewSet):
    serializer_class = ProductoSerializer
    ordering_fields = ("prima_base",)
    filterset_fields = {
        "codigo": ["exact"],
        "aseguradora": ["exact"],
        "ramo": ["exact", "in"],
        "moneda": ["exact"],
        "activo": ["exact"],
        "prima_base": ["gte", "lt"],
    }


class TipoCoberturaViewSet(EntityViewSet):
    serializer_class = TipoCoberturaSerializer
    ordering_fields = ("nombre",)
    filterset_fields = {"producto": ["exact"]}
