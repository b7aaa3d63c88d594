"""The endpoints over users, clients, agents and beneficiaries."""

from typing import Any

from analitica.tests.oracle.columns import REQUIRED
from analitica.tests.oracle.figures import (
    age,
    age_groups,
    distribution,
    duplicate_emails,
    duplicates,
    mean,
    median,
    percentage,
    ranked,
)
from analitica.tests.oracle.question import Question, by_key, groups, orphans
from analitica.tests.oracle.values import figure, known, missing


def users(ask: Question) -> dict[str, Any]:
    users = ask.table("mysql/users")
    return {
        "total_users": len(users),
        "users_by_role": distribution(users["role"]),
        "users_by_state": distribution(users["state"]),
        "recent_registrations": ask.recent(users["created_at"]),
        "top_cities": distribution(users["city"], 10),
        "monthly_registrations": ask.monthly(users["created_at"]),
        "data_quality": {
            "missing_emails": sum(map(missing, users["email"])),
            "missing_phones": sum(map(missing, users["phone"])),
            "duplicate_emails": duplicate_emails(users["email"]),
        },
    }


def demographics(ask: Question) -> dict[str, Any]:
    clients = ask.clients()
    users = by_key(ask.table("mysql/users"))
    births = list(clients["birth_date"])
    ages = known(age(birth, ask.day) for birth in births)
    return {
        "total_clients": len(clients),
        "document_types": distribution(clients["document_type"]),
        "age_statistics": {
            "count": len(ages),
            "average": figure(mean(ages)),
            "median": figure(median(ages)) if ages else None,
            "min": figure(min(ages, default=None)),
            "max": figure(max(ages, default=None)),
        },
        "age_groups": age_groups(births, ask.day),
        "clients_by_state": distribution(
            users[user]["state"] for user in clients["user_id"] if user in users
        ),
        "data_quality": {
            "missing_birth_dates": sum(map(missing, births)),
            "future_birth_dates": sum(birth > ask.day for birth in known(births)),
            "clients_without_user": orphans(clients, "user_id", users),
        },
    }


def agents(ask: Question) -> dict[str, Any]:
    agents = ask.table("mysql/agents")
    active = sum(is_active is True for is_active in agents["is_active"])
    return {
        "total_agents": len(agents),
        "active_agents": active,
        "inactive_agents": sum(is_active is False for is_active in agents["is_active"]),
        "active_rate": percentage(active, len(agents)),
        "agents_by_specialty": (
            distribution(agents["specialty"]) if "specialty" in agents else None
        ),
        "monthly_hires": ask.monthly(agents["created_at"]) if "created_at" in agents else None,
        "duplicate_codes": duplicates(agents["code"]),
    }


def beneficiaries(ask: Question) -> dict[str, Any]:
    beneficiaries = ask.table("mysql/beneficiaries")
    births = list(beneficiaries["birth_date"])
    of_client = [len(rows) for rows in groups(beneficiaries, "client_id").values()]
    ages = known(age(birth, ask.day) for birth in births)
    return {
        "total_beneficiaries": len(beneficiaries),
        "relationships": distribution(beneficiaries["relationship"]),
        "beneficiaries_per_client": {
            "average": figure(mean(of_client)),
            "max": max(of_client, default=None),
            "clients_with_beneficiaries": len(of_client),
        },
        "age_groups": age_groups(births, ask.day),
        "minors": sum(years < 18 for years in ages),
    }


def growth_by_state(ask: Question) -> dict[str, Any]:
    growth = {}
    for state, rows in groups(ask.table("mysql/users"), "state").items():
        dated = [moment for moment in known(rows["created_at"]) if moment <= ask.as_of]
        if missing(state) or not dated:
            continue
        monthly = ask.monthly(dated, ask.months)
        new = sum(monthly.values())
        growth[state] = {
            "total": len(dated),
            "new": new,
            "growth_rate": percentage(new, len(dated) - new),
            "monthly": monthly,
        }
    return {
        "months": ask.months,
        "as_of": ask.written_as_of,
        "growth_by_state": ranked(growth, by="new"),
    }


def data_quality(ask: Question) -> dict[str, Any]:
    report: dict[str, Any] = {}
    cells = empty = 0
    for name in ("users", "clients", "agents", "beneficiaries"):
        frame = ask.table(f"mysql/{name}")
        columns = {}
        for column in REQUIRED[f"mysql/{name}"]:
            values = list(frame[column])
            lost = sum(map(missing, values))
            columns[column] = {
                "missing": lost,
                "missing_rate": percentage(lost, len(values)),
                "distinct": len(set(known(values))),
            }
            cells += len(values)
            empty += lost
        report[name] = {"rows": len(frame), "columns": columns}
    users, clients = ask.table("mysql/users"), ask.clients()
    return {
        "tables": report,
        "duplicates": {
            "emails": duplicate_emails(users["email"]),
            "usernames": duplicates(users["username"]),
            "agent_codes": duplicates(ask.table("mysql/agents")["code"]),
        },
        "referential_integrity": {
            "clients_without_user": orphans(clients, "user_id", users["id"]),
            "beneficiaries_without_client": orphans(
                ask.table("mysql/beneficiaries"), "client_id", clients["key"]
            ),
        },
        "completeness_score": percentage(cells - empty, cells),
    }
