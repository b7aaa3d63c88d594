"""The API of agentes and what they earn."""

from django.utils.translation import gettext_lazy as _

from agentes import services
from agentes.models import Agente, Comision
from core.api.router import Router
from core.api.serializers import EntitySerializer
from core.api.viewsets import EntityViewSet, verb
from especialidades.api import EspecialidadSerializer


class AgenteSerializer(EntitySerializer):
    class Meta:
        model = Agente
        fields = (
            "codigo",
            "nombres",
            "apellidos",
            "tipo_documento",
            "pais_documento",
            "numero_documento",
            "email",
            "telefono",
            "oficina",
            "registro",
            "registro_vence",
            "especialidad",
            "otras_especialidades",
            "supervisor",
            "activo",
            "cuenta",
        )
        read_only_fields = ("activo",)
        expandable = {
            "especialidad": EspecialidadSerializer,
            "otras_especialidades": EspecialidadSerializer,
            "supervisor": "agentes.api.AgenteSerializer",
            "comisiones": "agentes.api.ComisionSerializer",
        }
        example = {
            "codigo": "AG-0101",
            "nombres": "Lucía",
            "apellidos": "Núñez Prado",
            "email": "lucia.nunez@ejemplo.pe",
            "oficina": "Lima Centro",
        }


class ComisionSerializer(EntitySerializer):
    class Meta:
        model = Comision
        fields = ("agente", "ramo", "porcentaje")
        expandable = {"agente": AgenteSerializer}
        example = {
            "agente": "01901b2c-7d3e-7000-8000-0000000000a1",
            "ramo": "AUTO",
            "porcentaje": "12.50",
        }


class AgenteViewSet(EntityViewSet):
    serializer_class = AgenteSerializer
    ordering_fields = ("apellidos", "oficina", "creado")
    filterset_fields = {
        "codigo": ["exact"],
        "oficina": ["exact"],
        "especialidad": ["exact"],
        "otras_especialidades": ["exact"],
        "supervisor": ["exact", "isnull"],
        "activo": ["exact"],
        "registro_vence": ["lt", "gte"],
        "numero_documento": ["exact"],
    }

    @verb("change", description=_("Deja de vender; sus pólizas siguen a su nombre."))
    def dar_de_baja(self, agente: Agente) -> Agente:
        return services.dar_de_baja(agente.pk)

    @verb("change", description=_("Vuelve a vender quien se había dado de baja."))
    def reactivar(self, agente: Agente) -> Agente:
        return services.reactivar(agente.pk)


class ComisionViewSet(EntityViewSet):
    serializer_class = ComisionSerializer
    search_fields = ()
    filterset_fields = {"agente": ["exact"], "ramo": ["exact", "in"]}


def register(router: Router) -> None:
    router.register("agentes", AgenteViewSet)
    router.register("comisiones", ComisionViewSet)
