"""What every door of those services is: JSON, one key of refusals, and the rights of the house."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.db.models import Model, QuerySet
from rest_framework.exceptions import NotFound
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from clientes.models import Cliente
from compat.bodies import AnyBody
from core import rights
from core.access import InterfaceAccess
from core.api.errors import OF_THE_WHOLE, handle
from core.api.negotiation import Negotiation

# What a person is told of, by the word that these services have for it.
WORDS = {"nombre_sky": "nombre", "nombres": "nombre", "email": "contacto", "telefono": "contacto"}

Needs = Sequence[tuple[str, type[Model]]]
VIEW: Needs = (("view", Cliente),)


class Access(InterfaceAccess):
    """Lets in who may do what the method does, and anyone where the interface is open."""

    def has_permission(self, request: Request, view: Any) -> bool:
        needed: Needs = view.needs.get("GET" if request.method == "HEAD" else request.method, ())
        return super().has_permission(request, view) and all(
            rights.may(view.person, verb, model) for verb, model in needed
        )


class Face(APIView):
    """A door of `interface`; `needs` says which rights each method takes."""

    interface: ClassVar[str]
    needs: ClassVar[Mapping[str, Needs]] = {}

    permission_classes = [Access]
    parser_classes = [AnyBody]
    renderer_classes = [JSONRenderer]
    content_negotiation_class = Negotiation
    schema = None

    @property
    def person(self) -> Any:
        """Who asks: the house itself, where the interface is open to anyone."""
        return rights.who(self.request, self.interface)

    @property
    def clientes(self) -> QuerySet[Cliente]:
        """Those whom these services know and the person sees."""
        return rights.visible(self.person, Cliente.objects.del_servicio())

    def cliente(self, nombre: str) -> Cliente:
        """Return the one of that name, or raise NotFound."""
        if found := self.clientes.filter(nombre_sky=nombre.strip()).first():
            return found
        raise NotFound("Cliente no encontrado")

    def names(self) -> Response:
        """Answer the names of all of them, sorted."""
        return Response(list(self.clientes.values_list("nombre_sky", flat=True)))

    def get_exception_handler(self) -> Any:
        return refused


def refused(exc: Exception, context: dict[str, Any]) -> Response | None:
    """Answer {"error": sentence} to what can't be done."""
    response = handle(exc, context)
    if response is not None:
        response.data = {"error": " ".join(_sentences(response.data))}
    return response


def _sentences(said: Mapping[str, Any]) -> Sequence[str]:
    found = []
    for name, sentences in said.items():
        of = "" if name == OF_THE_WHOLE else f"{WORDS.get(name, name)}: "
        listed = sentences if isinstance(sentences, list) else [sentences]
        found += [f"{of}{sentence}" for sentence in listed]
    return found


def document(cliente: Cliente) -> dict[str, Any]:
    """Return all that these services say of a cliente."""
    return {
        "contacto": cliente.contacto,
        "nombre": cliente.nombre_sky,
        "servicios": [
            {"descripcion": servicio.descripcion, "fecha_contratacion": servicio.fecha.isoformat()}
            for servicio in cliente.servicios.order_by("fecha", "id")
        ],
    }


def saved(cliente: Cliente, status: int = 200) -> Response:
    message = f"Cliente {cliente.nombre_sky} guardado/actualizado."
    return Response({"message": message, "status": "ok"}, status=status)
