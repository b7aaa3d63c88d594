from polizas.models.base import Numeracion
from polizas.models.catalogo import Aseguradora, Moneda, Producto, TipoCobertura
from polizas.models.partes import BeneficiarioPoliza, Cobertura
from polizas.models.poliza import Poliza
from polizas.models.recibos import Cobro, MetodoPago, Recibo
from polizas.reglas import EstadoPoliza, EstadoRecibo, FormaPago, MotivoAnulacion

__all__ = [
    "Aseguradora",
    "BeneficiarioPoliza",
    "Cobertura",
    "Cobro",
    "EstadoPoliza",
    "EstadoRecibo",
    "FormaPago",
    "MetodoPago",
    "Moneda",
    "MotivoAnulacion",
    "Numeracion",
    "Poliza",
    "Producto",
    "Recibo",
    "TipoCobertura",
]
