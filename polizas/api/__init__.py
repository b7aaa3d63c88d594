"""The API of pólizas, of what there is to sell and of what is paid for it."""

from core.api.router import Router
from polizas.api.catalogo import AseguradoraViewSet, ProductoViewSet, TipoCoberturaViewSet
from polizas.api.partes import BeneficiarioViewSet, CoberturaViewSet
from polizas.api.poliza import PolizaViewSet
from polizas.api.recibos import CobroViewSet, ReciboViewSet


def register(router: Router) -> None:
    for collection, viewset in {
        "aseguradoras": AseguradoraViewSet,
        "productos": ProductoViewSet,
        "tipos-cobertura": TipoCoberturaViewSet,
        "polizas": PolizaViewSet,
        "coberturas": CoberturaViewSet,
        "beneficiarios-poliza": BeneficiarioViewSet,
        "recibos": ReciboViewSet,
        "cobros": CobroViewSet,
    }.items():
        router.register(collection, viewset)
