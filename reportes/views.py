"""The pages that cross domains, inside the back office."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.apps import apps
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import DEFAULT_DB_ALIAS
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from clientes.models import Cliente
from core import rights
from core.stores import store_of
from ingestion.models import Job
from reportes import buscador, ficha_cliente
from reportes.buscador import Kind
from reportes.cronologia import Moment, timeline
from reportes.ficha import Owner, cards, parts
from reportes.salud import salud


def ficha(request: HttpRequest, pk: UUID) -> HttpResponse:
    """All that is known of a cliente; with `antes`, what happened before that moment alone."""
    if not rights.may(request.user, "view", Cliente):
        raise PermissionDenied
    owner = Owner(Cliente, pk, request.user, timezone.localdate())
    cliente, problem = ficha_cliente.read(owner)
    if cliente is None and not problem:
        raise Http404
    before = Moment.parse(request.GET.get("antes", ""))
    context: dict[str, Any] = {
        "title": str(cliente) if cliente else _("Cliente"),
        "cliente": cliente,
        "problem": problem,
        "before": before,
        "list_url": reverse("admin:clientes_cliente_changelist"),
        "page_url": request.path,
    }
    if cliente or ficha_cliente.sees_without_header(owner):
        found = [] if before else parts(owner)
        context |= {
            "header": ficha_cliente.header(cliente, owner.day) if cliente else None,
            "buttons": ficha_cliente.buttons(request, found, owner) if cliente else [],
            "cards": cards(found, owner),
            "sections": [
                (part, ficha_cliente.address_to_add(request, part, owner)) for part in found
            ],
            "timeline": timeline(owner, before),
        }
    return _page(request, "reportes/ficha.html", context)


def buscar(request: HttpRequest) -> HttpResponse:
    term = request.GET.get("q", "")
    kinds = buscador.search(request.user, term)
    context = {
        "title": _("Buscar"),
        "term": term,
        "kinds": kinds,
        "sentence": sentence(term, kinds),
    }
    return _page(request, "reportes/buscar.html", context)


def sugerencias(request: HttpRequest) -> JsonResponse:
    """The best of the same answers, for who is still typing."""
    term = request.GET.get("q", "")
    kinds = buscador.search(request.user, term, buscador.SUGGESTED)
    page = f"{reverse('reportes:buscar')}?{urlencode({'q': term})}"
    answer = {
        "kinds": [asdict(kind) for kind in kinds],
        "sentence": sentence(term, kinds),
        "page": page,
    }
    return JsonResponse(answer)


def estado(request: HttpRequest) -> HttpResponse:
    """What answers and what doesn't, for who looks after the jobs."""
    if not rights.may(request.user, "view", Job):
        raise PermissionDenied
    parts = salud()
    context = {
        "title": _("Estado"),
        "parts": [(part, held_in(part.name)) for part in parts],
        "down": [part for part in parts if not part.ok],
    }
    return _page(request, "reportes/estado.html", context)


def held_in(part: str) -> str:
    """Return what lives in a part, in the words of the apps that keep it there."""
    apart = {
        "bitacora": _("Lo que ha pasado"),
        "lago": _("Los snapshots"),
        "cola": _("El trabajo que espera"),
        DEFAULT_DB_ALIAS: _("Cuentas, sesiones y trabajos"),
    }
    if part in apart:
        return apart[part]
    names = (
        config.verbose_name for config in apps.get_app_configs() if store_of(config.label) == part
    )
    return ", ".join(str(name) for name in names)


def sentence(term: str, kinds: list[Kind]) -> str:
    """Say why there is nothing to show; "" where there is something."""
    if kinds:
        return ""
    if not term.strip():
        return _("Escriba un nombre, un documento, un número de póliza, una placa, un teléfono…")
    if buscador.is_short(term):
        return _("Escriba al menos dos letras o cifras.")
    return _("No hay nada con «%(term)s» entre lo que usted puede ver.") % {"term": term.strip()}


def _page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    return TemplateResponse(request, template, admin.site.each_context(request) | context)
