"""What is answered about what has happened."""

from collections.abc import Mapping
from typing import Final

from analitica.descripcion.shapes import (
    BY_HOUR,
    COUNT,
    DISTRIBUTION,
    HOURS_ASKED,
    MEAN,
    MOMENT,
    MONTH,
    MONTHLY,
    NUMBER,
    STATS,
    TEXT,
    TOTALS,
    Schema,
    by_month,
    each,
    keyed,
    maybe,
    record,
    ref,
    rows,
)
from analitica.metrics.cassandra import DAYS

ANSWERS: Final[Mapping[str, Schema]] = {
    "/cassandra/analytics/claims": record(
        {
            "total_claims": COUNT,
            "claims_by_status": DISTRIBUTION,
            "amount_statistics": STATS,
            "amount_by_status": keyed(TOTALS),
            "monthly_claims": MONTHLY,
            "recent_claims": COUNT,
            "top_policies_by_amount": rows(
                {"policy_number": TEXT, "claims": COUNT, "amount": NUMBER}
            ),
        }
    ),
    "/cassandra/analytics/payments": record(
        {
            "total_payments": COUNT,
            "amount_statistics": STATS,
            "payments_by_method": keyed(TOTALS),
            "monthly_payments": by_month(record({"count": COUNT, "total": NUMBER})),
            "top_customers_by_amount": rows(
                {"customer_id": TEXT, "payments": COUNT, "amount": NUMBER}
            ),
        }
    ),
    "/cassandra/analytics/transaction-audit": record(
        {
            "total_transactions": COUNT,
            **each(DISTRIBUTION, "transactions_by_service transactions_by_operation"),
            "transactions_by_hour": BY_HOUR,
            "unique_users": COUNT,
            "top_users": rows({"user_id": TEXT, "transactions": COUNT}),
        }
    ),
    "/cassandra/analytics/claims-payments-correlation": record(
        {
            "monthly": rows(
                {
                    "month": MONTH,
                    "claims": COUNT,
                    "claim_amount": NUMBER,
                    "payments": COUNT,
                    "payment_amount": NUMBER,
                },
                least=12,
                most=12,
            ),
            "correlation": record(
                each({**maybe(NUMBER), "minimum": -1, "maximum": 1}, "count amount")
            ),
            "claims_to_payments_ratio": MEAN,
        }
    ),
    "/cassandra/analytics/activity-patterns": record(
        {
            "hours": HOURS_ASKED,
            "as_of": MOMENT,
            "total_events": COUNT,
            "events_by_hour_of_day": BY_HOUR,
            "events_by_day_of_week": record(dict.fromkeys(DAYS, COUNT)),
            "events_by_service": DISTRIBUTION,
            "peak_hour": {**maybe(COUNT), "maximum": 23},
            "hourly_average": NUMBER,
        }
    ),
    "/claims/stats": DISTRIBUTION,
    "/payments/avg": record({"avg_monto": MEAN}),
    "/audits/top-services": ref("Distribucion", maxProperties=5),
}
