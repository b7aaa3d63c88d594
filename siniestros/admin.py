from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import (
    ChoicesDropdownFilter,
    DropdownFilter,
    RangeDateTimeFilter,
    RangeNumericFilter,
)
from unfold.decorators import display

from core import rights
from core.admin import EntityAdmin, EntityInline, StyledForm, confirmed
from polizas.admin.filtros import FechaFilter, ParticipaFilter
from polizas.models import MetodoPago
from siniestros import services
from siniestros.models import Pago, Reclamo
from siniestros.reglas import TRANSICIONES, EstadoReclamo

COLORES = {
    EstadoReclamo.PENDIENTE: "warning",
    EstadoReclamo.EN_REVISION: "info",
    EstadoReclamo.APROBADO: "primary",
    EstadoReclamo.RECHAZADO: "danger",
    EstadoReclamo.PAGADO: "success",
    EstadoReclamo.REABIERTO: "warning",
}


class TramiteFilter(DropdownFilter):
    title = _("trámite")
    parameter_name = "tramite"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Sequence[tuple[Any, str]]:
        return [("abiertos", gettext("Por decidir")), ("por_pagar", gettext("Por pagar"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Reclamo]) -> QuerySet[Reclamo]:
        match self.value():
            case "abiertos":
                return queryset.abiertos()  # type: ignore[attr-defined, no-any-return]
            case "por_pagar":
                return queryset.por_pagar()  # type: ignore[attr-defined, no-any-return]
        return queryset


class AprobarForm(StyledForm):
    reserva = forms.DecimalField(
        label=_("Reserva"),
        required=False,
        min_value=0,
        max_digits=14,
        decimal_places=2,
        help_text=_("En blanco, la estimada; si no la hay, el monto reclamado."),
    )


class MotivoForm(StyledForm):
    motivo = forms.CharField(
        label=_("Motivo"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


class CerrarForm(MotivoForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["motivo"].required = False


class PagarForm(StyledForm):
    monto = forms.DecimalField(
        label=_("Monto"),
        required=False,
        min_value=0,
        max_digits=14,
        decimal_places=2,
        help_text=_("En blanco, todo lo que queda de la reserva."),
    )
    metodo = forms.ChoiceField(label=_("Método"), choices=MetodoPago)
    beneficiario = forms.CharField(label=_("Pagado a"), max_length=200, required=False)
    referencia = forms.CharField(label=_("Referencia"), max_length=60, required=False)


class PagoInline(EntityInline):
    model = Pago
    fields = readonly_fields = ("fecha", "monto", "metodo", "beneficiario", "referencia")
    can_delete = False
    max_num = 0

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Reclamo)
class ReclamoAdmin(EntityAdmin):
    list_display = (
        "numero",
        "poliza",
        "cliente",
        "causa",
        "fecha_reclamo",
        "monto",
        "reserva",
        "pagado",
        "en_estado",
    )
    list_prefetch = ("poliza__cliente",)
    list_filter = (
        TramiteFilter,
        ("estado", ChoicesDropdownFilter),
        ("causa", ChoicesDropdownFilter),
        ("poliza__cliente", ParticipaFilter),
        ("fecha_reclamo", RangeDateTimeFilter),
        ("monto", RangeNumericFilter),
    )
    search_fields = ("busqueda", "poliza__busqueda", "poliza__cliente__busqueda")
    autocomplete_fields = ("poliza", "bien")
    inlines = (PagoInline,)
    actions = ("revisar", "aprobar", "rechazar", "pagar", "cerrar", "reabrir")
    readonly_fields = ("estado", "pagado", "motivo")
    fieldsets = (
        (None, {"fields": (("numero", "estado"), ("poliza", "bien"), "motivo")}),
        (
            _("Lo ocurrido"),
            {"fields": ("fecha_reclamo", ("fecha_ocurrencia", "causa"), "descripcion")},
        ),
        (_("Dinero"), {"fields": ("monto", ("reserva", "pagado"))}),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Reclamo | None = None) -> Any:
        fijos = Reclamo.FIJOS_TRAS_DECIDIR if obj and obj.decidido else ()
        return (*super().get_readonly_fields(request, obj), *fijos)

    def has_delete_permission(self, request: HttpRequest, obj: Reclamo | None = None) -> bool:
        intacto = obj is None or obj.estado == EstadoReclamo.PENDIENTE
        return intacto and super().has_delete_permission(request, obj)

    def has_resolver_permission(self, request: HttpRequest) -> bool:
        return rights.may(request.user, "resolver", Reclamo)

    def has_pagar_permission(self, request: HttpRequest) -> bool:
        return rights.may(request.user, "pagar", Reclamo)

    def offers(self, row: Reclamo, verb: str) -> bool:
        return row.estado in TRANSICIONES[verb][0]

    @admin.display(description=_("cliente"))
    def cliente(self, reclamo: Reclamo) -> str:
        return str(reclamo.poliza.cliente)

    @display(description=_("estado"), ordering="estado", label=COLORES)  # type: ignore[untyped-decorator]
    def en_estado(self, reclamo: Reclamo) -> tuple[str, str]:
        return reclamo.estado, reclamo.get_estado_display()

    @admin.action(description=_("Revisar"), permissions=["resolver"])
    def revisar(self, request: HttpRequest, queryset: QuerySet[Reclamo]) -> None:
        self.each(request, queryset, lambda reclamo: services.revisar(reclamo.pk))

    @admin.action(description=_("Aprobar"), permissions=["resolver"])
    @confirmed(question=_("¿Aprobar estos reclamos y apartar su reserva?"), form=AprobarForm)
    def aprobar(self, request: HttpRequest, queryset: QuerySet[Reclamo], form: AprobarForm) -> None:
        reserva = form.cleaned_data["reserva"]
        self.each(request, queryset, lambda r: services.aprobar(r.pk, reserva=reserva))

    @admin.action(description=_("Rechazar"), permissions=["resolver"])
    @confirmed(question=_("¿Rechazar estos reclamos?"), form=MotivoForm)
    def rechazar(self, request: HttpRequest, queryset: QuerySet[Reclamo], form: MotivoForm) -> None:
        motivo = form.cleaned_data["motivo"]
        self.each(request, queryset, lambda r: services.rechazar(r.pk, motivo=motivo))

    @admin.action(description=_("Pagar"), permissions=["pagar"])
    @confirmed(
        question=_("¿Pagar estos reclamos? Un pago no se cambia ni se borra."), form=PagarForm
    )
    def pagar(self, request: HttpRequest, queryset: QuerySet[Reclamo], form: PagarForm) -> None:
        self.each(request, queryset, lambda r: services.pagar(r.pk, **form.cleaned_data))

    @admin.action(description=_("Cerrar"), permissions=["resolver"])
    @confirmed(
        question=_("¿Cerrar estos reclamos? Se libera lo que quede de su reserva."),
        form=CerrarForm,
    )
    def cerrar(self, request: HttpRequest, queryset: QuerySet[Reclamo], form: CerrarForm) -> None:
        motivo = form.cleaned_data["motivo"]
        self.each(request, queryset, lambda r: services.cerrar(r.pk, motivo=motivo))

    @admin.action(description=_("Reabrir"), permissions=["resolver"])
    @confirmed(question=_("¿Reabrir estos reclamos?"), form=MotivoForm)
    def reabrir(self, request: HttpRequest, queryset: QuerySet[Reclamo], form: MotivoForm) -> None:
        motivo = form.cleaned_data["motivo"]
        self.each(request, queryset, lambda r: services.reabrir(r.pk, motivo=motivo))


@admin.register(Pago)
class PagoAdmin(EntityAdmin):
    """Pagos are made from their reclamo, and only read here."""

    list_display = ("fecha", "reclamo", "cliente", "monto", "metodo", "beneficiario", "referencia")
    list_prefetch = ("reclamo__poliza__cliente",)
    list_filter = (
        FechaFilter,
        ("metodo", ChoicesDropdownFilter),
        ("reclamo__poliza__cliente", ParticipaFilter),
        ("fecha", RangeDateTimeFilter),
        ("monto", RangeNumericFilter),
    )
    search_fields = ("busqueda", "reclamo__busqueda")
    fieldsets = (
        (
            None,
            {"fields": ("reclamo", ("monto", "metodo"), "fecha", ("beneficiario", "referencia"))},
        ),
    )

    @admin.display(description=_("cliente"))
    def cliente(self, pago: Pago) -> str:
        return str(pago.reclamo.poliza.cliente)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
