"""People: users, clients, agents and beneficiaries."""

from ibis import _

from analitica.endpoints import Answer, endpoint
from analitica.figures import (
    age_groups,
    by_age,
    count,
    count_if,
    count_missing,
    distribution,
    duplicates,
    in_days,
    is_missing,
    lower,
    mean,
    month_name,
    month_number,
    monthly,
    months_to,
    per_each,
    rate,
    unmatched,
)
from analitica.reading import Reading, Row
from analitica.tables import TABLES, TEXT

MINOR = 18


@endpoint("/mysql/analytics/users", "mysql/users")
def users(reading: Reading) -> Answer:
    users = reading["mysql/users"]
    facts = reading.row(
        users.aggregate(
            total=_.count(),
            recent=count_if(in_days(users.created_at, reading.asked.as_of, 30)),
        )
    )
    quality = reading.row(
        users.aggregate(
            missing_emails=count_missing(users.email),
            missing_phones=count_missing(users.phone),
            duplicate_emails=duplicates(lower(users.email)),
        )
    )
    return {
        "total_users": facts["total"],
        "users_by_role": distribution(reading, users, "role"),
        "users_by_state": distribution(reading, users, "state"),
        "recent_registrations": facts["recent"],
        "top_cities": distribution(reading, users, "city", limit=10),
        "monthly_registrations": monthly(reading, users, "created_at"),
        "data_quality": quality,
    }


@endpoint("/mysql/analytics/clients/demographics", "mysql/users", "mysql/clients")
def demographics(reading: Reading) -> Answer:
    users, clients = reading["mysql/users"], reading["mysql/clients"]
    born, today = clients.birth_date, reading.asked.as_of.date()
    quality = reading.row(
        clients.aggregate(
            missing_birth_dates=count_if(born.isnull()),
            future_birth_dates=count_if(born > today),
        )
    ) | {"clients_without_user": unmatched(reading, clients, "user_id", users)}
    ages = by_age(reading, clients, "birth_date", n=_.count())
    joined = clients.select("user_id").join(users.select("id", "state"), _.user_id == users.id)
    return {
        "total_clients": count(reading, clients),
        "document_types": distribution(reading, clients, "document_type"),
        "age_statistics": age_statistics(ages),
        "age_groups": age_groups(ages),
        "clients_by_state": distribution(reading, joined, "state"),
        "data_quality": quality,
    }


