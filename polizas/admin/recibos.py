from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import (
    AutocompleteSelectFilter,
    ChoicesDropdownFilter,
    RangeDateTimeFilter,
)
from unfold.decorators import display

from core import rights
from core.admin import EntityAdmin, EntityInline, confirmed
from polizas import services
from polizas.admin.columnas import dinero, enlace
from polizas.admin.filtros import FechaFilter, ParticipaFilter, VencimientoFilter
from polizas.admin.formularios import CobrarForm
from polizas.models import Cobro, Recibo
from polizas.models.recibos import ReciboQuerySet
from polizas.reglas import EstadoRecibo

COLORES = {"pendiente": "warning", "cobrado": "success", "anulado": "danger"}


class CuentasAdmin(EntityAdmin):
    """Accounts: looked at here, changed by verbs alone."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class CobroInline(EntityInline):
    model = Cobro
    fields = ("fecha", "monto", "metodo", "referencia")
    hide_title = True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Recibo)
class ReciboAdmin(CuentasAdmin):
    list_display = (
        "recibo",
        "cliente",
        "vencimiento",
        "importe_con_moneda",
        "cobrado",
        "estado_color",
    )
    list_prefetch = ("poliza__cliente",)
    list_filter = (
        ("estado", ChoicesDropdownFilter),
        VencimientoFilter,
        ("poliza__agente", AutocompleteSelectFilter),
        ("poliza__producto__aseguradora", AutocompleteSelectFilter),
        ("poliza__cliente", ParticipaFilter),
    )
    search_fields = ("poliza__busqueda",)
    actions = ("cobrar",)
    inlines = (CobroInline,)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("poliza_enlace", "cliente", "numero"),
                    ("vencimiento", "estado"),
                    ("importe_con_moneda", "cobrado"),
                )
            },
        ),
    )
    readonly_fields = ("poliza_enlace", "cliente", "importe_con_moneda", "cobrado", "estado")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Recibo]:
        return super().get_queryset(request).con_cobrado()  # type: ignore[no-any-return]

    def has_cobrar_permission(self, request: HttpRequest) -> bool:
        return rights.may(request.user, "cobrar", Recibo)

    def offers(self, row: Recibo, verb: str) -> bool:
        return row.estado == EstadoRecibo.PENDIENTE

    @admin.display(description=_("recibo"), ordering="poliza__numero")
    def recibo(self, recibo: Recibo) -> str:
        return str(recibo)

    @admin.display(description=_("póliza"))
    def poliza_enlace(self, recibo: Recibo) -> str:
        return enlace(recibo.poliza)

    @admin.display(description=_("cliente"))
    def cliente(self, recibo: Recibo) -> str:
        return enlace(recibo.poliza.cliente)

    @admin.display(description=_("importe"), ordering="importe")
    def importe_con_moneda(self, recibo: Recibo) -> str:
        return dinero(recibo.importe, recibo.poliza.moneda)

    @admin.display(description=_("cobrado"))
    def cobrado(self, recibo: Any) -> str:
        return dinero(recibo.cobrado, recibo.poliza.moneda)

    @display(description=_("estado"), ordering="estado", label=COLORES)  # type: ignore[untyped-decorator]
    def estado_color(self, recibo: Recibo) -> tuple[str, str]:
        return recibo.estado, recibo.get_estado_display()

    @admin.action(description=_("Cobrar"), permissions=["cobrar"])
    @confirmed(question=_("¿Cobrar estos recibos?"), form=CobrarForm)
    def cobrar(self, request: HttpRequest, queryset: ReciboQuerySet, form: CobrarForm) -> None:
        datos = form.cleaned_data
        self.each(request, queryset, lambda recibo: services.cobrar(recibo.pk, **datos))


@admin.register(Cobro)
class CobroAdmin(CuentasAdmin):
    list_display = ("recibo", "fecha", "monto_con_moneda", "metodo", "referencia")
    list_prefetch = ("recibo__poliza",)
    list_filter = (
        FechaFilter,
        ("metodo", ChoicesDropdownFilter),
        ("recibo__poliza__cliente", ParticipaFilter),
        ("fecha", RangeDateTimeFilter),
    )
    search_fields = ("busqueda", "recibo__poliza__busqueda")
    fields = ("recibo", ("monto", "metodo"), ("fecha", "referencia"))

    @admin.display(description=_("monto"), ordering="monto")
    def monto_con_moneda(self, cobro: Cobro) -> str:
        return dinero(cobro.monto, cobro.recibo.poliza.moneda)
