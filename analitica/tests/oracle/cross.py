"""The endpoints that join what several stores hold."""

from typing import Any

import pandas as pd

from analitica.tests.oracle.figures import (
    AGE_GROUPS,
    age,
    age_group,
    mean,
    percentage,
    ranked,
    top,
    total,
)
from analitica.tests.oracle.postgresql import product_types
from analitica.tests.oracle.question import Question, by_key, full_name, groups, orphans
from analitica.tests.oracle.values import figure, known, missing


def customer_policy_profile(ask: Question) -> dict[str, Any]:
    clients = ask.clients()
    customers = by_key(clients, "key")
    held = groups(ask.table("postgresql/policies"), "customer_id")
    holders = {key: client for key, client in customers.items() if key in held}
    sizes = [len(rows) for rows in held.values()]
    best = [
        {
            "customer_id": key,
            "name": full_name(customers[key]) if key in customers else None,
            "policies": len(rows),
            "premium_sum": figure(total(rows["premium"])),
        }
        for key, rows in held.items()
    ]
    return {
        "total_customers": len(clients),
        "customers_with_policies": len(holders),
        "policies_per_customer": {
            "average": figure(mean(sizes)),
            "max": max(sizes, default=None),
            "distribution": {
                "1": sum(size == 1 for size in sizes),
                "2": sum(size == 2 for size in sizes),
                "3-5": sum(3 <= size <= 5 for size in sizes),
                "6+": sum(size >= 6 for size in sizes),
            },
        },
        "by_state": holders_by_state(holders, held, by_key(ask.table("mysql/users"))),
        "by_age_group": holders_by_age(holders, held, ask),
        "top_customers": top(best, 10, by="premium_sum", key="customer_id"),
    }


def holders_by_state(
    holders: dict[str, dict[str, Any]],
    held: dict[str, pd.DataFrame],
    users: dict[str, dict[str, Any]],
) -> dict[str, Any]:
    """Return the figures of the customers with a policy, by the state of their user."""
    policies_of: dict[str, list[pd.DataFrame]] = {}
    for key, client in holders.items():
        state = users.get(client["user_id"], {}).get("state")
        if not missing(state):
            policies_of.setdefault(state, []).append(held[key])
    figures = {
        state: {
            "customers": len(frames),
            "policies": sum(map(len, frames)),
            "premium_sum": figure(sum(total(rows["premium"]) for rows in frames)),
        }
        for state, frames in policies_of.items()
    }
    return ranked(figures, by="premium_sum")


def holders_by_age(
    holders: dict[str, dict[str, Any]], held: dict[str, pd.DataFrame], ask: Question
) -> dict[str, Any]:
    """Return the figures of the customers with a policy in every age group."""
    premiums_of: dict[str, list[Any]] = {group: [] for group in AGE_GROUPS}
    for key, client in holders.items():
        years = age(client["birth_date"], ask.day)
        if years is not None:
            premiums_of[age_group(years)].append(total(held[key]["premium"]))
    return {
        group: {"customers": len(premiums), "premium_sum": figure(sum(premiums))}
        for group, premiums in premiums_of.items()
    }


def agent_performance(ask: Question) -> dict[str, Any]:
    table = ask.table("mysql/agents")
    agents = by_key(table)
    policies = ask.table("postgresql/policies")
    sold = groups(policies, "agent_id")
    sellers = [
        {
            "agent_id": key,
            "code": agents[key]["code"] if key in agents else None,
            "name": full_name(agents[key]) if key in agents else None,
            "is_active": agents[key]["is_active"] if key in agents else None,
            "policies": len(rows),
            "customers": len(set(known(rows["customer_id"]))),
            "premium_sum": figure(total(rows["premium"])),
            "premium_mean": figure(mean(rows["premium"])),
        }
        for key, rows in sold.items()
    ]
    best = top(sellers, 20, by="premium_sum", key="agent_id")
    share = sum(total(sold[seller["agent_id"]]["premium"]) for seller in best[:10])
    return {
        "total_agents": len(table),
        "agents_with_policies": sum(key in sold for key in agents),
        "top_agents": best,
        "inactive_agents_with_policies": sum(
            key in sold and agent["is_active"] is False for key, agent in agents.items()
        ),
        "policies_without_agent": orphans(policies, "agent_id", agents),
        "premium_share_top_10": percentage(share, total(policies["premium"])),
    }


def claims_vs_policies(ask: Question) -> dict[str, Any]:
    policies = ask.table("postgresql/policies")
    claims = ask.table("cassandra/reclamos")
    claims_of = groups(claims, "policy_number")
    numbers = set(known(policies["policy_number"]))
    with_claims = sum(number in claims_of for number in policies["policy_number"])
    claimed = sum(total(claims_of[number]["monto"]) for number in numbers if number in claims_of)
    policies = with_their_claims(policies, claims_of)
    losses = [
        {
            "policy_number": policy["policy_number"],
            "premium": figure(policy["premium"]),
            "claims": policy["claims"],
            "claim_amount": figure(policy["claim_amount"]),
        }
        for policy in policies.to_dict("records")
        if policy["claims"]
    ]
    return {
        "total_policies": len(policies),
        "policies_with_claims": with_claims,
        "claim_frequency": percentage(with_claims, len(policies)),
        "loss_ratio": percentage(claimed, total(policies["premium"])),
        "by_product_type": losses_by_type(policies, ask) if "product_id" in policies else None,
        "claims_without_policy": orphans(claims, "policy_number", numbers),
        "top_policies_by_loss": top(losses, 10, by="claim_amount", key="policy_number"),
    }


def with_their_claims(policies: pd.DataFrame, claims_of: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Give each policy the claims that belong to it: of those that share a number, to the first."""
    first = {number: min(rows["id"]) for number, rows in groups(policies, "policy_number").items()}
    claims, amounts = [], []
    for policy in policies.to_dict("records"):
        number = policy["policy_number"]
        is_theirs = number in claims_of and policy["id"] == first[number]
        claims.append(len(claims_of[number]) if is_theirs else 0)
        amounts.append(total(claims_of[number]["monto"]) if is_theirs else total([]))
    return policies.assign(
        claims=pd.Series(claims, dtype=object), claim_amount=pd.Series(amounts, dtype=object)
    )


def losses_by_type(policies: pd.DataFrame, ask: Question) -> dict[str, Any]:
    """Return the figures of each type of product that has a policy."""
    products = by_key(ask.table("postgresql/products"))
    policies = policies.assign(product_type=product_types(policies, products))
    figures = {
        product_type: {
            "policies": len(rows),
            "premium_sum": figure(total(rows["premium"])),
            "claims": sum(rows["claims"]),
            "claim_amount": figure(total(rows["claim_amount"])),
            "loss_ratio": percentage(total(rows["claim_amount"]), total(rows["premium"])),
        }
        for product_type, rows in groups(policies, "product_type").items()
    }
    return ranked(figures, by="policies")
