"""The customer service: clientes by their name, how they are reached and what they hired."""

from rest_framework.request import Request
from rest_framework.response import Response

from clientes import services
from clientes.models import Cliente, ServicioContratado
from compat.bodies import ClienteBody, ContactoBody, ServicioBody, valid
from compat.door import VIEW, Face, document, saved
from core import rights
from core.api.errors import Conflict
from core.stores import atomic

HIRE = ("add", ServicioContratado)


class Saludo(Face):
    interface = "sky"

    def get(self, request: Request) -> Response:
        return Response({"message": "Hola desde Sky App v2.0 mejorada!"})


class Clientes(Face):
    interface = "sky"
    needs = {"GET": VIEW, "POST": (("add", Cliente), HIRE)}

    def get(self, request: Request) -> Response:
        return self.names()

    def post(self, request: Request) -> Response:
        body = ClienteBody(data=request.data)
        said = valid(body)
        try:
            with atomic(Cliente):
                cliente = services.registrar(
                    said["nombre"], contacto=said["contacto"], servicios=[body.hired()]
                )
                rights.require_visible(self.person, cliente)
        except services.NombreOcupado as refusal:
            raise Conflict(f"El cliente '{said['nombre']}' ya existe.") from refusal
        return saved(cliente, status=201)


class UnCliente(Face):
    interface = "sky"
    needs = {"GET": VIEW, "PUT": (("change", Cliente),)}

    def get(self, request: Request, nombre: str) -> Response:
        return Response(document(self.cliente(nombre)))

    def put(self, request: Request, nombre: str) -> Response:
        cliente = self.cliente(nombre)
        said = valid(ContactoBody(data=request.data, context={"nombre": cliente.nombre_sky}))
        services.cambiar_contacto(cliente.pk, said["contacto"])
        return Response({"message": f"Cliente {cliente.nombre_sky} actualizado.", "status": "ok"})


class Servicios(Face):
    interface = "sky"
    needs = {"POST": (("view", Cliente), HIRE)}

    def post(self, request: Request, nombre: str) -> Response:
        cliente = self.cliente(nombre)
        body = ServicioBody(data=request.data)
        valid(body)
        services.contratar(cliente.pk, body.hired())
        return saved(cliente, status=201)
