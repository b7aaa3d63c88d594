"""What is answered about what is sold."""

from collections.abc import Mapping
from typing import Final

from analitica.descripcion.shapes import (
    COUNT,
    DISTRIBUTION,
    MEAN,
    MOMENT,
    MONTH,
    MONTHLY,
    MONTHS_ASKED,
    NUMBER,
    RATE,
    STATS,
    TEXT,
    Schema,
    each,
    keyed,
    maybe,
    record,
    ref,
    rows,
)
from analitica.metrics.postgresql import BANDS
from analitica.parameters import MONTHS

PRODUCTS: Final = rows(
    {
        "product_id": TEXT,
        **each(maybe(TEXT), "code name product_type"),
        "policy_number_count": COUNT,
        "premium_sum": NUMBER,
        "premium_mean": MEAN,
        "sum_insured_sum": NUMBER,
    }
)
ANSWERS: Final[Mapping[str, Schema]] = {
    "/postgresql/analytics/products": record(
        {
            "total_products": COUNT,
            "product_types": DISTRIBUTION,
            "premium_statistics": record(
                {
                    **each(MEAN, "average_premium median_premium max_premium"),
                    "premium_distribution": record(dict.fromkeys(BANDS, COUNT)),
                }
            ),
            "data_completeness": record(
                each(COUNT, "products_with_premium products_with_description")
            ),
        }
    ),
    "/postgresql/analytics/policies": record(
        {
            "total_policies": COUNT,
            "policies_by_status": DISTRIBUTION,
            **each(STATS, "premium_statistics sum_insured_statistics"),
            "monthly_policies": MONTHLY,
            **each(COUNT, "active_policies expiring_next_30_days"),
            "data_quality": record(
                each(COUNT, "missing_customers missing_agents duplicate_policy_numbers")
            ),
        }
    ),
    "/postgresql/analytics/coverages": record(
        {
            "total_coverages": COUNT,
            "coverages_by_name": ref("Distribucion", maxProperties=20),
            **each(STATS, "limit_statistics deductible_statistics"),
            "coverages_per_policy": record({"average": MEAN, "max": maybe(COUNT)}),
            "policies_without_coverage": COUNT,
        }
    ),
    "/postgresql/analytics/product-profitability": record(
        {
            **each(PRODUCTS, "top_products_by_volume top_products_by_premium"),
            "by_product_type": keyed(
                record({"policies": COUNT, "premium_sum": NUMBER, "premium_mean": MEAN})
            ),
            "policies_without_product": COUNT,
        }
    ),
    "/postgresql/analytics/policy-trends": record(
        {
            "months": MONTHS_ASKED,
            "as_of": MOMENT,
            "monthly_trends": rows(
                {
                    "month": MONTH,
                    "new_policies": COUNT,
                    "premium_sum": NUMBER,
                    "premium_mean": MEAN,
                },
                least=MONTHS[0],
                most=MONTHS[1],
            ),
            "growth_rate": RATE,
        }
    ),
}
