from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import (
    AutocompleteSelectFilter,
    ChoicesDropdownFilter,
    DropdownFilter,
    RangeDateTimeFilter,
)
from unfold.decorators import display

from bienes.formulario import DocumentoAdmin
from core import rights
from core.admin import StyledForm, confirmed
from empleados.models import Empleado
from pedidos import services
from pedidos.models import Pedido
from pedidos.reglas import TRANSICIONES, EstadoPedido

COLORES = {
    EstadoPedido.PENDIENTE: "warning",
    EstadoPedido.EN_PROCESO: "info",
    EstadoPedido.TERMINADO: "success",
}


class TramiteFilter(DropdownFilter):
    title = _("trámite")
    parameter_name = "tramite"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Sequence[tuple[Any, str]]:
        return [
            ("sin_tomar", gettext("Sin tomar")),
            ("mios", gettext("Los míos, abiertos")),
            ("abiertos", gettext("Todos los abiertos")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Pedido]) -> QuerySet[Pedido]:
        match self.value():
            case "sin_tomar":
                return queryset.sin_tomar()  # type: ignore[attr-defined, no-any-return]
            case "abiertos":
                return queryset.abiertos()  # type: ignore[attr-defined, no-any-return]
            case "mios":
                return queryset.abiertos().filter(empleado__cuenta=request.user)  # type: ignore[attr-defined, no-any-return]
        return queryset


class TomarForm(StyledForm):
    empleado = forms.ModelChoiceField(
        Empleado.objects.activos(),
        label=_("Empleado"),
        required=False,
        help_text=_("En blanco, usted."),
    )


class TerminarForm(StyledForm):
    resultado = forms.CharField(
        label=_("Resultado"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Lo que se entregó al cliente."),
    )


class CancelarForm(StyledForm):
    motivo = forms.CharField(
        label=_("Motivo"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


@admin.register(Pedido)
class PedidoAdmin(DocumentoAdmin):
    list_display = ("pedido", "cliente", "poliza", "fecha", "empleado", "en_estado")
    list_prefetch = autocomplete_fields = ("cliente", "poliza", "empleado")
    search_fields = ("busqueda", "cliente__busqueda")
    list_filter = (
        TramiteFilter,
        ("tipo", ChoicesDropdownFilter),
        ("estado", ChoicesDropdownFilter),
        ("empleado", AutocompleteSelectFilter),
        ("cliente", AutocompleteSelectFilter),
        ("fecha", RangeDateTimeFilter),
    )
    actions = ("tomar", "terminar", "cancelar")
    readonly_fields = ("estado", "resultado")
    fieldsets = (
        (None, {"fields": (("cliente", "poliza"), "fecha", "tipo")}),
        (_("Atención"), {"fields": (("empleado", "estado"), "resultado")}),
    )

    def has_change_permission(self, request: HttpRequest, obj: Pedido | None = None) -> bool:
        return (obj is None or obj.abierto) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Pedido | None = None) -> bool:
        terminado = obj is not None and obj.estado == EstadoPedido.TERMINADO
        return not terminado and super().has_delete_permission(request, obj)

    def has_atender_permission(self, request: HttpRequest) -> bool:
        return rights.may(request.user, "atender", Pedido)

    def offers(self, row: Pedido, verb: str) -> bool:
        return row.estado in TRANSICIONES[verb][0]

    @admin.display(description=_("pedido"))
    def pedido(self, pedido: Pedido) -> str:
        return str(pedido)

    @display(description=_("estado"), ordering="estado", label=COLORES)  # type: ignore[untyped-decorator]
    def en_estado(self, pedido: Pedido) -> tuple[str, str]:
        return pedido.estado, pedido.get_estado_display()

    @admin.action(description=_("Tomar"), permissions=["atender"])
    @confirmed(question=_("¿Quién se encarga de estos pedidos?"), form=TomarForm)
    def tomar(self, request: HttpRequest, queryset: QuerySet[Pedido], form: TomarForm) -> None:
        elegido = form.cleaned_data["empleado"]
        propio = Empleado.objects.filter(cuenta=request.user.pk).first()

        def verbo(pedido: Pedido) -> Pedido:
            if not (empleado := elegido or propio):
                raise ValidationError(_("Su cuenta no es de ningún empleado: elija uno."))
            return services.tomar(pedido.pk, empleado=empleado)

        self.each(request, queryset, verbo)

    @admin.action(description=_("Terminar"), permissions=["atender"])
    @confirmed(question=_("¿Dar estos pedidos por terminados?"), form=TerminarForm)
    def terminar(
        self, request: HttpRequest, queryset: QuerySet[Pedido], form: TerminarForm
    ) -> None:
        resultado = form.cleaned_data["resultado"]
        self.each(request, queryset, lambda p: services.terminar(p.pk, resultado=resultado))

    @admin.action(description=_("Cancelar"), permissions=["atender"])
    @confirmed(question=_("¿Cancelar estos pedidos?"), form=CancelarForm)
    def cancelar(
        self, request: HttpRequest, queryset: QuerySet[Pedido], form: CancelarForm
    ) -> None:
        motivo = form.cleaned_data["motivo"]
        self.each(request, queryset, lambda p: services.cancelar(p.pk, motivo=motivo))
