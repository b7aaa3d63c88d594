"""The failed tries that still count, and the way to forget them before their time."""

from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.admin import ModelAdmin

from core.models import Intento, auditar
from core.tries import SHARE


@admin.register(Intento)
class IntentoAdmin(ModelAdmin):
    list_display = ("usuario", "direccion", "fallos", "ultimo", "bloqueo")
    list_display_links = None
    search_fields = ("username", "ip_address")
    ordering = ("-attempt_time",)
    actions = ("desbloquear",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Intento]:
        return Intento.objects.recientes()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # desbloquear does, and leaves its audit

    def has_desbloquear_permission(self, request: HttpRequest) -> bool:
        return bool(super().has_delete_permission(request))

    @admin.display(description=_("usuario"), ordering="username")
    def usuario(self, row: Intento) -> str:
        return row.username or "—"

    @admin.display(description=_("dirección"), ordering="ip_address")
    def direccion(self, row: Intento) -> str:
        return row.ip_address or "—"

    @admin.display(description=_("fallos"), ordering="failures_since_start")
    def fallos(self, row: Intento) -> Any:
        return row.failures_since_start

    @admin.display(description=_("último"), ordering="attempt_time")
    def ultimo(self, row: Intento) -> Any:
        return row.attempt_time

    @admin.display(description=_("bloqueo"))
    def bloqueo(self, row: Any) -> str:
        by_name = row.failures_since_start >= settings.AXES_FAILURE_LIMIT
        if not by_name and row.de_la_direccion < settings.AXES_FAILURE_LIMIT * SHARE:
            return ""
        until = timezone.localtime(row.attempt_time + settings.AXES_COOLOFF_TIME)
        hour = date_format(until, "TIME_FORMAT")
        whole = _("Toda la dirección, hasta las %(hora)s")
        return str(_("Hasta las %(hora)s") if by_name else whole) % {"hora": hour}

    @admin.action(description=_("Desbloquear"), permissions=["desbloquear"])
    def desbloquear(self, request: HttpRequest, queryset: QuerySet[Intento]) -> None:
        chosen = list(queryset)
        Intento.objects.filter(pk__in=[row.pk for row in chosen]).delete()
        for row in chosen:
            auditar(
                "auth", "desbloqueo", user_id=request.user.pk,
                username=row.username, direccion=row.ip_address,
            )  # fmt: skip
        text = ngettext("Desbloqueado: %(count)d.", "Desbloqueados: %(count)d.", len(chosen))
        messages.success(request, text % {"count": len(chosen)})
