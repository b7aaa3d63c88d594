"""What is answered about people."""

from collections.abc import Mapping
from typing import Final

from analitica.descripcion.shapes import (
    BY_AGE,
    COUNT,
    DISTRIBUTION,
    MEAN,
    MOMENT,
    MONTHLY,
    MONTHS_ASKED,
    RATE,
    TOP_10,
    Schema,
    by_month,
    each,
    keyed,
    maybe,
    record,
)
from analitica.parameters import MONTHS
from analitica.tables import TABLES

ANSWERS: Final[Mapping[str, Schema]] = {
    "/mysql/analytics/users": record(
        {
            "total_users": COUNT,
            "users_by_role": DISTRIBUTION,
            "users_by_state": DISTRIBUTION,
            "recent_registrations": COUNT,
            "top_cities": TOP_10,
            "monthly_registrations": MONTHLY,
            "data_quality": record(each(COUNT, "missing_emails missing_phones duplicate_emails")),
        }
    ),
    "/mysql/analytics/clients/demographics": record(
        {
            "total_clients": COUNT,
            "document_types": DISTRIBUTION,
            "age_statistics": record(
                {
                    "count": COUNT,
                    **each(MEAN, "average median"),
                    **each(maybe(COUNT), "min max"),
                }
            ),
            "age_groups": BY_AGE,
            "clients_by_state": DISTRIBUTION,
            "data_quality": record(
                each(COUNT, "missing_birth_dates future_birth_dates clients_without_user")
            ),
        }
    ),
    "/mysql/analytics/agents/performance": record(
        {
            **each(COUNT, "total_agents active_agents inactive_agents"),
            "active_rate": RATE,
            "agents_by_specialty": DISTRIBUTION,
            "monthly_hires": MONTHLY,
            "duplicate_codes": COUNT,
        }
    ),
    "/mysql/analytics/beneficiaries/relationships": record(
        {
            "total_beneficiaries": COUNT,
            "relationships": DISTRIBUTION,
            "beneficiaries_per_client": record(
                {"average": MEAN, "max": maybe(COUNT), "clients_with_beneficiaries": COUNT}
            ),
            "age_groups": BY_AGE,
            "minors": COUNT,
        }
    ),
    "/mysql/analytics/growth-by-state": record(
        {
            "months": MONTHS_ASKED,
            "as_of": MOMENT,
            "growth_by_state": keyed(
                record(
                    {
                        **each(COUNT, "total new"),
                        "growth_rate": RATE,
                        "monthly": by_month(COUNT, least=MONTHS[0], most=MONTHS[1]),
                    }
                )
            ),
        }
    ),
    "/mysql/analytics/data-quality-report": record(
        {
            "tables": record(
                {
                    name: record(
                        {
                            "rows": COUNT,
                            "columns": record(
                                dict.fromkeys(
                                    TABLES[f"mysql/{name}"].required,
                                    record(
                                        {"missing": COUNT, "missing_rate": RATE, "distinct": COUNT}
                                    ),
                                )
                            ),
                        }
                    )
                    for name in ("users", "clients", "agents", "beneficiaries")
                }
            ),
            "duplicates": record(each(COUNT, "emails usernames agent_codes")),
            "referential_integrity": record(
                each(COUNT, "clients_without_user beneficiaries_without_client")
            ),
            "completeness_score": RATE,
        }
    ),
}
