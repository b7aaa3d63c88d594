"""What every endpoint of the analytics answers, computed apart from them by the contract alone.

Plain rather than fast: exact fractions, and loops over tables that fit in memory.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import pandas as pd

from analitica.tests.oracle import cassandra, cross, journey, mysql, postgresql
from analitica.tests.oracle.question import Question

ENDPOINTS: dict[str, Callable[[Question], dict[str, Any]]] = {
    "/mysql/analytics/users": mysql.users,
    "/mysql/analytics/clients/demographics": mysql.demographics,
    "/mysql/analytics/agents/performance": mysql.agents,
    "/mysql/analytics/beneficiaries/relationships": mysql.beneficiaries,
    "/mysql/analytics/growth-by-state": mysql.growth_by_state,
    "/mysql/analytics/data-quality-report": mysql.data_quality,
    "/postgresql/analytics/products": postgresql.products,
    "/postgresql/analytics/policies": postgresql.policies,
    "/postgresql/analytics/coverages": postgresql.coverages,
    "/postgresql/analytics/product-profitability": postgresql.product_profitability,
    "/postgresql/analytics/policy-trends": postgresql.policy_trends,
    "/cassandra/analytics/claims": cassandra.claims,
    "/cassandra/analytics/payments": cassandra.payments,
    "/cassandra/analytics/transaction-audit": cassandra.transaction_audit,
    "/cassandra/analytics/claims-payments-correlation": cassandra.correlation,
    "/cassandra/analytics/activity-patterns": cassandra.activity_patterns,
    "/cross/analytics/customer-policy-profile": cross.customer_policy_profile,
    "/cross/analytics/agent-performance": cross.agent_performance,
    "/cross/analytics/claims-vs-policies": cross.claims_vs_policies,
    "/cross/analytics/customer-journey": journey.customer_journey,
    "/claims/stats": cassandra.claims_stats,
    "/payments/avg": cassandra.payments_avg,
    "/audits/top-services": cassandra.top_services,
}


def answer(
    path: str,
    tables: Mapping[str, pd.DataFrame],
    *,
    as_of: datetime,
    months: int = 12,
    hours: int = 168,
) -> dict[str, Any]:
    """Return what the endpoint at `path` answers over `tables`, keys in their order.

    A moment without a zone is in UTC. How figures are rounded, and ties of that, is said by
    values.Figure: each is a float that knows its exact value.
    """
    as_of = as_of.replace(tzinfo=UTC) if as_of.tzinfo is None else as_of.astimezone(UTC)
    return ENDPOINTS[path](Question(tables, as_of, months, hours))
