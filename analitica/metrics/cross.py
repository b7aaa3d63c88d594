"""What crosses the stores: clients and their policies, agents, and claims."""

from ibis import _
from ibis.expr.types import Table

from analitica.endpoints import Answer, endpoint
from analitica.figures import (
    AGE_GROUPS,
    by_age,
    count,
    count_if,
    figure,
    group_of,
    is_missing,
    mean,
    rate,
    total,
    unmatched,
)
from analitica.reading import Reading, Row

BANDS = {"1": 1, "2": 2, "3-5": 5, "6+": None}


@endpoint(
    "/cross/analytics/customer-policy-profile",
    "mysql/users",
    "mysql/clients",
    "postgresql/policies",
)
def profile(reading: Reading) -> Answer:
    clients, each = reading["mysql/clients"], per_customer(reading)
    known = one_each(reading, clients)
    customers = known.join(each, known.id == each.customer_id)
    return {
        "total_customers": count(reading, clients),
        "customers_with_policies": count(reading, customers),
        "policies_per_customer": policies_per_customer(reading, each),
        "by_state": by_state(reading, customers),
        "by_age_group": by_age_group(reading, customers),
        "top_customers": top_customers(reading, known, each),
    }


def per_customer(reading: Reading) -> Table:
    """Return how many policies each customer has, and their premiums; a key of no client is kept."""
    policies = reading["postgresql/policies"]
    known = policies.filter(policies.customer_id.notnull())
    return known.group_by("customer_id").aggregate(policies=_.count(), premium=total(_.premium))


def one_each(reading: Reading, clients: Table) -> Table:
    """Return a row for each client; in a lake whose clients have no id, a user may have several."""
    if reading.has("mysql/clients", "id"):
        return clients
    columns = ("user_id", "first_name", "last_name", "birth_date")
    return clients.group_by("id").aggregate(**{name: clients[name].min() for name in columns})


def policies_per_customer(reading: Reading, each: Table) -> Row:
    found = reading.rows(each.group_by("policies").aggregate(n=_.count()))
    bands = dict.fromkeys(BANDS, 0)
    for row in found:
        bands[band_of(row["policies"])] += row["n"]
    policies = sum(row["policies"] * row["n"] for row in found)
    return {
        "average": mean(policies, sum(bands.values())),
        "max": max((row["policies"] for row in found), default=None),
        "distribution": bands,
    }


def band_of(policies: int) -> str:
    return next(name for name, last in BANDS.items() if last is None or policies <= last)


def by_state(reading: Reading, customers: Table) -> dict[str, Row]:
    users = reading["mysql/users"].select("id", "state")
    placed = customers.select("user_id", "policies", "premium").join(users, _.user_id == users.id)
    each = placed.filter(~is_missing(placed.state)).group_by("state").aggregate(
        customers=_.count(), policies=_.policies.sum(), premium_sum=total(_.premium)
    )  # fmt: skip
    return {
        row["state"]: {
            "customers": row["customers"],
            "policies": int(row["policies"]),
            "premium_sum": figure(row["premium_sum"]),
        }
        for row in reading.rows(each.order_by(_.premium_sum.desc(), _.state))
    }


def by_age_group(reading: Reading, customers: Table) -> dict[str, Row]:
    groups: dict[str, Row] = {name: {"customers": 0, "premium_sum": 0} for name in AGE_GROUPS}
    for row in by_age(reading, customers, "birth_date", n=_.count(), premium=total(_.premium)):
        group = groups[group_of(row["age"])]
        group["customers"] += row["n"]
        group["premium_sum"] += row["premium"]
    return {
        name: {**group, "premium_sum": figure(group["premium_sum"])}
        for name, group in groups.items()
    }


def top_customers(reading: Reading, clients: Table, each: Table) -> list[Row]:
    top = each.order_by(_.premium.desc(), _.customer_id).limit(10)
    named = top.left_join(
        clients.select("id", "first_name", "last_name"), _.customer_id == clients.id
    )
    return [
        {
            "customer_id": row["customer_id"],
            "name": name_of(row),
            "policies": row["policies"],
            "premium_sum": figure(row["premium"]),
        }
        for row in reading.rows(named.order_by(_.premium.desc(), _.customer_id))
    ]


def name_of(row: Row) -> str | None:
    return (
        " ".join(part for part in (row["first_name"], row["last_name"]) if part is not None) or None
    )


