"""The API of the staff of the house."""

from core.api.router import Router
from core.api.serializers import EntitySerializer
from core.api.viewsets import EntityViewSet
from empleados.models import Empleado


class EmpleadoSerializer(EntitySerializer):
    class Meta:
        model = Empleado
        fields = (
            "codigo",
            "nombres",
            "apellidos",
            "rol",
            "oficina",
            "solo_su_oficina",
            "email",
            "telefono",
            "activo",
            "cuenta",
        )
        example = {
            "codigo": "S-17",
            "nombres": "Íñigo",
            "apellidos": "Peña Salas",
            "rol": "cobrador",
            "oficina": "Lima Centro",
            "email": "inigo.pena@ejemplo.pe",
        }


class EmpleadoViewSet(EntityViewSet):
    serializer_class = EmpleadoSerializer
    ordering_fields = ("apellidos", "oficina")
    filterset_fields = {
        "codigo": ["exact"],
        "rol": ["exact", "in"],
        "oficina": ["exact"],
        "activo": ["exact"],
        "cuenta": ["exact", "isnull"],
    }


def register(router: Router) -> None:
    router.register("empleados", EmpleadoViewSet)
