"""The way of a user to a client, to a policy, and to what comes after its sale."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

import pandas as pd

from analitica.tests.oracle.figures import mean, percentage, ranked
from analitica.tests.oracle.question import Question, by_key, groups
from analitica.tests.oracle.values import Figure, figure, known, missing

DAY = timedelta(days=1) // timedelta(microseconds=1)


def customer_journey(ask: Question) -> dict[str, Any]:
    users = ask.table("mysql/users")
    clients = ask.clients()
    policies = ask.table("postgresql/policies")
    held = groups(policies, "customer_id")
    user_ids = set(known(users["id"]))
    as_clients = user_ids & set(clients["user_id"])
    holders = set(known(clients["key"])) & set(held)
    return {
        "conversion_funnel": {
            "total_users": len(users),
            "users_to_clients": len(as_clients),
            "clients_to_policyholders": len(holders),
            "conversion_rates": {
                "user_to_client": percentage(len(as_clients), len(users)),
                "client_to_policy": percentage(len(holders), len(as_clients)),
                "overall_conversion": percentage(len(holders), len(users)),
            },
        },
        "journey_timing": (
            timing(users, clients, held)
            if "created_at" in clients and "created_at" in policies
            else None
        ),
        "customer_segments": {"by_state": conversion_by_state(users, clients, holders)},
        "after_sale": after_sale(holders, held, ask),
    }


def timing(
    users: pd.DataFrame, clients: pd.DataFrame, held: dict[str, pd.DataFrame]
) -> dict[str, Figure | None]:
    """Return the mean days of each step, over the clients who took it forwards."""
    user_of = by_key(users)
    to_client, to_policy = [], []
    for client in clients.to_dict("records"):
        registered = user_of.get(client["user_id"], {}).get("created_at")
        to_client.append(days(registered, client["created_at"]))
        if client["key"] in held:
            first = min(known(held[client["key"]]["created_at"]), default=None)
            to_policy.append(days(client["created_at"], first))
    return {
        "avg_days_user_to_client": average_span(to_client),
        "avg_days_client_to_policy": average_span(to_policy),
    }


def days(start: datetime | None, end: datetime | None) -> Fraction | None:
    """Return the days between two moments with their fraction, if there are both."""
    if start is None or end is None:
        return None
    return Fraction((end - start) // timedelta(microseconds=1), DAY)


def average_span(spans: Iterable[Fraction | None]) -> Figure | None:
    """Return the mean of the spans that are not negative."""
    return figure(mean(span for span in known(spans) if span >= 0))


def conversion_by_state(
    users: pd.DataFrame, clients: pd.DataFrame, holders: set[str]
) -> dict[str, Any]:
    """Return for each state how many of its users have a policy by one of their clients."""
    insured = {
        client["user_id"] for client in clients.to_dict("records") if client["key"] in holders
    }
    states = {}
    for state, rows in groups(users, "state").items():
        if missing(state):
            continue
        with_policies = sum(user in insured for user in known(rows["id"]))
        states[state] = {
            "total_users": len(rows),
            "with_policies": with_policies,
            "conversion_rate": percentage(with_policies, len(rows)),
        }
    return ranked(states, by="total_users")


def after_sale(holders: set[str], held: dict[str, pd.DataFrame], ask: Question) -> dict[str, int]:
    """Count the clients with a policy who have paid, and those of whose policies one has a claim."""
    payers = set(known(ask.table("cassandra/pagos")["customer_id"]))
    claimed = set(known(ask.table("cassandra/reclamos")["policy_number"]))
    return {
        "customers_with_payments": len(holders & payers),
        "customers_with_claims": sum(
            bool(claimed & set(held[holder]["policy_number"])) for holder in holders
        ),
    }
