"""What is sold: products, policies and their coverages."""

from datetime import timedelta

from ibis import _
from ibis.expr.types import Table

from analitica.endpoints import Answer, endpoint
from analitica.figures import (
    by_month,
    count,
    count_if,
    count_missing,
    distribution,
    duplicates,
    figure,
    is_missing,
    mean,
    median,
    monthly,
    per_each,
    rate,
    stats,
    total,
    unmatched,
)
from analitica.reading import Reading, Row

BANDS = {
    "< 100": (None, 100),
    "100-499": (100, 500),
    "500-999": (500, 1000),
    ">= 1000": (1000, None),
}
PRODUCT = ("code", "name", "product_type")
PRODUCT_ID = "postgresql/policies.product_id"
CREATED = "postgresql/policies.created_at"


@endpoint(
    "/postgresql/analytics/products",
    "postgresql/products",
    data_completeness="postgresql/products.description",
)
def products(reading: Reading) -> Answer:
    products = reading["postgresql/products"]
    premium = products.base_premium
    facts = reading.row(
        products.aggregate(
            n=_.count(),
            total=premium.sum(),
            count=premium.count(),
            max=premium.max(),
            described=count_if(~is_missing(products.description)),
            **{
                band: count_if(
                    (premium >= (-(10**18) if low is None else low))
                    & (premium < (10**18 if high is None else high))
                )
                for band, (low, high) in BANDS.items()
            },
        )
    )
    return {
        "total_products": facts["n"],
        "product_types": distribution(reading, products, "product_type"),
        "premium_statistics": {
            "average_premium": mean(facts["total"], facts["count"]),
            "median_premium": median(reading, products, "base_premium", facts["count"]),
            "max_premium": figure(facts["max"]),
            "premium_distribution": {band: facts[band] for band in BANDS},
        },
        "data_completeness": {
            "products_with_premium": facts["count"],
            "products_with_description": facts["described"],
        },
    }


@endpoint(
    "/postgresql/analytics/policies",
    "postgresql/policies",
    policies_by_status="postgresql/policies.status",
    monthly_policies=CREATED,
    active_policies=("postgresql/policies.start_date", "postgresql/policies.end_date"),
    expiring_next_30_days="postgresql/policies.end_date",
)
def policies(reading: Reading) -> Answer:
    policies, today = reading["postgresql/policies"], reading.asked.as_of.date()
    start, end = policies.start_date, policies.end_date
    facts = reading.row(
        policies.aggregate(
            n=_.count(),
            active=count_if((start <= today) & (end >= today)),
            expiring=count_if((end > today) & (end <= today + timedelta(days=30))),
        )
    )
    quality = reading.row(
        policies.aggregate(
            missing_customers=count_missing(policies.customer_id),
            missing_agents=count_missing(policies.agent_id),
            duplicate_policy_numbers=duplicates(policies.policy_number),
        )
    )
    return {
        "total_policies": facts["n"],
        "policies_by_status": distribution(reading, policies, "status"),
        "premium_statistics": stats(reading, policies, "premium"),
        "sum_insured_statistics": stats(reading, policies, "sum_insured"),
        "monthly_policies": monthly(reading, policies, "created_at"),
        "active_policies": facts["active"],
        "expiring_next_30_days": facts["expiring"],
        "data_quality": quality,
    }


@endpoint("/postgresql/analytics/coverages", "postgresql/policies", "postgresql/policy_coverage")
def coverages(reading: Reading) -> Answer:
    policies, coverages = reading["postgresql/policies"], reading["postgresql/policy_coverage"]
    each = per_each(reading, coverages, "policy_id")
    covered = coverages.select(id=coverages.policy_id)
    return {
        "total_coverages": count(reading, coverages),
        "coverages_by_name": distribution(reading, coverages, "coverage_name", limit=20),
        "limit_statistics": stats(reading, coverages, "coverage_limit"),
        "deductible_statistics": stats(reading, coverages, "deductible"),
        "coverages_per_policy": {"average": each["average"], "max": each["max"]},
        "policies_without_coverage": unmatched(reading, policies, "id", covered),
    }


@endpoint(
    "/postgresql/analytics/product-profitability",
    "postgresql/products",
    "postgresql/policies",
    top_products_by_volume=PRODUCT_ID,
    top_products_by_premium=PRODUCT_ID,
    by_product_type=PRODUCT_ID,
    policies_without_product=PRODUCT_ID,
)
def profitability(reading: Reading) -> Answer:
    products, policies = reading["postgresql/products"], reading["postgresql/policies"]
    each = policies.filter(policies.product_id.notnull()).group_by("product_id").aggregate(
        policy_number_count=count_if(~is_missing(policies.policy_number)),
        premiums=policies.premium.count(),
        premium_sum=total(policies.premium),
        sum_insured_sum=total(policies.sum_insured),
    )  # fmt: skip
    named = each.left_join(products.select("id", *PRODUCT), each.product_id == products.id)
    return {
        "top_products_by_volume": top_products(reading, named, "policy_number_count"),
        "top_products_by_premium": top_products(reading, named, "premium_sum"),
        "by_product_type": by_product_type(reading, products, policies),
        "policies_without_product": unmatched(reading, policies, "product_id", products),
    }


def top_products(reading: Reading, named: Table, rank: str) -> list[Row]:
    ranked = named.order_by(_[rank].desc(), _.product_id).limit(10)
    return [
        {
            "product_id": row["product_id"],
            **{name: row[name] for name in PRODUCT},
            "policy_number_count": row["policy_number_count"],
            "premium_sum": figure(row["premium_sum"]),
            "premium_mean": mean(row["premium_sum"], row["premiums"]),
            "sum_insured_sum": figure(row["sum_insured_sum"]),
        }
        for row in reading.rows(ranked)
    ]


def by_product_type(reading: Reading, products: Table, policies: Table) -> dict[str, Row]:
    """Return the policies of each type of product; those of the most first."""
    typed = policies.join(products.select("id", "product_type"), _.product_id == products.id)
    each = typed.group_by("product_type").aggregate(
        policies=_.count(), premiums=_.premium.count(), premium_sum=total(_.premium)
    )
    ordered = each.filter(~is_missing(_.product_type)).order_by(_.policies.desc(), _.product_type)
    return {
        row["product_type"]: {
            "policies": row["policies"],
            "premium_sum": figure(row["premium_sum"]),
            "premium_mean": mean(row["premium_sum"], row["premiums"]),
        }
        for row in reading.rows(ordered)
    }


@endpoint(
    "/postgresql/analytics/policy-trends",
    "postgresql/policies",
    asks=["months"],
    monthly_trends=CREATED,
    growth_rate=CREATED,
)
def trends(reading: Reading) -> Answer:
    asked, policies = reading.asked, reading["postgresql/policies"]
    # Growth is of the two months before this one, however few are asked for.
    months = by_month(
        reading,
        policies,
        "created_at",
        max(asked.months, 3),
        n=_.count(),
        premiums=_.premium.count(),
        premium_sum=total(_.premium),
    )
    before, last = (row.get("n", 0) for _month, row in months[-3:-1])
    return {
        "months": asked.months,
        "as_of": asked.moment,
        "monthly_trends": [
            {
                "month": month,
                "new_policies": row.get("n", 0),
                "premium_sum": figure(row.get("premium_sum", 0)),
                "premium_mean": mean(row.get("premium_sum", 0), row.get("premiums", 0)),
            }
            for month, row in months[-asked.months :]
        ],
        "growth_rate": rate(last - before, before),
    }
