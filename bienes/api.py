"""The API of what is insured; and how the API reads, judges and describes a document by its tipo."""

from collections.abc import Mapping
from typing import Any

from django import forms
from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from rest_framework import serializers

from bienes.documento import Esquema, SiNoField, faltas
from bienes.esquemas import ESQUEMAS
from bienes.models import Bien
from clientes.api import ClienteSerializer
from core.api.router import Router
from core.api.serializers import EntitySerializer
from core.api.viewsets import EntityViewSet
from polizas.api.poliza import PolizaSerializer


class DatosField(serializers.JSONField):
    """The document of a row, whose schema follows from its tipo. It is written whole."""

    def __init__(self, esquemas: Mapping[str, type[Esquema]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.esquemas = esquemas


class DocumentoSerializer(EntitySerializer):
    """A row with a document: what is wrong in its datos is told field by field, as "datos.placa"."""

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        try:
            return super().validate(attrs)
        except serializers.ValidationError as refusal:
            detail: Any = refusal.detail
            raise serializers.ValidationError(_por_campo(detail, self.candidate)) from refusal


def _por_campo(detail: dict[str, Any], fila: Any) -> dict[str, Any]:
    if "datos" not in detail:
        return detail
    en_datos = {
        f"datos.{campo}" if campo else "datos": frases
        for campo, frases in faltas(fila.esquema, fila.datos).items()
    }
    return {nombre: frases for nombre, frases in detail.items() if nombre != "datos"} | en_datos


class BienSerializer(DocumentoSerializer):
    datos = DatosField(ESQUEMAS)

    class Meta:
        model = Bien
        fields = ("cliente", "poliza", "tipo", "descripcion", "datos", "valor")
        expandable = {"cliente": ClienteSerializer, "poliza": PolizaSerializer}
        example = {
            "cliente": "01901b2c-7d3e-7000-8000-0000000000c1",
            "tipo": "auto",
            "datos": {"placa": "ABC123", "marca": "Toyota", "modelo": "Yaris", "ejercicio": 2021},
            "valor": "15000.00",
        }


class BienViewSet(EntityViewSet):
    serializer_class = BienSerializer
    search_fields = ("busqueda", "cliente__busqueda")
    ordering_fields = ("valor",)
    filterset_fields = {
        "cliente": ["exact"],
        "poliza": ["exact", "isnull"],
        "tipo": ["exact", "in"],
        "valor": ["gte", "lt"],
        "creado": ["gte", "lt"],
        "modificado": ["gte", "lt"],
    }


def register(router: Router) -> None:
    router.register("bienes", BienViewSet)


# Described.


class DatosDescription(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]
    """One schema for each tipo, under its name."""

    target_class = DatosField

    def map_serializer_field(self, auto_schema: Any, direction: str) -> dict[str, Any]:
        return {"anyOf": [describir(*each) for each in self.target.esquemas.items()]}


def describir(tipo: str, esquema: type[Esquema]) -> dict[str, Any]:
    """Return the JSON schema of the documents of `tipo`."""
    campos = esquema.base_fields
    return {
        "title": tipo,
        "type": "object",
        "properties": {nombre: _describir(campo) for nombre, campo in campos.items()},
        "required": [nombre for nombre, campo in campos.items() if campo.required],
        "additionalProperties": False,
    }


def _describir(campo: forms.Field) -> dict[str, Any]:
    texto = {"title": str(campo.label)} | (
        {"description": str(campo.help_text)} if campo.help_text else {}
    )
    return texto | _tipo(campo)


def _tipo(campo: forms.Field) -> dict[str, Any]:
    match campo:
        case SiNoField():
            return {"type": "boolean"}
        case forms.ChoiceField():
            opciones: Any = campo.choices
            return {"type": "string", "enum": [clave for clave, _nombre in opciones if clave]}
        case forms.DecimalField():
            return {"type": "string", "format": "decimal", "pattern": r"^\d{1,12}(\.\d{1,2})?$"}
        case forms.IntegerField():
            return {"type": "integer", "minimum": campo.min_value, "maximum": campo.max_value}
        case forms.DateField():
            return {"type": "string", "format": "date"}
        case forms.EmailField():
            return {"type": "string", "format": "email", "maxLength": campo.max_length}
        case forms.CharField():
            return {"type": "string", "maxLength": campo.max_length}
    raise TypeError(f"no schema describes {type(campo).__name__}")
