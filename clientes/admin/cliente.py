from collections.abc import Sequence
from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import (
    AutocompleteSelectFilter,
    ChoicesDropdownFilter,
    DropdownFilter,
)
from unfold.decorators import display

from clientes.admin.partes import (
    BeneficiarioInline,
    ConsentimientoInline,
    ContactoInline,
    DireccionInline,
    ServicioInline,
)
from clientes.models import Cliente, ClienteQuerySet, Consentimiento
from core.admin import EntityAdmin

NAMED = 5


class DocumentoFilter(DropdownFilter):
    title = _("documento")
    parameter_name = "documento"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Sequence[tuple[str, Any]]:
        return [("repetido", _("Repetido")), ("falta", _("Sin documento"))]

    def queryset(self, request: HttpRequest, queryset: ClienteQuerySet) -> ClienteQuerySet:
        match self.value():
            case "repetido":
                return queryset.con_documento_repetido()
            case "falta":
                return queryset.sin_documento()
        return queryset


class ConsienteFilter(DropdownFilter):
    title = _("consentimiento vigente")
    parameter_name = "consiente"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Sequence[tuple[str, Any]]:
        return list(Consentimiento.Finalidad.choices)

    def queryset(self, request: HttpRequest, queryset: ClienteQuerySet) -> ClienteQuerySet:
        if finalidad := self.value():
            return queryset.que_consienten(finalidad, timezone.localdate())
        return queryset


@admin.register(Cliente)
class ClienteAdmin(EntityAdmin):
    list_display = (
        "nombre_completo",
        "tipo",
        "documento",
        "repetido",
        "edad",
        "telefono",
        "email",
        "creado",
    )
    list_filter = (
        ("tipo", ChoicesDropdownFilter),
        DocumentoFilter,
        ConsienteFilter,
        ("agente", AutocompleteSelectFilter),
        "expuesto",
        "creado",
    )
    autocomplete_fields = ("agente", "usuario")
    readonly_fields = ("creado",)
    inlines = (
        ContactoInline,
        DireccionInline,
        ConsentimientoInline,
        BeneficiarioInline,
        ServicioInline,
    )
    fieldsets = (
        (None, {"fields": ("tipo", ("nombres", "apellidos"))}),
        (
            _("Identidad"),
            {
                "fields": (
                    ("tipo_documento", "pais_documento"),
                    ("numero_documento", "nacimiento"),
                    ("sexo", "estado_civil"),
                    ("ocupacion", "expuesto"),
                )
            },
        ),
        (_("Contacto"), {"fields": (("email", "telefono"), ("agente", "usuario"))}),
        (
            _("Otros datos"),
            {"classes": ("collapse",), "fields": ("notas", "nombre_sky", "creado")},
        ),
    )

    def get_queryset(self, request: HttpRequest) -> ClienteQuerySet:
        queryset: ClienteQuerySet = super().get_queryset(request)
        return queryset.marcando_repetidos()

    @admin.display(description=_("nombre"), ordering="nombres")
    def nombre_completo(self, cliente: Cliente) -> str:
        return cliente.nombre_completo

    @admin.display(description=_("documento"), ordering="numero_documento")
    def documento(self, cliente: Cliente) -> str:
        return cliente.documento

    @display(description=_("aviso"), label={"repetido": "warning"}, empty_value="")  # type: ignore[untyped-decorator]
    def repetido(self, cliente: Cliente) -> tuple[str, Any] | None:
        if getattr(cliente, "repetido", False):
            return "repetido", _("Documento repetido")
        return None

    @admin.display(description=_("edad"), ordering="nacimiento")
    def edad(self, cliente: Cliente) -> int | None:
        return cliente.edad(timezone.localdate())

    # A repeated document is told on opening the page and after saving, wherever that leads.

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, obj: Any = None, **kwargs: Any
    ) -> HttpResponse:
        if obj and request.method == "GET":
            self._warn_of_repeats(request, obj)
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def response_add(self, request: HttpRequest, obj: Cliente, *args: Any) -> HttpResponse:
        if "_continue" not in request.POST:
            self._warn_of_repeats(request, obj)
        return super().response_add(request, obj, *args)  # type: ignore[no-any-return]

    def response_change(self, request: HttpRequest, obj: Cliente) -> HttpResponse:
        if "_continue" not in request.POST:
            self._warn_of_repeats(request, obj)
        return super().response_change(request, obj)  # type: ignore[no-any-return]

    def _warn_of_repeats(self, request: HttpRequest, cliente: Cliente) -> None:
        """Name in a warning the other clientes with this document."""
        others = list(cliente.otros_con_su_documento()[: NAMED + 1])
        if not others:
            return
        links = format_html_join(
            ", ",
            '<a class="underline" href="{}">{}</a>',
            (
                (reverse("admin:clientes_cliente_change", args=[other.pk]), other)
                for other in others[:NAMED]
            ),
        )
        text = _("El documento {} de «{}» lo tienen también: {}{}.")
        more = _(" y otros") if len(others) > NAMED else ""
        messages.warning(request, format_html(str(text), cliente.documento, cliente, links, more))
