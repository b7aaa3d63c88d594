"""The way from user to client, to policyholder, and after."""

from ibis import _
from ibis.expr.types import Table

from analitica.endpoints import Answer, endpoint
from analitica.figures import count, is_missing, mean, rate
from analitica.reading import Reading, Row

DAY = 24 * 60 * 60 * 1000  # milliseconds


@endpoint(
    "/cross/analytics/customer-journey",
    "mysql/users",
    "mysql/clients",
    "postgresql/policies",
    "cassandra/reclamos",
    "cassandra/pagos",
    journey_timing=("mysql/clients.created_at", "postgresql/policies.created_at"),
)
def journey(reading: Reading) -> Answer:
    users, clients = reading["mysql/users"], reading["mysql/clients"]
    policies = reading["postgresql/policies"]
    holders = clients.semi_join(policies, clients.id == policies.customer_id)
    total_users = count(reading, users)
    with_client = count(reading, users.semi_join(clients, users.id == clients.user_id))
    with_policy = reading.row(holders.aggregate(n=_.id.nunique()))["n"]
    return {
        "conversion_funnel": {
            "total_users": total_users,
            "users_to_clients": with_client,
            "clients_to_policyholders": with_policy,
            "conversion_rates": {
                "user_to_client": rate(with_client, total_users),
                "client_to_policy": rate(with_policy, with_client),
                "overall_conversion": rate(with_policy, total_users),
            },
        },
        "journey_timing": timing(reading, users, clients, policies),
        "customer_segments": {"by_state": conversion_by_state(reading, users, holders)},
        "after_sale": after_sale(reading, holders, policies),
    }


def timing(reading: Reading, users: Table, clients: Table, policies: Table) -> Row:
    """Return the average days of each step, of those who did not take it before the one before."""
    of_users = users.select(key="id", begun="created_at")
    became = clients.join(of_users, clients.user_id == of_users.key)
    first = policies.group_by("customer_id").aggregate(first=_.created_at.min())
    bought = clients.join(first, clients.id == first.customer_id)
    return {
        "avg_days_user_to_client": average_days(reading, became, "begun", "created_at"),
        "avg_days_client_to_policy": average_days(reading, bought, "created_at", "first"),
    }


def average_days(reading: Reading, table: Table, begin: str, end: str) -> float | None:
    spans = table.filter(table[begin] <= table[end])
    span = spans[end].delta(spans[begin], unit="millisecond")
    found = reading.row(spans.aggregate(total=span.sum(), count=_.count()))
    return mean((found["total"] or 0) / DAY, found["count"])


def conversion_by_state(reading: Reading, users: Table, holders: Table) -> dict[str, Row]:
    buyers = holders.select(buyer="user_id").distinct()
    joined = users.select("id", "state").left_join(buyers, _.id == buyers.buyer)
    each = joined.filter(~is_missing(joined.state)).group_by("state").aggregate(
        users=_.count(), buyers=_.buyer.count()
    )  # fmt: skip
    return {
        row["state"]: {
            "total_users": row["users"],
            "with_policies": row["buyers"],
            "conversion_rate": rate(row["buyers"], row["users"]),
        }
        for row in reading.rows(each.order_by(_.users.desc(), _.state))
    }


def after_sale(reading: Reading, holders: Table, policies: Table) -> Row:
    payments, claims = reading["cassandra/pagos"], reading["cassandra/reclamos"]
    paying = holders.semi_join(payments, holders.id == payments.customer_id)
    claimed = policies.semi_join(claims, policies.policy_number == claims.policy_number)
    claiming = holders.semi_join(claimed, holders.id == claimed.customer_id)
    return {
        "customers_with_payments": count(reading, paying),
        "customers_with_claims": count(reading, claiming),
    }
