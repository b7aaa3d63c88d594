"""The API of what clientes ask for."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from bienes.api import DatosField, DocumentoSerializer
from clientes.api import ClienteSerializer
from core.api.fields import PortfolioField
from core.api.router import Router
from core.api.serializers import VerbSerializer
from core.api.viewsets import EntityViewSet, verb
from empleados.api import EmpleadoSerializer
from empleados.models import Empleado
from pedidos import services
from pedidos.esquemas import ESQUEMAS
from pedidos.models import Pedido
from polizas.api.poliza import PolizaSerializer


class PedidoSerializer(DocumentoSerializer):
    datos = DatosField(ESQUEMAS)

    class Meta:
        model = Pedido
        fields = (
            "cliente",
            "poliza",
            "tipo",
            "datos",
            "empleado",
            "estado",
            "fecha",
            "resultado",
        )
        read_only_fields = ("estado", "resultado")
        expandable = {
            "cliente": ClienteSerializer,
            "poliza": PolizaSerializer,
            "empleado": EmpleadoSerializer,
        }
        example = {
            "cliente": "01901b2c-7d3e-7000-8000-0000000000c1",
            "tipo": "cotizacion",
            "datos": {"ramo": "AUTO", "objeto": "Un Yaris de 2021", "presupuesto": "900.00"},
            "fecha": "2026-04-01T09:30:00-05:00",
        }


class TomarSerializer(VerbSerializer):
    empleado = PortfolioField(
        queryset=Empleado.objects.activos(),
        required=False,
        help_text=_("Sin él, el de la cuenta que pregunta."),
    )

    class Meta:
        example = {"empleado": "01901b2c-7d3e-7000-8000-000000000091"}


class TerminarSerializer(VerbSerializer):
    resultado = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=2000,
        help_text=_("Lo que se entregó al cliente."),
    )

    class Meta:
        example = {"resultado": "Enviada la cotización por correo."}


class CancelarSerializer(VerbSerializer):
    motivo = serializers.CharField(max_length=2000)

    class Meta:
        example = {"motivo": "El cliente ya no lo quiere."}


class PedidoViewSet(EntityViewSet):
    serializer_class = PedidoSerializer
    search_fields = ("busqueda", "cliente__busqueda")
    filterset_fields = {
        "cliente": ["exact"],
        "poliza": ["exact", "isnull"],
        "empleado": ["exact", "isnull"],
        "tipo": ["exact", "in"],
        "estado": ["exact", "in"],
        "fecha": ["gte", "lt"],
    }

    @verb("atender", takes=TomarSerializer)
    def tomar(self, pedido: Pedido, *, empleado: Empleado | None = None) -> Pedido:
        """Lo pone en manos de un empleado."""
        suyo = empleado or Empleado.objects.filter(cuenta=self.user.pk).first()
        if suyo is None:
            raise ValidationError(
                {"empleado": _("Su cuenta no es de ningún empleado: indique uno.")}
            )
        return services.tomar(pedido.pk, empleado=suyo)

    @verb("atender", takes=TerminarSerializer)
    def terminar(self, pedido: Pedido, *, resultado: str = "") -> Pedido:
        """El cliente ya tiene lo que pidió."""
        return services.terminar(pedido.pk, resultado=resultado)

    @verb("atender", takes=CancelarSerializer)
    def cancelar(self, pedido: Pedido, *, motivo: str) -> Pedido:
        """Deja de atenderse, y se dice por qué."""
        return services.cancelar(pedido.pk, motivo=motivo)


def register(router: Router) -> None:
    router.register("pedidos", PedidoViewSet)
