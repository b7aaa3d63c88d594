from siniestros.models.pago import Pago
from siniestros.models.reclamo import Causa, Reclamo, ReclamoQuerySet

__all__ = ["Causa", "Pago", "Reclamo", "ReclamoQuerySet"]
