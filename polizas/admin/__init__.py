"""The pages of pólizas: what there is to sell, what was sold, what is paid."""

from polizas.admin.catalogo import AseguradoraAdmin, ProductoAdmin
from polizas.admin.poliza import PolizaAdmin
from polizas.admin.recibos import CobroAdmin, ReciboAdmin

__all__ = ["AseguradoraAdmin", "CobroAdmin", "PolizaAdmin", "ProductoAdmin", "ReciboAdmin"]
