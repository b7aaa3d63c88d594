"""Every address that Cartera answers, as a door: what model it opens and by which right.

A view that none of these recognises has no door, and the tests fail until it is covered.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.urls import URLPattern, get_resolver

from analitica.metrics import ENDPOINTS
from clientes.models import Cliente
from compat.urls import urlpatterns as compat_urls
from core.entities import Entity

# Doors of no model, each with who it answers: "anyone", who has "signed" in, who may see "figures" or "orders", "staff",
# or staff with a permission.
ALONE = {
    "inicio": "analytics",
    "health": "analytics",
    "data-info": "analytics",
    **{f"figures{address}": "figures" for address in ENDPOINTS},
    "analitica-docs": "analytics",
    "analitica-redoc": "analytics",
    "analitica-openapi": "analytics",
    "operativo": "orders",
    "health-live": "anyone",
    "health-ready": "ingestion",
    "sesion": "signed",
    "admin_password_reset": "anyone",
    "password_reset_done": "anyone",
    "password_reset_confirm": "anyone",
    "password_reset_complete": "anyone",
    "schema": "signed",
    "docs": "signed",
    "redoc": "signed",
    "api-root": "signed",
    "token-list": "signed",
    "token-detail": "signed",
    "reportes:buscar": "staff",
    "reportes:sugerencias": "staff",
    "reportes:estado": "ingestion.view_job",
    "analitica:indice": "polizas.view_poliza",
    "analitica:tema": "polizas.view_poliza",
    "analitica:archivo": "polizas.view_poliza",
    "admin:index": "staff",
    "admin:search": "staff",
    "admin:password_change": "staff",
    "admin:password_change_done": "staff",
    "admin:jsi18n": "staff",
    "admin:view_on_site": "staff",
    "admin:app_list": "staff",
    "admin:auth_user_password_change": "auth.change_user",
    "admin:core_token_changelist": "staff",  # each has their own
    "admin:core_token_add": "staff",
    "admin:ingestion_job_avance": "ingestion.view_job",
    "admin:ingestion_job_exportar": "ingestion.run_job",
    "admin:ingestion_job_respaldar": "ingestion.run_job",
    "admin:ingestion_job_snapshots": "ingestion.view_job",
}
UNNAMED = {"admin/(?P<url>.*)$", "api/v1/"}  # what there is not
# Doors that answer by where they send: these have tests of their own.
SENDING = {"admin:login", "admin:logout", "set_language", "admin:autocomplete"}
# Doors of the services that came before, which say themselves what each method takes: compat/tests/test_rights.py.
FACES = {pattern.name for pattern in compat_urls}

RIGHTS = {
    "changelist": "view",
    "add": "add",
    "change": "view",
    "delete": "delete",
    "history": "view",
    "simple_history": "view",
}
OF_A_ROW = {"change", "delete", "history", "simple_history"}
REST = {
    "list": "view",
    "retrieve": "view",
    "create": "add",
    "update": "change",
    "partial_update": "change",
    "destroy": "delete",
    # What else is done with a row, and the right that it takes.
    "dar_de_baja": "change",
    "reactivar": "change",
    "retirar": "change",
    "designar": "change",
    "emitir": "emitir",
    "renovar": "emitir",
    "anular": "emitir",
    "cobrar": "cobrar",
    "revisar": "resolver",
    "aprobar": "resolver",
    "rechazar": "resolver",
    "pagar": "pagar",
    "cerrar": "resolver",
    "reabrir": "resolver",
    "tomar": "atender",
    "terminar": "atender",
    "cancelar": "atender",
}


@dataclass(frozen=True)
class Door:
    """One way of asking one address; `verb` is the right that it takes on `model`."""

    route: str
    name: str
    method: str
    model: type[Model] | None = None
    verb: str = ""
    of_a_row: bool = False
    face: str = ""

    def __str__(self) -> str:
        return f"{self.method} {self.name or self.route}"


@cache
def doors() -> tuple[Door, ...]:
    """Return every door; an address that nobody covers is one whose `verb` is empty."""
    return tuple(
        door
        for route, name, view in _patterns(get_resolver().url_patterns)
        for door in _of(route, name, view)
    )


def _patterns(patterns: Any, before: str = "", space: str = "") -> Iterator[tuple[str, str, Any]]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route, f"{space}{pattern.name}" if pattern.name else "", pattern.callback
        else:
            inside = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _patterns(pattern.url_patterns, route, inside)


def _of(route: str, name: str, view: Any) -> Iterator[Door]:
    if name in ALONE:
        yield Door(route, name, "GET", verb=ALONE[name], face="alone")
    elif name in SENDING | FACES:
        yield Door(route, name, "GET", verb="anyone", face="own")
    elif not name and (route in UNNAMED or _leads_to_change(route, view)):
        return
    elif name == "reportes:ficha":
        yield Door(route, name, "GET", Cliente, "view", of_a_row=True, face="admin")
    elif (found := _of_the_admin(name)) is not None:
        model, kind = found
        yield Door(route, name, "GET", model, RIGHTS[kind], kind in OF_A_ROW, "admin")
    elif model := _of_the_api(view):
        for method, action in view.actions.items():
            verb = REST.get(action, "")
            yield Door(route, name, method.upper(), model, verb, "pk" in route, "api")
    else:
        yield Door(route, name, "GET")


def _of_the_admin(name: str) -> tuple[type[Model], str] | None:
    for model in admin.site._registry:
        for kind in RIGHTS:
            if name == f"admin:{model._meta.app_label}_{model._meta.model_name}_{kind}":
                return model, kind
    return None


def _of_the_api(view: Any) -> type[Model] | None:
    """Return the model of a collection of the API, which is an entity's."""
    serializer = getattr(getattr(view, "cls", None), "serializer_class", None)
    model = getattr(getattr(serializer, "Meta", None), "model", None)
    return model if model and issubclass(model, Entity) else None


def _leads_to_change(route: str, view: Any) -> bool:
    """Whether it is the admin's old address of a row, which only sends to the new one."""
    return route.endswith("/<path:object_id>/") and hasattr(view, "model_admin")
