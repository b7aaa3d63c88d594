from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter
from unfold.decorators import display

from core import rights
from core.admin import EntityAdmin, EntityInline, confirmed
from polizas import reglas, services
from polizas.admin.columnas import dinero, enlace
from polizas.admin.filtros import ParticipaFilter, VigenciaFilter
from polizas.admin.formularios import AnularForm, BeneficiariosFormSet, PolizaForm, RenovarForm
from polizas.models import BeneficiarioPoliza, Cobertura, Poliza, Recibo
from polizas.models.poliza import PolizaQuerySet
from polizas.reglas import EstadoPoliza

LLEVA_A = {
    "emitir": EstadoPoliza.EMITIDA,
    "renovar": EstadoPoliza.RENOVADA,
    "anular": EstadoPoliza.ANULADA,
}

COLORES = {
    "cotizada": "info",
    "emitida": "primary",
    "vigente": "success",
    "anulada": "danger",
    "vencida": "warning",
    "renovada": "info",
}


class ParteInline(EntityInline):
    """Parts that may be changed while `abierta` says so of their póliza."""

    hide_title = True

    def abierta(self, poliza: Poliza | None) -> bool:
        return poliza is None or poliza.cotizada

    def has_add_permission(self, request: HttpRequest, obj: Poliza | None = None) -> bool:
        return self.abierta(obj) and super().has_add_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Poliza | None = None) -> bool:
        return self.abierta(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Poliza | None = None) -> bool:
        return self.abierta(obj) and super().has_delete_permission(request, obj)


class CoberturaInline(ParteInline):
    model = Cobertura
    fields = ("nombre", "limite", "deducible")


class BeneficiarioInline(ParteInline):
    model = BeneficiarioPoliza
    formset = BeneficiariosFormSet
    fields = ("nombre_completo", "parentesco", "porcentaje")
    verbose_name = _("beneficiario")
    verbose_name_plural = _("beneficiarios")

    def abierta(self, poliza: Poliza | None) -> bool:
        return poliza is None or poliza.viva


class ReciboInline(ParteInline):
    model = Recibo
    fields = ("recibo", "vencimiento", "importe", "cobrado", "estado")
    readonly_fields = ("recibo", "cobrado", "estado")
    ordering = ("numero",)

    def abierta(self, poliza: Poliza | None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Recibo]:
        return super().get_queryset(request).con_cobrado()  # type: ignore[no-any-return]

    @admin.display(description=_("recibo"))
    def recibo(self, recibo: Recibo) -> str:
        return enlace(recibo)

    @admin.display(description=_("cobrado"))
    def cobrado(self, recibo: Any) -> str:
        return dinero(recibo.cobrado, recibo.poliza.moneda)


