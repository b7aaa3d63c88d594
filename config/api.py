"""The table of contents of the API: every collection under /api/v1/."""

from django.urls import include, path, re_path

import agentes.api
import bienes.api
import clientes.api
import core.api.tokens
import empleados.api
import especialidades.api
import pedidos.api
import polizas.api
import siniestros.api
from core.api import docs
from core.api.router import Nowhere, Router

router = Router()
for domain in (
    especialidades.api,
    agentes.api,
    clientes.api,
    polizas.api,
    bienes.api,
    siniestros.api,
    empleados.api,
    pedidos.api,
    core.api.tokens,
):
    domain.register(router)

urlpatterns = [
    path("schema/", docs.schema, name="schema"),
    path("docs/", docs.swagger, name="docs"),
    path("redoc/", docs.redoc, name="redoc"),
    path("", include(router.urls)),
    re_path("", Nowhere.as_view()),
]
