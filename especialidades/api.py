"""The API of especialidades."""

from core.api.router import Router
from core.api.serializers import EntitySerializer
from core.api.viewsets import EntityViewSet
from especialidades.models import Especialidad


class EspecialidadSerializer(EntitySerializer):
    class Meta:
        model = Especialidad
        fields = ("nombre", "ramo", "descripcion")
        example = {
            "nombre": "Flotas",
            "ramo": "AUTO",
            "descripcion": "Vehículos de empresa, desde cinco.",
        }


class EspecialidadViewSet(EntityViewSet):
    serializer_class = EspecialidadSerializer
    filterset_fields = {"ramo": ["exact", "in"]}


def register(router: Router) -> None:
    router.register("especialidades", EspecialidadViewSet)