@admin.register(Poliza)
class PolizaAdmin(EntityAdmin):
    form = PolizaForm
    list_display = (
        "numero",
        "cliente_enlace",
        "producto_nombre",
        "aseguradora",
        "agente_enlace",
        "vigencia",
        "prima_con_moneda",
        "estado_color",
    )
    list_prefetch = ("cliente", "agente", "producto__aseguradora")
    list_filter = (
        ("estado", ChoicesDropdownFilter),
        VigenciaFilter,
        ("producto__ramo", ChoicesDropdownFilter),
        ("producto__aseguradora", AutocompleteSelectFilter),
        ("agente", AutocompleteSelectFilter),
        ("cliente", ParticipaFilter),
        ("forma_pago", ChoicesDropdownFilter),
    )
    autocomplete_fields = ("cliente", "asegurado", "pagador", "agente", "producto")
    readonly_fields = (
        "estado",
        "prima",
        "motivo_anulacion",
        "anulada_el",
        "anterior",
        "renovada_por",
    )
    actions = ("emitir", "renovar", "anular")
    fieldsets = (
        (None, {"fields": (("numero", "estado"), ("producto", "forma_pago"))}),
        (_("Personas"), {"fields": (("cliente", "asegurado"), ("pagador", "agente"))}),
        (_("Vigencia"), {"fields": (("inicio", "fin"),)}),
        (
            _("Importes"),
            {
                "fields": (
                    ("moneda", "suma_asegurada"),
                    ("prima_neta", "impuestos", "recargos"),
                    "prima",
                )
            },
        ),
    )
    ANULACION = (_("Anulación"), {"fields": [("motivo_anulacion", "anulada_el")]})
    RENOVACION = (_("Renovación"), {"fields": [("anterior", "renovada_por")]})

    # What depends on how far the póliza has come.

    def get_fieldsets(self, request: HttpRequest, obj: Poliza | None = None) -> Any:
        fieldsets = [*super().get_fieldsets(request, obj)]
        if obj and obj.estado == EstadoPoliza.ANULADA:
            fieldsets.append(self.ANULACION)
        if obj and (obj.anterior_id or hasattr(obj, "siguiente")):
            fieldsets.append(self.RENOVACION)
        return fieldsets

    def get_readonly_fields(self, request: HttpRequest, obj: Poliza | None = None) -> Sequence[str]:
        fields = [*super().get_readonly_fields(request, obj)]
        if obj and not obj.cotizada:
            fields += [field for field in Poliza.FIJOS_TRAS_EMITIR if field not in fields]
        return fields

    def get_form(self, request: HttpRequest, obj: Poliza | None = None, **kwargs: Any) -> Any:
        """What nobody fills in any more needs no help with it; the prima keeps its own."""
        mudos = {*self.get_readonly_fields(request, obj)} - {"prima"}
        return super().get_form(request, obj, **kwargs | {"help_texts": dict.fromkeys(mudos, "")})

    def get_inlines(self, request: HttpRequest, obj: Poliza | None) -> list[type[EntityInline]]:
        recibos = [ReciboInline] if obj and not obj.cotizada else []
        return [*recibos, CoberturaInline, BeneficiarioInline]

    def has_delete_permission(self, request: HttpRequest, obj: Poliza | None = None) -> bool:
        return (obj is None or obj.cotizada) and super().has_delete_permission(request, obj)

    def has_emitir_permission(self, request: HttpRequest) -> bool:
        return rights.may(request.user, "emitir", Poliza)

    def offers(self, row: Poliza, verb: str) -> bool:
        return reglas.puede_pasar(row.estado, LLEVA_A[verb])

    def search(
        self, request: HttpRequest, queryset: QuerySet[Poliza], term: str
    ) -> tuple[QuerySet[Poliza], bool]:
        """By number, or by the words of its cliente."""
        found, repeats = super().search(request, queryset, term)
        del_cliente = queryset.matching(term, ("cliente__busqueda",))  # type: ignore[attr-defined]
        return (found | del_cliente if term else found), repeats

    # Columns.

    @admin.display(description=_("cliente"))
    def cliente_enlace(self, poliza: Poliza) -> str:
        return enlace(poliza.cliente)

    @admin.display(description=_("agente"))
    def agente_enlace(self, poliza: Poliza) -> str:
        return enlace(poliza.agente)

    @admin.display(description=_("producto"))
    def producto_nombre(self, poliza: Poliza) -> str:
        return poliza.producto.nombre

    @admin.display(description=_("aseguradora"))
    def aseguradora(self, poliza: Poliza) -> str:
        return poliza.producto.aseguradora.nombre

    @admin.display(description=_("vigencia"), ordering="fin")
    def vigencia(self, poliza: Poliza) -> str:
        inicio, fin = (date_format(dia, "SHORT_DATE_FORMAT") for dia in (poliza.inicio, poliza.fin))
        return f"{inicio} – {fin}"

    @admin.display(description=_("prima"), ordering="prima")
    def prima_con_moneda(self, poliza: Poliza) -> str:
        return dinero(poliza.prima, poliza.moneda)

    @display(description=_("estado"), ordering="estado", label=COLORES)  # type: ignore[untyped-decorator]
    def estado_color(self, poliza: Poliza) -> tuple[str, str]:
        return poliza.estado, poliza.get_estado_display()

    @admin.display(description=_("renovada por"))
    def renovada_por(self, poliza: Poliza) -> str:
        return enlace(getattr(poliza, "siguiente", None))

    # Verbs.

    @admin.action(description=_("Emitir"), permissions=["emitir"])
    @confirmed(question=_("¿Emitir estas pólizas? Después no se cambian sus datos ni se borran."))
    def emitir(self, request: HttpRequest, queryset: PolizaQuerySet, form: None) -> None:
        dia = timezone.localdate()
        self.each(request, queryset, lambda poliza: services.emitir(poliza.pk, dia=dia))

    @admin.action(description=_("Renovar"), permissions=["emitir"])
    @confirmed(
        question=_("¿Renovar estas pólizas? Se emite la siguiente de cada una."), form=RenovarForm
    )
    def renovar(self, request: HttpRequest, queryset: PolizaQuerySet, form: RenovarForm) -> None:
        dia, hasta = timezone.localdate(), form.cleaned_data["hasta"]
        ajuste = form.cleaned_data["ajuste"] or Decimal(0)
        self.each(
            request,
            queryset,
            lambda poliza: services.renovar(poliza.pk, dia=dia, hasta=hasta, ajuste=ajuste),
        )

    @admin.action(description=_("Anular"), permissions=["emitir"])
    @confirmed(
        question=_("¿Anular estas pólizas? Sus recibos pendientes quedan anulados."),
        form=AnularForm,
    )
    def anular(self, request: HttpRequest, queryset: PolizaQuerySet, form: AnularForm) -> None:
        datos = form.cleaned_data
        self.each(request, queryset, lambda poliza: services.anular(poliza.pk, **datos))
