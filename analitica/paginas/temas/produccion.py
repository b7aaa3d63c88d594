"""Products and policies."""

from django.utils.translation import gettext_lazy as _

from analitica.paginas.declarations import Cifra, Columna, Form, Grafico, Kind, Tema, counted
from analitica.paginas.names import MONTHS, PREMIUMS

PRODUCTS = "/postgresql/analytics/products"
PROFIT = "/postgresql/analytics/product-profitability"
LOSS = "/cross/analytics/claims-vs-policies"
POLICIES = "/postgresql/analytics/policies"
TRENDS = "/postgresql/analytics/policy-trends"
COVERAGES = "/postgresql/analytics/coverages"

SOLD = Columna(_("Pólizas"), "policy_number_count")
PRODUCT = [
    Columna(_("Código"), "code", Form.TEXT),
    Columna(_("Tipo"), "product_type", Form.TEXT),
]
PREMIUM = Columna(_("Prima"), "premium_sum", Form.MONEY)
MEAN = Columna(_("Prima media"), "premium_mean", Form.MONEY)
NAMED = ("name", "code", "product_id")

PRODUCTOS = Tema(
    "productos",
    _("Productos y rentabilidad"),
    _("Qué se vende, cuánta prima deja y cuánto de ella se va en reclamos."),
    "inventory_2",
    [
        Cifra(_("Productos"), PRODUCTS, "total_products"),
        Cifra(_("Prima de base media"), PRODUCTS, "premium_statistics.average_premium", Form.MONEY),
        Cifra(_("Prima de base mediana"), PRODUCTS, "premium_statistics.median_premium", Form.MONEY),
        Cifra(_("Prima de base máxima"), PRODUCTS, "premium_statistics.max_premium", Form.MONEY),
        Cifra(_("Pólizas sin producto"), PROFIT, "policies_without_product"),
    ],
    [
        Grafico(
            "de-mas-prima", _("Productos de más prima"), PROFIT, "top_products_by_premium",
            Kind.ROWS, _("Producto"), [PREMIUM, SOLD, MEAN, *PRODUCT], named_by=NAMED,
        ),
        Grafico(
            "mas-vendidos", _("Productos con más pólizas"), PROFIT, "top_products_by_volume",
            Kind.ROWS, _("Producto"), [SOLD, PREMIUM, MEAN, *PRODUCT], named_by=NAMED,
        ),
        Grafico(
            "siniestralidad", _("Siniestralidad por tipo"), LOSS, "by_product_type", Kind.ROWS,
            _("Tipo"),
            [
                Columna(_("Siniestralidad"), "loss_ratio", Form.PERCENT),
                PREMIUM,
                Columna(_("Reclamado"), "claim_amount", Form.MONEY),
                Columna(_("Reclamos"), "claims"),
                Columna(_("Pólizas"), "policies"),
            ],
            note=_("El monto reclamado sobre la prima: por encima de 100 %, el tipo pierde."),
        ),
        Grafico(
            "prima-por-tipo", _("Prima por tipo"), PROFIT, "by_product_type", Kind.DOUGHNUT,
            _("Tipo"), [PREMIUM, Columna(_("Pólizas"), "policies"), MEAN],
        ),
        Grafico(
            "por-tipo", _("Productos por tipo"), PRODUCTS, "product_types", Kind.DOUGHNUT,
            _("Tipo"), counted(_("Productos")),
        ),
        Grafico(
            "prima-de-base", _("Productos por prima de base"), PRODUCTS,
            "premium_statistics.premium_distribution", Kind.BARS, _("Prima de base"),
            counted(_("Productos")), PREMIUMS,
        ),
    ],
)  # fmt: skip

POLIZAS = Tema(
    "polizas",
    _("Pólizas y tendencias"),
    _("Las que hay, las que llegan cada mes, y lo que cubren."),
    "verified_user",
    [
        Cifra(_("Pólizas"), POLICIES, "total_policies"),
        Cifra(_("Vigentes"), POLICIES, "active_policies"),
        Cifra(_("Vencen en 30 días"), POLICIES, "expiring_next_30_days"),
        Cifra(_("Prima"), POLICIES, "premium_statistics.total", Form.MONEY),
        Cifra(_("Prima media"), POLICIES, "premium_statistics.average", Form.MONEY),
        Cifra(_("Suma asegurada media"), POLICIES, "sum_insured_statistics.average", Form.MONEY),
        Cifra(_("Crecimiento del último mes entero"), TRENDS, "growth_rate", Form.PERCENT),
        Cifra(_("Sin coberturas"), COVERAGES, "policies_without_coverage"),
    ],
    [
        Grafico(
            "por-mes", _("Pólizas nuevas por mes"), TRENDS, "monthly_trends", Kind.LINE, _("Mes"),
            [Columna(_("Pólizas nuevas"), "new_policies")], MONTHS, named_by=("month",),
        ),
        Grafico(
            "prima-por-mes", _("Prima de las pólizas nuevas"), TRENDS, "monthly_trends", Kind.BARS,
            _("Mes"), [PREMIUM, MEAN], MONTHS, named_by=("month",),
        ),
        Grafico(
            "por-estado", _("Pólizas por estado"), POLICIES, "policies_by_status", Kind.DOUGHNUT,
            _("Estado"), counted(_("Pólizas")),
        ),
        Grafico(
            "coberturas", _("Coberturas más frecuentes"), COVERAGES, "coverages_by_name", Kind.ROWS,
            _("Cobertura"), counted(_("Pólizas")), note=_("Las 20 primeras."),
        ),
    ],
)  # fmt: skip
