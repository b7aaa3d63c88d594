"""The endpoints over products, policies and their coverages."""

from datetime import timedelta
from fractions import Fraction
from typing import Any

import pandas as pd

from analitica.tests.oracle.figures import (
    distribution,
    duplicates,
    last_months,
    mean,
    median,
    percentage,
    ranked,
    stats,
    top,
    total,
)
from analitica.tests.oracle.question import Question, by_key, groups, orphans
from analitica.tests.oracle.values import figure, known, missing, present


def products(ask: Question) -> dict[str, Any]:
    products = ask.table("postgresql/products")
    premiums = known(products["base_premium"])
    return {
        "total_products": len(products),
        "product_types": distribution(products["product_type"]),
        "premium_statistics": {
            "average_premium": figure(mean(premiums)),
            "median_premium": figure(median(premiums)) if premiums else None,
            "max_premium": figure(max(premiums, default=None)),
            "premium_distribution": premium_bands(premiums),
        },
        "data_completeness": {
            "products_with_premium": len(premiums),
            "products_with_description": len(present(products["description"])),
        }
        if "description" in products
        else None,
    }


def premium_bands(premiums: list[Fraction]) -> dict[str, int]:
    """Count the premiums of each band, every band being there."""
    return {
        "< 100": sum(premium < 100 for premium in premiums),
        "100-499": sum(100 <= premium < 500 for premium in premiums),
        "500-999": sum(500 <= premium < 1000 for premium in premiums),
        ">= 1000": sum(premium >= 1000 for premium in premiums),
    }


def policies(ask: Question) -> dict[str, Any]:
    policies = ask.table("postgresql/policies")
    return {
        "total_policies": len(policies),
        "policies_by_status": distribution(policies["status"]) if "status" in policies else None,
        "premium_statistics": stats(policies["premium"]),
        "sum_insured_statistics": stats(policies["sum_insured"]),
        "monthly_policies": (
            ask.monthly(policies["created_at"]) if "created_at" in policies else None
        ),
        "active_policies": active_policies(policies, ask),
        "expiring_next_30_days": expiring_policies(policies, ask),
        "data_quality": {
            "missing_customers": sum(map(missing, policies["customer_id"])),
            "missing_agents": sum(map(missing, policies["agent_id"])),
            "duplicate_policy_numbers": duplicates(policies["policy_number"]),
        },
    }


def active_policies(policies: pd.DataFrame, ask: Question) -> int | None:
    """Count those whose term holds the day; who lacks an end of it is none of them."""
    if "start_date" not in policies or "end_date" not in policies:
        return None
    return sum(
        start is not None and end is not None and start <= ask.day <= end
        for start, end in zip(policies["start_date"], policies["end_date"], strict=True)
    )


def expiring_policies(policies: pd.DataFrame, ask: Question) -> int | None:
    """Count those that end after the day, 30 days later at most."""
    if "end_date" not in policies:
        return None
    last = ask.day + timedelta(days=30)
    return sum(ask.day < end <= last for end in known(policies["end_date"]))


def coverages(ask: Question) -> dict[str, Any]:
    coverages = ask.table("postgresql/policy_coverage")
    of_policy = groups(coverages, "policy_id")
    sizes = [len(rows) for rows in of_policy.values()]
    return {
        "total_coverages": len(coverages),
        "coverages_by_name": distribution(coverages["coverage_name"], 20),
        "limit_statistics": stats(coverages["coverage_limit"]),
        "deductible_statistics": stats(coverages["deductible"]),
        "coverages_per_policy": {
            "average": figure(mean(sizes)),
            "max": max(sizes, default=None),
        },
        "policies_without_coverage": orphans(ask.table("postgresql/policies"), "id", of_policy),
    }


def product_profitability(ask: Question) -> dict[str, Any]:
    policies = ask.table("postgresql/policies")
    products = by_key(ask.table("postgresql/products"))
    if "product_id" not in policies:
        sections = (
            "top_products_by_volume",
            "top_products_by_premium",
            "by_product_type",
            "policies_without_product",
        )
        return dict.fromkeys(sections)
    sold = [
        sold_product(product_id, products.get(product_id, {}), rows)
        for product_id, rows in groups(policies, "product_id").items()
    ]
    types = {}
    policies["product_type"] = product_types(policies, products)
    for product_type, rows in groups(policies, "product_type").items():
        types[product_type] = {
            "policies": len(rows),
            "premium_sum": figure(total(rows["premium"])),
            "premium_mean": figure(mean(rows["premium"])),
        }
    return {
        "top_products_by_volume": top(sold, 10, by="policy_number_count", key="product_id"),
        "top_products_by_premium": top(sold, 10, by="premium_sum", key="product_id"),
        "by_product_type": ranked(types, by="policies"),
        "policies_without_product": orphans(policies, "product_id", products),
    }


def sold_product(product_id: str, product: dict[str, Any], rows: pd.DataFrame) -> dict[str, Any]:
    """Return the figures of a product's policies; a key of no row has no code, name or type."""
    return {
        "product_id": product_id,
        "code": product.get("code"),
        "name": product.get("name"),
        "product_type": product.get("product_type"),
        "policy_number_count": len(present(rows["policy_number"])),
        "premium_sum": figure(total(rows["premium"])),
        "premium_mean": figure(mean(rows["premium"])),
        "sum_insured_sum": figure(total(rows["sum_insured"])),
    }


def product_types(policies: pd.DataFrame, products: dict[str, dict[str, Any]]) -> pd.Series:
    """Return each policy's type of product; None where it is missing."""
    types = [products.get(key, {}).get("product_type") for key in policies["product_id"]]
    return pd.Series([None if missing(name) else name for name in types], dtype=object)


def policy_trends(ask: Question) -> dict[str, Any]:
    policies = ask.table("postgresql/policies")
    answer: dict[str, Any] = {"months": ask.months, "as_of": ask.written_as_of}
    if "created_at" not in policies:
        return answer | {"monthly_trends": None, "growth_rate": None}
    trends = [
        {
            "month": month,
            "new_policies": len(rows),
            "premium_sum": figure(total(rows["premium"])),
            "premium_mean": figure(mean(rows["premium"])),
        }
        for month, rows in ask.by_month(policies, "created_at", ask.months).items()
    ]
    # The months of the growth are these two even where the list has one.
    counts = ask.monthly(policies["created_at"], 3)
    before, last, _ = (counts[month] for month in last_months(ask.as_of, 3))
    growth_rate = percentage(last - before, before)
    return answer | {"monthly_trends": trends, "growth_rate": growth_rate}
