"""Claims and payments."""

from django.utils.translation import gettext_lazy as _

from analitica.paginas.declarations import Cifra, Columna, Form, Grafico, Kind, Tema, counted
from analitica.paginas.names import MONTHS

CLAIMS = "/cassandra/analytics/claims"
LOSS = "/cross/analytics/claims-vs-policies"
PAYMENTS = "/cassandra/analytics/payments"
BOTH = "/cassandra/analytics/claims-payments-correlation"

SINIESTROS = Tema(
    "siniestros",
    _("Reclamos"),
    _("Cuántos hay, en qué estado, por cuánto, y qué parte de la prima se llevan."),
    "car_crash",
    [
        Cifra(_("Reclamos"), CLAIMS, "total_claims"),
        Cifra(_("En 30 días"), CLAIMS, "recent_claims"),
        Cifra(_("Reclamado"), CLAIMS, "amount_statistics.total", Form.MONEY),
        Cifra(_("Reclamo medio"), CLAIMS, "amount_statistics.average", Form.MONEY),
        Cifra(_("Reclamo mayor"), CLAIMS, "amount_statistics.max", Form.MONEY),
        Cifra(_("Pólizas con reclamos"), LOSS, "claim_frequency", Form.PERCENT),
        Cifra(_("Siniestralidad"), LOSS, "loss_ratio", Form.PERCENT),
    ],
    [
        Grafico(
            "por-mes", _("Reclamos por mes"), CLAIMS, "monthly_claims", Kind.LINE, _("Mes"),
            counted(_("Reclamos")), MONTHS, note=_("Los últimos 12 meses."),
        ),
        Grafico(
            "por-estado", _("Reclamos por estado"), CLAIMS, "claims_by_status", Kind.DOUGHNUT,
            _("Estado"), counted(_("Reclamos")),
        ),
        Grafico(
            "monto-por-estado", _("Monto por estado"), CLAIMS, "amount_by_status", Kind.BARS,
            _("Estado"),
            [
                Columna(_("Monto"), "total", Form.MONEY),
                Columna(_("Monto medio"), "average", Form.MONEY),
                Columna(_("Reclamos con monto"), "count"),
            ],
        ),
        Grafico(
            "polizas", _("Pólizas de más reclamo"), LOSS, "top_policies_by_loss", Kind.ROWS,
            _("Póliza"),
            [
                Columna(_("Reclamado"), "claim_amount", Form.MONEY, drawn=True),
                Columna(_("Prima"), "premium", Form.MONEY, drawn=True),
                Columna(_("Reclamos"), "claims"),
            ],
            named_by=("policy_number",),
        ),
    ],
)  # fmt: skip

PAGOS = Tema(
    "pagos",
    _("Pagos"),
    _("Lo que se cobra por primas y lo que se paga por siniestros, juntos: por método, mes y cliente."),
    "payments",
    [
        Cifra(_("Pagos"), PAYMENTS, "total_payments"),
        Cifra(_("Monto"), PAYMENTS, "amount_statistics.total", Form.MONEY),
        Cifra(_("Pago medio"), PAYMENTS, "amount_statistics.average", Form.MONEY),
        Cifra(_("Pago mediano"), PAYMENTS, "amount_statistics.median", Form.MONEY),
        Cifra(_("Reclamado por cada uno pagado"), BOTH, "claims_to_payments_ratio", Form.NUMBER),
        Cifra(_("Correlación de montos"), BOTH, "correlation.amount", Form.NUMBER),
    ],
    [
        Grafico(
            "por-mes", _("Monto por mes"), PAYMENTS, "monthly_payments", Kind.BARS, _("Mes"),
            [Columna(_("Monto"), "total", Form.MONEY), Columna(_("Pagos"), "count")], MONTHS,
            note=_("Los últimos 12 meses."),
        ),
        Grafico(
            "por-metodo", _("Pagos por método"), PAYMENTS, "payments_by_method", Kind.DOUGHNUT,
            _("Método"),
            [
                Columna(_("Pagos"), "count"),
                Columna(_("Monto"), "total", Form.MONEY),
                Columna(_("Pago medio"), "average", Form.MONEY),
            ],
        ),
        Grafico(
            "y-reclamos", _("Reclamos frente a pagos"), BOTH, "monthly", Kind.LINE, _("Mes"),
            [
                Columna(_("Reclamado"), "claim_amount", Form.MONEY, drawn=True),
                Columna(_("Pagado"), "payment_amount", Form.MONEY, drawn=True),
                Columna(_("Reclamos"), "claims"),
                Columna(_("Pagos"), "payments"),
            ],
            MONTHS, named_by=("month",), note=_("Los últimos 12 meses."),
        ),
        Grafico(
            "clientes", _("Clientes de mayor monto"), PAYMENTS, "top_customers_by_amount",
            Kind.ROWS, _("Cliente"),
            [Columna(_("Monto"), "amount", Form.MONEY), Columna(_("Pagos"), "payments")],
            named_by=("customer_id",), model="clientes.cliente", key="customer_id",
        ),
    ],
)  # fmt: skip
