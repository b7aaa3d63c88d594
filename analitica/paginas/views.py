"""The doors of the section: what there is, a page for each theme, and each chart as a file."""

import csv
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from analitica.paginas.choosers import Choice
from analitica.paginas.declarations import Tema
from analitica.paginas.panels import Answered
from analitica.paginas.rows import Table
from analitica.paginas.temas import TEMAS
from analitica.scope import Scope, scope_of
from core import rights
from ingestion.models import Job
from polizas.models import Poliza

# What a spreadsheet would take for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def indice(request: HttpRequest) -> HttpResponse:
    scope = _scope(request)
    choice = Choice.read({})
    return _page(request, "analitica/indice.html", _("Analítica"), choice, scope)


def tema(request: HttpRequest, slug: str) -> HttpResponse:
    scope, found = _scope(request), _found(slug)
    choice = Choice.read(request.GET, found)
    context: dict[str, Any] = {"tema": found, "fields": choice.fields(), "address": choice.address}
    if choice.is_sound and choice.source and choice.source.tables:
        answered = Answered(choice, choice.source, request.user, scope)
        context["panels"] = answered.panels(found)
        context["figures"] = answered.figures(found)
    title = str(found.title)
    return _page(request, "analitica/tema.html", title, choice, scope, context)


def archivo(request: HttpRequest, slug: str, grafico: str) -> HttpResponse:
    """The table of one chart as CSV; what the page would say of it, where there is none."""
    scope, found = _scope(request), _found(slug)
    chart = next((each for each in found.graficos if each.slug == grafico), None)
    if chart is None:
        raise Http404
    choice = Choice.read(request.GET, found)
    if not choice.is_sound or choice.source is None:
        said = choice.problem or " ".join(choice.errors.values())
        return HttpResponse(said, "text/plain; charset=utf-8", choice.status)
    panel = Answered(choice, choice.source, request.user, scope).panel(chart)
    if panel.table is None:
        return HttpResponse(panel.problem, "text/plain; charset=utf-8", panel.status)
    moment = f"{choice.source.moment:%Y%m%dT%H%M%SZ}"
    return _csv(f"{found.slug}-{chart.slug}-{moment}.csv", panel.table)


def _csv(name: str, table: Table) -> HttpResponse:
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.write("\ufeff")  # by which a spreadsheet knows UTF-8
    file = csv.writer(answer)
    file.writerow([table.of, *(str(column.heading) for column in table.columns)])
    file.writerows([_safe(row.filed), *map(_safe, row.values)] for row in table.rows)
    return answer


def _safe(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def _scope(request: HttpRequest) -> Scope:
    """Return whose figures they are for who asks, or refuse."""
    if not rights.may(request.user, "view", Poliza):
        raise PermissionDenied
    return scope_of(request.user)


def _found(slug: str) -> Tema:
    if slug not in TEMAS:
        raise Http404
    return TEMAS[slug]


def _page(
    request: HttpRequest,
    template: str,
    title: str,
    choice: Choice,
    scope: Scope,
    context: dict[str, Any] | None = None,
) -> HttpResponse:
    source = choice.source
    shared = admin.site.each_context(request) | {
        "title": title,
        "temas": TEMAS.values(),
        "choice": choice,
        "moment": localtime(source.moment) if source else None,
        "is_empty": source is not None and not source.tables,
        "is_portfolio": scope.agents is not None,
        "jobs_url": _jobs_url(request),
    }
    # An index without figures is a page all the same.
    status = choice.status if context else 200
    return TemplateResponse(request, template, shared | (context or {}), status=status)


def _jobs_url(request: HttpRequest) -> str:
    may = rights.may(request.user, "view", Job)
    return reverse("admin:ingestion_job_changelist") if may else ""
