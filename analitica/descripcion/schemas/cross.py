"""What is answered across the stores."""

from collections.abc import Mapping
from typing import Final

from analitica.descripcion.shapes import (
    COUNT,
    FLAG,
    MEAN,
    NUMBER,
    PERCENT,
    RATE,
    TEXT,
    Schema,
    each,
    keyed,
    maybe,
    record,
    rows,
)
from analitica.figures import AGE_GROUPS
from analitica.metrics.cross import BANDS

DAYS: Final[Schema] = {**maybe(NUMBER), "minimum": 0}

ANSWERS: Final[Mapping[str, Schema]] = {
    "/cross/analytics/customer-policy-profile": record(
        {
            **each(COUNT, "total_customers customers_with_policies"),
            "policies_per_customer": record(
                {
                    "average": MEAN,
                    "max": maybe(COUNT),
                    "distribution": record(dict.fromkeys(BANDS, COUNT)),
                }
            ),
            "by_state": keyed(record({**each(COUNT, "customers policies"), "premium_sum": NUMBER})),
            "by_age_group": record(
                dict.fromkeys(AGE_GROUPS, record({"customers": COUNT, "premium_sum": NUMBER}))
            ),
            "top_customers": rows(
                {
                    "customer_id": TEXT,
                    "name": maybe(TEXT),
                    "policies": COUNT,
                    "premium_sum": NUMBER,
                }
            ),
        }
    ),
    "/cross/analytics/agent-performance": record(
        {
            **each(COUNT, "total_agents agents_with_policies"),
            "top_agents": rows(
                {
                    "agent_id": TEXT,
                    **each(maybe(TEXT), "code name"),
                    "is_active": maybe(FLAG),
                    **each(COUNT, "policies customers"),
                    "premium_sum": NUMBER,
                    "premium_mean": MEAN,
                },
                most=20,
            ),
            **each(COUNT, "inactive_agents_with_policies policies_without_agent"),
            "premium_share_top_10": RATE,
        }
    ),
    "/cross/analytics/claims-vs-policies": record(
        {
            **each(COUNT, "total_policies policies_with_claims"),
            **each(RATE, "claim_frequency loss_ratio"),
            "by_product_type": keyed(
                record(
                    {
                        "policies": COUNT,
                        "premium_sum": NUMBER,
                        "claims": COUNT,
                        "claim_amount": NUMBER,
                        "loss_ratio": RATE,
                    }
                )
            ),
            "claims_without_policy": COUNT,
            "top_policies_by_loss": rows(
                {
                    "policy_number": TEXT,
                    "premium": maybe(NUMBER),
                    "claims": COUNT,
                    "claim_amount": NUMBER,
                }
            ),
        }
    ),
    "/cross/analytics/customer-journey": record(
        {
            "conversion_funnel": record(
                {
                    **each(COUNT, "total_users users_to_clients clients_to_policyholders"),
                    "conversion_rates": record(
                        each(RATE, "user_to_client client_to_policy overall_conversion")
                    ),
                }
            ),
            "journey_timing": record(
                each(DAYS, "avg_days_user_to_client avg_days_client_to_policy")
            ),
            "customer_segments": record(
                {
                    "by_state": keyed(
                        record(
                            {**each(COUNT, "total_users with_policies"), "conversion_rate": PERCENT}
                        )
                    )
                }
            ),
            "after_sale": record(each(COUNT, "customers_with_payments customers_with_claims")),
        }
    ),
}