@endpoint("/cross/analytics/agent-performance", "mysql/agents", "postgresql/policies")
def agent_performance(reading: Reading) -> Answer:
    agents, policies = reading["mysql/agents"], reading["postgresql/policies"]
    each = policies.filter(policies.agent_id.notnull()).group_by("agent_id").aggregate(
        policies=_.count(),
        customers=_.customer_id.nunique(),
        premiums=_.premium.count(),
        premium=total(_.premium),
    )  # fmt: skip
    facts = reading.row(agents.aggregate(n=_.count()))
    selling = agents.semi_join(each, agents.id == each.agent_id)
    found = reading.row(selling.aggregate(n=_.count(), inactive=count_if(~selling.is_active)))
    top = top_agents(reading, agents, each)
    whole = reading.row(policies.aggregate(premium=total(_.premium)))["premium"]
    return {
        "total_agents": facts["n"],
        "agents_with_policies": found["n"],
        "top_agents": top,
        "inactive_agents_with_policies": found["inactive"],
        "policies_without_agent": unmatched(reading, policies, "agent_id", agents),
        "premium_share_top_10": rate(sum(row["premium_sum"] for row in top[:10]), whole),
    }


def top_agents(reading: Reading, agents: Table, each: Table) -> list[Row]:
    top = each.order_by(_.premium.desc(), _.agent_id).limit(20)
    columns = ("id", "code", "first_name", "last_name", "is_active")
    named = top.left_join(agents.select(*columns), _.agent_id == agents.id)
    return [
        {
            "agent_id": row["agent_id"],
            "code": row["code"],
            "name": name_of(row),
            "is_active": row["is_active"],
            "policies": row["policies"],
            "customers": row["customers"],
            "premium_sum": figure(row["premium"]),
            "premium_mean": mean(row["premium"], row["premiums"]),
        }
        for row in reading.rows(named.order_by(_.premium.desc(), _.agent_id))
    ]


@endpoint(
    "/cross/analytics/claims-vs-policies",
    "postgresql/products",
    "postgresql/policies",
    "cassandra/reclamos",
    by_product_type="postgresql/policies.product_id",
)
def claims_vs_policies(reading: Reading) -> Answer:
    policies, claims = reading["postgresql/policies"], reading["cassandra/reclamos"]
    claimed = claims.filter(claims.policy_number.notnull()).group_by("policy_number").aggregate(
        claims=_.count(), claim_amount=total(_.monto)
    )  # fmt: skip
    with_claims = policies.semi_join(claimed, "policy_number")
    number = policies.policy_number
    # Where policies share a number, its claims belong to one of them.
    first = policies.filter(number.notnull()).group_by("policy_number").aggregate(id=_.id.min())
    owners = first.join(claimed, "policy_number").select("id", "claims", "claim_amount")
    facts = reading.row(policies.aggregate(n=_.count(), premium=total(_.premium)))
    found = reading.row(owners.aggregate(claims=_.claims.sum(), amount=total(_.claim_amount)))
    with_them = count(reading, with_claims)
    return {
        "total_policies": facts["n"],
        "policies_with_claims": with_them,
        "claim_frequency": rate(with_them, facts["n"]),
        "loss_ratio": rate(found["amount"], facts["premium"]),
        "by_product_type": loss_by_type(reading, policies, owners),
        "claims_without_policy": count(reading, claims) - int(found["claims"] or 0),
        "top_policies_by_loss": top_by_loss(reading, policies, owners),
    }


def loss_by_type(reading: Reading, policies: Table, owners: Table) -> dict[str, Row]:
    """Return premiums and claims of each type of product; that of the most policies first."""
    products = reading["postgresql/products"].select(product="id", product_type="product_type")
    typed = policies.join(products, policies.product_id == products["product"])
    each = typed.left_join(owners, typed.id == owners.id).group_by("product_type").aggregate(
        policies=_.count(),
        premium=total(_.premium),
        claims=_.claims.sum().fill_null(0),
        amount=total(_.claim_amount),
    )  # fmt: skip
    ordered = each.filter(~is_missing(_.product_type)).order_by(_.policies.desc(), _.product_type)
    return {
        row["product_type"]: {
            "policies": row["policies"],
            "premium_sum": figure(row["premium"]),
            "claims": int(row["claims"]),
            "claim_amount": figure(row["amount"]),
            "loss_ratio": rate(row["amount"], row["premium"]),
        }
        for row in reading.rows(ordered)
    }


def top_by_loss(reading: Reading, policies: Table, owners: Table) -> list[Row]:
    sold = policies.select("id", "policy_number", "premium")
    joined = sold.join(owners, "id")
    ranked = joined.order_by(_.claim_amount.desc(), _.policy_number).limit(10)
    return [
        {
            "policy_number": row["policy_number"],
            "premium": figure(row["premium"]),
            "claims": row["claims"],
            "claim_amount": figure(row["claim_amount"]),
        }
        for row in reading.rows(ranked)
    ]
