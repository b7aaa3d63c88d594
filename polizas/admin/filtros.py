"""Filters that speak of today, where the rest is told the day."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import AutocompleteSelectFilter, DropdownFilter

from polizas.models.poliza import PolizaQuerySet, de_cliente
from polizas.models.recibos import ReciboQuerySet
from polizas.reglas import EstadoPoliza

Opciones = dict[str, tuple[str | Promise, Callable[[Any, date], Any]]]


class FiltroDelDia(DropdownFilter):
    """A choice of named filters, each of them asked for today."""

    opciones: Opciones = {}

    def lookups(self, request: HttpRequest, model_admin: Any) -> Sequence[tuple[Any, str]]:
        return [(clave, str(nombre)) for clave, (nombre, _filtrar) in self.opciones.items()]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        opcion = self.opciones.get(self.value() or "")
        return opcion[1](queryset, timezone.localdate()) if opcion else queryset


def _polizas_en(dias: int) -> Callable[[PolizaQuerySet, date], PolizaQuerySet]:
    return lambda polizas, hoy: polizas.vencen_entre(hoy, hoy + timedelta(dias))


def _recibos_en(dias: int) -> Callable[[ReciboQuerySet, date], ReciboQuerySet]:
    return lambda recibos, hoy: recibos.vencen_entre(hoy, hoy + timedelta(dias))


class VigenciaFilter(FiltroDelDia):
    title = _("vigencia")
    parameter_name = "vigencia"
    opciones: Opciones = {
        "hoy": (_("Cubren hoy"), lambda polizas, hoy: polizas.vigentes(hoy)),
        "30": (_("Vencen en 30 días"), _polizas_en(30)),
        "60": (_("Vencen en 60 días"), _polizas_en(60)),
        "90": (_("Vencen en 90 días"), _polizas_en(90)),
        "por_empezar": (
            _("Por empezar"),
            lambda polizas, hoy: polizas.filter(inicio__gt=hoy, estado=EstadoPoliza.EMITIDA),
        ),
        "sin_renovar": (
            _("Vencidas sin renovar"),
            lambda polizas, hoy: polizas.filter(fin__lt=hoy, estado=EstadoPoliza.VENCIDA),
        ),
    }


class VencimientoFilter(FiltroDelDia):
    title = _("vencimiento")
    parameter_name = "vence"
    opciones: Opciones = {
        "impagos": (_("Impagos"), lambda recibos, hoy: recibos.impagos(hoy)),
        "hoy": (_("Vencen hoy"), _recibos_en(0)),
        "7": (_("Vencen en 7 días"), _recibos_en(7)),
        "30": (_("Vencen en 30 días"), _recibos_en(30)),
    }


class ParticipaFilter(AutocompleteSelectFilter):
    """What is of the pólizas in which the cliente takes part: as tomador, asegurado or pagador."""

    field_path: str

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if not self.value():
            return queryset
        try:
            return queryset.filter(
                de_cliente(self.value(), self.field_path.removesuffix("cliente"))
            )
        except (ValueError, ValidationError) as refusal:
            raise IncorrectLookupParameters(refusal) from refusal


class FechaFilter(FiltroDelDia):
    """Of what has a moment of its own: cobros, pagos."""

    title = _("día")
    parameter_name = "dia"
    opciones: Opciones = {"hoy": (_("Hoy"), lambda filas, hoy: filas.del_dia(hoy))}
