from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import action, display

from core.admin import StyledForm, confirmed
from ingestion import jobs
from ingestion.admin.snapshots import SnapshotsPage
from ingestion.catalog import catalog, databases
from ingestion.models import Job

COLORS = {
    Job.Estado.PENDIENTE: "info",
    Job.Estado.EN_CURSO: "warning",
    Job.Estado.TERMINADO: "success",
    Job.Estado.FALLIDO: "danger",
}
ERROR_SHOWN = 120


def short(moment: datetime | None) -> str:
    return date_format(localtime(moment), "SHORT_DATETIME_FORMAT") if moment else ""


class ExportForm(StyledForm):
    database = forms.ChoiceField(
        label=_("Qué exportar"),
        required=False,
        help_text=_("Con una sola base, las demás siguen como se publicaron la última vez."),
        choices=lambda: [
            ("", _("Todos los almacenes")),
            *((name, name) for name in sorted(databases(catalog()))),
        ],
    )


@admin.register(Job)
class JobAdmin(SnapshotsPage, ModelAdmin):
    list_display = ("kind", "situacion", "avance", "pedido_por", "pedido", "acabado", "motivo")
    list_filter = (("kind", ChoicesDropdownFilter), ("estado", ChoicesDropdownFilter))
    list_select_related = ("pedido_por",)
    list_filter_submit = True
    list_fullwidth = True
    show_full_result_count = False
    actions = ("cancelar",)
    actions_list = ("exportar", "respaldar", "snapshots")
    fields = (
        "kind",
        "estado",
        "avance",
        "error",
        ("pedido_por", "creado"),
        ("empezado", "terminado"),
        "tablas",
        "partes",
        "resultado",
    )
    readonly_fields = ("avance", "tablas", "partes")

    class Media:
        js = ("ingestion/jobs.js",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Job]:
        # Parts are shown inside their whole.
        jobs_asked_for: QuerySet[Job] = super().get_queryset(request).filter(de=None)
        return jobs_asked_for

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_run_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("ingestion.run_job")

    @display(description=_("estado"), label=COLORS, ordering="estado")  # type: ignore[untyped-decorator]
    def situacion(self, job: Job) -> tuple[str, str]:
        return job.estado, job.get_estado_display()

    @admin.display(description=_("avance"))
    def avance(self, job: Job) -> SafeString:
        return SafeString(render_to_string("ingestion/avance.html", {"job": job}))

    @admin.display(description=_("pedido el"), ordering="creado")
    def pedido(self, job: Job) -> str:
        return short(job.creado)

    @admin.display(description=_("acabado"), ordering="terminado")
    def acabado(self, job: Job) -> str:
        return short(job.terminado)

    @admin.display(description=_("error"))
    def motivo(self, job: Job) -> str:
        first = job.error.split("\n")[0]
        return first if len(first) <= ERROR_SHOWN else f"{first[:ERROR_SHOWN]}…"

    @admin.display(description=_("tablas"))
    def tablas(self, job: Job) -> SafeString:
        return SafeString(render_to_string("ingestion/tablas.html", {"job": job}))

    @admin.display(description=_("lecturas"))
    def partes(self, job: Job) -> SafeString:
        parts = job.partes.order_by("creado")
        return SafeString(render_to_string("ingestion/partes.html", {"parts": parts}))

    # Progress, asked for by jobs.js while something is open.

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.progress_view)
        return [path("avance/", view, name="ingestion_job_avance"), *super().get_urls()]

    def progress_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_view_permission(request):
            return JsonResponse({}, status=403)
        try:
            keys = [UUID(key) for key in request.GET.getlist("id")[: self.list_per_page]]
        except ValueError:
            return JsonResponse({}, status=400)
        found = {
            str(job.pk): {"html": self.avance(job), "estado": job.estado}
            for job in Job.objects.filter(pk__in=keys)
        }
        return JsonResponse(found)

    # What one may ask for.

    @action(description=_("Exportar ahora"), permissions=["run"])  # type: ignore[untyped-decorator]
    def exportar(self, request: HttpRequest) -> HttpResponse:
        form = ExportForm(request.POST or None)
        if form.is_valid():
            only = form.cleaned_data["database"]
            params = {"databases": [only]} if only else {}
            self._asked(request, Job.Kind.EXPORTACION, params)
            return self._to_list()
        question = _("¿Tomar un snapshot de los almacenes y publicarlo en el lago?")
        return self._question(request, _("Exportar ahora"), question, form)

    @action(description=_("Copia de seguridad"), permissions=["run"])  # type: ignore[untyped-decorator]
    def respaldar(self, request: HttpRequest) -> HttpResponse:
        if request.method == "POST":
            self._asked(request, Job.Kind.RESPALDO, {})
            return self._to_list()
        question = _("¿Copiar todas las columnas de todos los almacenes, cifradas?")
        return self._question(request, _("Copia de seguridad"), question, forms.Form())

    def _question(
        self, request: HttpRequest, title: str | Promise, question: str | Promise, form: forms.Form
    ) -> HttpResponse:
        context = self.admin_site.each_context(request) | {
            "title": title,
            "question": question,
            "form": form,
            "confirmed_name": "_confirmado",
            "opts": self.model._meta,
            "back": reverse("admin:ingestion_job_changelist"),
            "media": self.media + form.media,
        }
        return TemplateResponse(request, "core/confirmacion.html", context)

    @admin.action(description=_("Cancelar"), permissions=["run"])
    @confirmed(question=_("¿Cancelar estos trabajos? Lo ya publicado sigue publicado."))
    def cancelar(self, request: HttpRequest, queryset: QuerySet[Job], form: None) -> None:
        for job in queryset:
            try:
                jobs.cancel(job.pk)
            except ValidationError as refusal:
                messages.error(request, f"{job}: {' '.join(refusal.messages)}")
            else:
                messages.success(request, _("%(job)s: cancelado.") % {"job": job})

    def _asked(self, request: HttpRequest, kind: Job.Kind, params: dict[str, Any]) -> None:
        jobs.pedir(kind, params=params, user_id=request.user.pk)
        messages.success(request, _("Pedido: el trabajador lo hará en cuanto pueda."))

    def _to_list(self) -> HttpResponseRedirect:
        return HttpResponseRedirect(reverse("admin:ingestion_job_changelist"))
