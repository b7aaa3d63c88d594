"""The page of pólizas: each names its cliente and its agente."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from agentes.pages import AgenteField
from clientes.pages import ClienteField
from core.formats import money
from core.pages import Column, EntityPage, Group, NamedField, PageSerializer
from polizas.api.poliza import PolizaSerializer, PolizaViewSet


class ProductoField(NamedField):
    column = "codigo"
    offers = True
    help = _("Su código, o su identificador.")
    unknown = _("No hay ningún producto con código %(name)s.")

    def choosable(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.filter(activo=True)


class PolizaPageSerializer(PageSerializer, PolizaSerializer):
    named = {
        "cliente": ClienteField,
        "asegurado": ClienteField,
        "pagador": ClienteField,
        "agente": AgenteField,
        "producto": ProductoField,
    }


class PolizaPage(EntityPage, PolizaViewSet):
    serializer_class = PolizaPageSerializer
    brings = ("cliente", "agente", "producto")
    filters = {
        "estado": _("Estado"),
        "ramo": _("Ramo"),
        "fin__gte": _("Termina desde"),
        "fin__lt": _("Termina antes de"),
    }
    columns = (
        Column(_("Número"), lambda poliza: poliza.numero),
        Column(_("Cliente"), lambda poliza: getattr(poliza, "expanded_cliente", None)),
        Column(_("Producto"), lambda poliza: _producto(poliza)),
        Column(_("Agente"), lambda poliza: getattr(poliza, "expanded_agente", None)),
        Column(_("Inicio"), lambda poliza: poliza.inicio),
        Column(_("Fin"), lambda poliza: poliza.fin),
        Column(_("Prima"), lambda poliza: money(poliza.prima, poliza.moneda), "numero"),
        Column(_("Estado"), lambda poliza: poliza.get_estado_display(), "etiqueta"),
    )
    form = (
        Group("", ("cliente", "agente", "producto", "inicio", "fin", "suma_asegurada")),
        Group(_("Importes"), ("moneda", "prima_neta", "impuestos", "recargos", "forma_pago")),
        Group(_("Número y otras personas"), ("numero", "asegurado", "pagador"), folded=True),
    )


def _producto(poliza: Any) -> str:
    producto = getattr(poliza, "expanded_producto", None)
    return producto.nombre if producto else ""
