"""The addresses of those services, under a prefix of the house or at the root of a port of their own."""

from django.urls import path, re_path

from compat import archivos, sky

# A name may have slashes: what comes first is told from it by how it ends.
SKY = [
    path("saludo", sky.Saludo.as_view(), name="sky-saludo"),
    re_path(r"^clientes/?$", sky.Clientes.as_view(), name="sky-clientes"),
    path("clientes/<path:nombre>/servicios", sky.Servicios.as_view(), name="sky-servicios"),
    path("clientes/<path:nombre>", sky.UnCliente.as_view(), name="sky-cliente"),
]
ARCHIVOS = [
    re_path(r"^archivos/?$", archivos.Archivos.as_view(), name="archivos"),
    path("archivos/<path:nombre>", archivos.Archivo.as_view(), name="archivo"),
]

urlpatterns = [*SKY, *ARCHIVOS]
