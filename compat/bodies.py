"""What those services are sent: JSON, whatever its sender calls it, with texts that any store can hold."""

import unicodedata
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.exceptions import ParseError

from clientes.models import Cliente, ServicioContratado
from clientes.services import Servicio
from core.api.negotiation import JSONBody

OF_A_CLIENTE = "/servicios"  # what the address of a cliente's services ends in


def _longest(model: Any, column: str) -> int:
    return int(model._meta.get_field(column).max_length)


class AnyBody(JSONBody):
    """JSON by whatever name: those clients never said it."""

    media_type = "*/*"

    def parse(self, *args: Any, **kwargs: Any) -> Any:
        data = super().parse(*args, **kwargs)
        if not isinstance(data, dict):
            raise ParseError(_("El cuerpo tiene que ser un objeto JSON."))
        return data


class Text(serializers.CharField):
    """A text and nothing else, without blanks around it."""

    default_error_messages = {"invalid": gettext_lazy("Tiene que ser un texto.")}

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        if any(unicodedata.category(letter) == "Cc" for letter in data):
            raise serializers.ValidationError(_("Lleva caracteres que no se escriben."))
        return str(super().to_internal_value(data))


class Nombre(Text):
    """A name that has an address of its own."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=_longest(Cliente, "nombre_sky"), **options)

    def to_internal_value(self, data: Any) -> str:
        nombre = super().to_internal_value(data)
        if nombre.endswith(OF_A_CLIENTE):
            raise serializers.ValidationError(
                _("No puede terminar en «%(ending)s».") % {"ending": OF_A_CLIENTE}
            )
        return nombre


class ServicioBody(serializers.Serializer):
    """{"servicio"}, hired today."""

    servicio = Text(max_length=_longest(ServicioContratado, "descripcion"))

    def hired(self) -> Servicio:
        return Servicio(self.validated_data["servicio"], timezone.localdate())


class ContactoBody(serializers.Serializer):
    """{"contacto"} of the cliente of the address, whose name may be repeated but not changed."""

    nombre = Text(required=False)
    contacto = Text()

    def validate_nombre(self, nombre: str) -> str:
        if nombre != self.context["nombre"]:
            raise serializers.ValidationError(_("El nombre de un cliente no se cambia."))
        return nombre


class ClienteBody(ServicioBody):
    nombre = Nombre()
    contacto = Text()


class HiredBody(serializers.Serializer):
    """A service of a document, hired today where it does not say when."""

    descripcion = Text(max_length=_longest(ServicioContratado, "descripcion"))
    fecha_contratacion = serializers.DateField(required=False)


class DocumentoBody(serializers.Serializer):
    """All of a cliente, as these services tell it."""

    nombre = Nombre()
    contacto = Text()
    servicios = HiredBody(many=True)

    def hired(self) -> list[Servicio]:
        today = timezone.localdate()
        return [
            Servicio(each["descripcion"], each.get("fecha_contratacion", today))
            for each in self.validated_data["servicios"]
        ]


def valid(body: serializers.Serializer) -> dict[str, Any]:
    """Return what `body` says, or raise ValidationError by field."""
    body.is_valid(raise_exception=True)
    return dict(body.validated_data)
