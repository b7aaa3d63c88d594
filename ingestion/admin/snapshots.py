"""The page of the snapshots: what each holds, and what one may ask of it."""

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

from ingestion.jobs import JobFailed
from ingestion.lake import Lake, lake
from ingestion.models import Job
from ingestion.snapshots.manifest import complete_ids, current_id, load
from ingestion.snapshots.retention import held_as, hold, release

SHOWN = 50


class HoldForm(forms.Form):
    nombre = forms.CharField(max_length=80)


class SnapshotsPage:
    """For the admin of jobs: the page, and the doors that it has."""

    model: type[Job]
    admin_site: Any
    has_run_permission: Callable[[HttpRequest], bool]
    _asked: Callable[..., None]
    _to_list: Callable[[], HttpResponse]

    @action(description=_("Snapshots"), permissions=["view"])  # type: ignore[untyped-decorator]
    def snapshots(self, request: HttpRequest) -> HttpResponse:
        may_run = self.has_run_permission(request)
        if request.method == "POST" and may_run:
            return self._done(request)
        context = self.admin_site.each_context(request) | {
            "title": _("Snapshots del lago"),
            "snapshots": listed(lake()),
            "keep": settings.SNAPSHOT_KEEP,
            "days": settings.SNAPSHOT_KEEP_DAYS,
            "may_run": may_run,
            "opts": self.model._meta,
        }
        return TemplateResponse(request, "ingestion/snapshots.html", context)

    def _done(self, request: HttpRequest) -> HttpResponse:
        """Do what one of the page's buttons asks of a snapshot."""
        verbs: Mapping[str, Callable[[HttpRequest, str], HttpResponse]] = {
            "verificar": self._verify,
            "retener": self._hold,
            "soltar": self._release,
        }
        verb = verbs.get(request.POST.get("accion", ""), self._verify)
        try:
            return verb(request, request.POST.get("snapshot", ""))
        except JobFailed as refusal:
            messages.error(request, str(refusal))
            return HttpResponseRedirect(request.path)

    def _verify(self, request: HttpRequest, snapshot_id: str) -> HttpResponse:
        load(lake(), snapshot_id)
        self._asked(request, Job.Kind.VERIFICACION, {"snapshot": snapshot_id})
        return self._to_list()

    def _hold(self, request: HttpRequest, snapshot_id: str) -> HttpResponse:
        form = HoldForm(request.POST)
        if form.is_valid():
            name = form.cleaned_data["nombre"]
            hold(lake(), snapshot_id, name)
            told = _("%(id)s: retenido como «%(name)s» hasta que se suelte.")
            messages.success(request, told % {"id": snapshot_id, "name": name})
        else:
            messages.error(request, _("Diga para qué se guarda, en 80 letras como mucho."))
        return HttpResponseRedirect(request.path)

    def _release(self, request: HttpRequest, snapshot_id: str) -> HttpResponse:
        release(lake(), snapshot_id)
        messages.success(request, _("%(id)s: suelto.") % {"id": snapshot_id})
        return HttpResponseRedirect(request.path)


def listed(lake: Lake) -> Iterator[dict[str, Any]]:
    """Yield what the page says of the newest snapshots, reading the lake as it goes."""
    published = current_id(lake)
    for snapshot_id in islice(complete_ids(lake), SHOWN):
        try:
            manifest, problem = load(lake, snapshot_id), ""
        except JobFailed as refusal:
            manifest, problem = None, str(refusal)
        yield {
            "id": snapshot_id,
            "current": snapshot_id == published,
            "held_as": held_as(lake, snapshot_id),
            "manifest": manifest,
            "unresolved": sum(manifest.references.values()) if manifest else 0,
            "problem": problem,
        }
