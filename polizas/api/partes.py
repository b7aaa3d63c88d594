"""The API of what a póliza is made of: changed as far as the póliza still lets it."""

from typing import Any
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from core.api.serializers import EntitySerializer
from core.api.viewsets import EntityViewSet
from core.entities import Entity
from core.stores import atomic
from polizas import services
from polizas.models import BeneficiarioPoliza, Cobertura

UNA_POLIZA = "01901b2c-7d3e-7000-8000-0000000000e1"


class CoberturaSerializer(EntitySerializer):
    class Meta:
        model = Cobertura
        fields = ("poliza", "nombre", "limite", "deducible")
        expandable = {"poliza": "polizas.api.poliza.PolizaSerializer"}
        example = {
            "poliza": UNA_POLIZA,
            "nombre": "Robo total",
            "limite": "20000.00",
            "deducible": "250.00",
        }


class BeneficiarioPolizaSerializer(EntitySerializer):
    class Meta:
        model = BeneficiarioPoliza
        fields = ("poliza", "nombre_completo", "parentesco", "porcentaje")
        expandable = {"poliza": "polizas.api.poliza.PolizaSerializer"}
        example = {
            "poliza": UNA_POLIZA,
            "nombre_completo": "Lucía Ibáñez Prado",
            "parentesco": "hija",
            "porcentaje": "100.00",
        }


class ParteViewSet(EntityViewSet):
    """Parts of a póliza, which judges them together once they are written."""

    def exigir(self, poliza_id: UUID) -> None:
        """Raise ValidationError, in the transaction of the change, if the póliza does not admit it."""
        raise NotImplementedError

    def make(self, pk: Any = None) -> Entity:
        with atomic(self.model):
            parte: Any = super().make(pk)
            self.exigir(parte.poliza_id)
        return parte  # type: ignore[no-any-return]

    def update(self, request: Request, pk: str, *, partial: bool = False) -> Response:
        with atomic(self.model):
            answer = super().update(request, pk, partial=partial)
            self.exigir(self.get_object().poliza_id)
        return answer

    def destroy(self, request: Request, pk: str) -> Response:
        with atomic(self.model):
            poliza_id = self.get_object().poliza_id
            answer = super().destroy(request, pk)
            self.exigir(poliza_id)
        return answer


class CoberturaViewSet(ParteViewSet):
    serializer_class = CoberturaSerializer
    ordering_fields = ("nombre",)
    filterset_fields = {"poliza": ["exact"], "nombre": ["exact"]}

    def exigir(self, poliza_id: UUID) -> None:
        services.exigir_cotizada(poliza_id)


class BeneficiarioViewSet(ParteViewSet):
    serializer_class = BeneficiarioPolizaSerializer
    ordering_fields = ("nombre_completo",)
    filterset_fields = {"poliza": ["exact"], "parentesco": ["exact", "in"]}

    def exigir(self, poliza_id: UUID) -> None:
        services.exigir_designacion(poliza_id)
