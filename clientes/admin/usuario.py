from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, DropdownFilter, FieldTextFilter

from clientes.models import Usuario, UsuarioQuerySet
from core.admin import EntityAdmin

LINK = '<a class="text-primary-600 dark:text-primary-500 underline" href="{}">{}</a>'


class EsClienteFilter(DropdownFilter):
    title = _("cliente")
    parameter_name = "es_cliente"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Sequence[tuple[str, Any]]:
        return [("si", _("Ya es cliente")), ("no", _("Todavía no"))]

    def queryset(self, request: HttpRequest, queryset: UsuarioQuerySet) -> UsuarioQuerySet:
        match self.value():
            case "si":
                return queryset.con_cliente()
            case "no":
                return queryset.sin_cliente()
        return queryset


@admin.register(Usuario)
class UsuarioAdmin(EntityAdmin):
    list_display = (
        "username",
        "email",
        "telefono",
        "ciudad",
        "provincia",
        "rol",
        "es_cliente",
        "creado",
    )
    list_filter = (
        ("rol", ChoicesDropdownFilter),
        EsClienteFilter,
        ("provincia", FieldTextFilter),
        ("ciudad", FieldTextFilter),
        "creado",
    )
    readonly_fields = ("sus_clientes", "creado")
    fieldsets = (
        (None, {"fields": (("username", "rol"), ("email", "telefono"), ("ciudad", "provincia"))}),
        (_("En la casa"), {"fields": ("sus_clientes", "creado")}),
    )

    def get_queryset(self, request: HttpRequest) -> UsuarioQuerySet:
        queryset: UsuarioQuerySet = super().get_queryset(request)
        return queryset.marcando_clientes()

    @admin.display(description=_("¿es cliente?"), boolean=True)
    def es_cliente(self, usuario: Usuario) -> bool:
        return bool(getattr(usuario, "es_cliente", False))

    @admin.display(description=_("clientes"))
    def sus_clientes(self, usuario: Usuario) -> str | SafeString:
        """Their clientes, each a link, and another to register one."""
        if usuario._state.adding:
            return str(_("Podrá registrarlo como cliente después de guardarlo."))
        links = [
            (reverse("admin:clientes_cliente_change", args=[cliente.pk]), cliente)
            for cliente in usuario.clientes.all()
        ]
        add = f"{reverse('admin:clientes_cliente_add')}?usuario={usuario.pk}"
        known = format_html_join(" · ", LINK, links) or _("Todavía no es cliente.")
        return format_html("{} &nbsp; " + LINK, known, add, _("Registrar como cliente"))
