"""The tokens of who asks: made here or in the back office, shown once."""

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from core import tokens
from core.api import filters
from core.api.door import Door
from core.api.pages import CursorPages, total_order
from core.api.router import Router
from core.api.schema import ALWAYS, ONE, WITH_BODY, DoorSchema
from core.api.serializers import OnlyKnownKeys
from core.models import Token


class TokenSerializer(OnlyKnownKeys, serializers.ModelSerializer):
    """A token by what its owner knows it by; never what it signs in with."""

    creado = serializers.DateTimeField(source="created", read_only=True)
    vence = serializers.DateField(
        required=False, help_text=_("El último día; sin decirlo, dura noventa.")
    )

    class Meta:
        model = Token
        fields = ("id", "nombre", "alcance", "vence", "empieza", "creado", "ultimo_uso")
        read_only_fields = ("empieza",)
        example = {"nombre": "Carga nocturna", "alcance": "escritura", "vence": "2027-01-31"}

    def validate_vence(self, day: date) -> date:
        tokens.check_end(day)
        return day


class NewTokenSerializer(TokenSerializer):
    token = serializers.CharField(
        read_only=True, help_text=_("Lo que se envía; solo se ve en esta respuesta.")
    )

    class Meta(TokenSerializer.Meta):
        fields: Any = (*TokenSerializer.Meta.fields, "token")


class TokenSchema(DoorSchema):
    def refusals(self) -> tuple[int, ...]:
        return {"create": (*ALWAYS, *WITH_BODY), "destroy": (*ALWAYS, *ONE)}.get(
            self.action, ALWAYS
        )

    def answer(self) -> tuple[int, Any]:
        return (201, NewTokenSerializer) if self.action == "create" else super().answer()


class TokenViewSet(Door, GenericViewSet):
    """The tokens of the account that asks; another's are in the back office."""

    queryset = Token.objects.all()
    serializer_class = TokenSerializer
    permission_classes = [IsAuthenticated]
    pagination_class = CursorPages
    schema = TokenSchema()

    def get_queryset(self) -> QuerySet[Token]:
        own: QuerySet[Token] = Token.objects.filter(user=self.request.user.pk)
        return own

    def order_asked(self) -> list[str]:
        return total_order(Token, ("-created", "-id"))

    def list(self, request: Request) -> Response:
        filters.refuse_unknown(request, ("cursor", "limit"))
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    def create(self, request: Request) -> Response:
        asked = self.get_serializer(data=request.data)
        asked.is_valid(raise_exception=True)
        told: dict[str, Any] = {"vence": None} | asked.validated_data
        vence: date | None = told["vence"]
        token, secret = tokens.issue(
            request.user,
            nombre=told["nombre"],
            alcance=told.get("alcance", Token.Alcance.LECTURA),
            vence=vence,
            by=request.user,
        )
        told = {**self.get_serializer(token).data, "token": secret}
        return Response(told, status=201, headers={"Cache-Control": "no-store"})

    def destroy(self, request: Request, pk: str) -> Response:
        tokens.revoke(self.get_object(), by=request.user)
        return Response(status=204)


def register(router: Router) -> None:
    router.register("tokens", TokenViewSet, basename="token")