def age_statistics(ages: list[Row]) -> Row:
    """Return the statistics of the ages that so many have, each."""
    every = sorted(row["age"] for row in ages for _one in range(row["n"]))
    middle = every[(len(every) - 1) // 2 : len(every) // 2 + 1]
    return {
        "count": len(every),
        "average": mean(sum(every), len(every)),
        "median": mean(sum(middle), len(middle)),
        "min": every[0] if every else None,
        "max": every[-1] if every else None,
    }


@endpoint(
    "/mysql/analytics/agents/performance",
    "mysql/agents",
    agents_by_specialty="mysql/agents.specialty",
    monthly_hires="mysql/agents.created_at",
)
def agents(reading: Reading) -> Answer:
    agents = reading["mysql/agents"]
    facts = reading.row(
        agents.aggregate(
            total=_.count(),
            active=count_if(agents.is_active),
            inactive=count_if(~agents.is_active),
            duplicates=duplicates(agents.code),
        )
    )
    return {
        "total_agents": facts["total"],
        "active_agents": facts["active"],
        "inactive_agents": facts["inactive"],
        "active_rate": rate(facts["active"], facts["total"]),
        "agents_by_specialty": distribution(reading, agents, "specialty"),
        "monthly_hires": monthly(reading, agents, "created_at"),
        "duplicate_codes": facts["duplicates"],
    }


@endpoint("/mysql/analytics/beneficiaries/relationships", "mysql/beneficiaries")
def beneficiaries(reading: Reading) -> Answer:
    beneficiaries = reading["mysql/beneficiaries"]
    ages = by_age(reading, beneficiaries, "birth_date", n=_.count())
    each = per_each(reading, beneficiaries, "client_id")
    return {
        "total_beneficiaries": count(reading, beneficiaries),
        "relationships": distribution(reading, beneficiaries, "relationship"),
        "beneficiaries_per_client": {
            "average": each["average"],
            "max": each["max"],
            "clients_with_beneficiaries": each["count"],
        },
        "age_groups": age_groups(ages),
        "minors": sum(row["n"] for row in ages if row["age"] < MINOR),
    }


@endpoint("/mysql/analytics/growth-by-state", "mysql/users", asks=["months"])
def growth(reading: Reading) -> Answer:
    as_of, months = reading.asked.as_of, months_to(reading.asked.as_of, reading.asked.months)
    users = reading["mysql/users"]
    until_now = users.filter((users.created_at <= as_of) & ~is_missing(users.state))
    number = month_number(until_now.created_at)
    counted = until_now.group_by("state", month=number).aggregate(n=_.count())
    states: dict[str, Row] = {}
    for row in reading.rows(counted):
        state = states.setdefault(
            row["state"], {"total": 0, "new": 0, "monthly": dict.fromkeys(months, 0)}
        )
        state["total"] += row["n"]
        if (month := month_name(row["month"])) in state["monthly"]:
            state["new"] += row["n"]
            state["monthly"][month] = row["n"]
    ranked = sorted(states.items(), key=lambda item: (-item[1]["new"], item[0]))
    return {
        "months": reading.asked.months,
        "as_of": reading.asked.moment,
        "growth_by_state": {
            name: {
                "total": state["total"],
                "new": state["new"],
                "growth_rate": rate(state["new"], state["total"] - state["new"]),
                "monthly": state["monthly"],
            }
            for name, state in ranked
        },
    }


@endpoint(
    "/mysql/analytics/data-quality-report",
    "mysql/users",
    "mysql/clients",
    "mysql/agents",
    "mysql/beneficiaries",
)
def data_quality(reading: Reading) -> Answer:
    users, clients = reading["mysql/users"], reading["mysql/clients"]
    agents, beneficiaries = reading["mysql/agents"], reading["mysql/beneficiaries"]
    tables = {
        name: quality_of(reading, f"mysql/{name}")
        for name in ("users", "clients", "agents", "beneficiaries")
    }
    cells = sum(table["rows"] * len(table["columns"]) for table in tables.values())
    missing = sum(
        column["missing"] for table in tables.values() for column in table["columns"].values()
    )
    of_users = reading.row(
        users.aggregate(emails=duplicates(lower(users.email)), usernames=duplicates(users.username))
    )
    return {
        "tables": tables,
        "duplicates": of_users | reading.row(agents.aggregate(agent_codes=duplicates(agents.code))),
        "referential_integrity": {
            "clients_without_user": unmatched(reading, clients, "user_id", users),
            "beneficiaries_without_client": unmatched(reading, beneficiaries, "client_id", clients),
        },
        "completeness_score": rate(cells - missing, cells),
    }


def quality_of(reading: Reading, path: str) -> Row:
    """Return how complete a table is, by column that it must have."""
    table, required = reading[path], TABLES[path].required
    facts = {"rows": table.count()}
    for column, kind in required.items():
        values = table[column]
        facts[f"{column} missing"] = (
            count_missing(values) if kind == TEXT else count_if(values.isnull())
        )
        facts[f"{column} distinct"] = values.nunique()
    found = reading.row(table.aggregate(**facts))
    return {
        "rows": found["rows"],
        "columns": {
            column: {
                "missing": found[f"{column} missing"],
                "missing_rate": rate(found[f"{column} missing"], found["rows"]),
                "distinct": found[f"{column} distinct"],
            }
            for column in required
        },
    }
