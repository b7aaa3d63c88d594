"""The storage service: the document of each cliente, whole."""

from rest_framework.request import Request
from rest_framework.response import Response

from clientes import services
from clientes.models import Cliente, ServicioContratado
from compat.bodies import DocumentoBody, valid
from compat.door import VIEW, Face, document, saved
from core import rights
from core.stores import atomic

WRITE = [(verb, Cliente) for verb in ("add", "change")] + [
    (verb, ServicioContratado) for verb in ("add", "delete")
]


class Archivos(Face):
    interface = "archivos"
    needs = {"GET": VIEW, "POST": WRITE}

    def get(self, request: Request) -> Response:
        return self.names()

    def post(self, request: Request) -> Response:
        body = DocumentoBody(data=request.data)
        said = valid(body)
        how = {"contacto": said["contacto"], "servicios": body.hired()}
        try:
            with atomic(Cliente):
                cliente = services.registrar(said["nombre"], **how)
                rights.require_visible(self.person, cliente)
        except services.NombreOcupado:
            cliente = services.rehacer(self.cliente(said["nombre"]).pk, **how)
        return saved(cliente)


class Archivo(Face):
    interface = "archivos"
    needs = {"GET": VIEW, "DELETE": (("delete", Cliente),)}

    def get(self, request: Request, nombre: str) -> Response:
        return Response(document(self.cliente(nombre)))

    def delete(self, request: Request, nombre: str) -> Response:
        cliente = self.cliente(nombre)
        cliente.delete()
        return Response({"message": f"Cliente {cliente.nombre_sky} eliminado.", "status": "ok"})
