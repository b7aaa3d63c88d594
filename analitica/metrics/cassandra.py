"""What has happened: claims, payments and the audit."""

from ibis import _
from ibis.expr.types import Table

from analitica.endpoints import Answer, endpoint
from analitica.figures import (
    by_month,
    correlation,
    count,
    count_if,
    distribution,
    figure,
    in_days,
    in_hours,
    mean,
    monthly,
    stats,
    total,
    totals_by,
)
from analitica.reading import Reading, Row

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@endpoint("/cassandra/analytics/claims", "cassandra/reclamos")
def claims(reading: Reading) -> Answer:
    claims = reading["cassandra/reclamos"]
    recent = count_if(in_days(claims.fecha_reclamo, reading.asked.as_of, 30))
    facts = reading.row(claims.aggregate(n=_.count(), recent=recent))
    return {
        "total_claims": facts["n"],
        "claims_by_status": distribution(reading, claims, "estado"),
        "amount_statistics": stats(reading, claims, "monto"),
        "amount_by_status": totals_by(reading, claims, "estado", "monto"),
        "monthly_claims": monthly(reading, claims, "fecha_reclamo"),
        "recent_claims": facts["recent"],
        "top_policies_by_amount": top_by_amount(reading, claims, "policy_number", "claims"),
    }


def top_by_amount(reading: Reading, table: Table, key: str, rows: str) -> list[Row]:
    """Return the ten keys with the largest amounts, and how many `rows` each has."""
    each = (
        table.filter(_[key].notnull()).group_by(key).aggregate(n=_.count(), amount=total(_.monto))
    )
    ranked = each.order_by(_.amount.desc(), _[key]).limit(10)
    return [
        {key: row[key], rows: row["n"], "amount": figure(row["amount"])}
        for row in reading.rows(ranked)
    ]


@endpoint("/cassandra/analytics/payments", "cassandra/pagos")
def payments(reading: Reading) -> Answer:
    payments = reading["cassandra/pagos"]
    months = by_month(reading, payments, "fecha_pago", n=_.count(), total=total(_.monto))
    return {
        "total_payments": count(reading, payments),
        "amount_statistics": stats(reading, payments, "monto"),
        "payments_by_method": totals_by(reading, payments, "metodo_pago", "monto"),
        "monthly_payments": {
            month: {"count": row.get("n", 0), "total": figure(row.get("total", 0))}
            for month, row in months
        },
        "top_customers_by_amount": top_by_amount(reading, payments, "customer_id", "payments"),
    }


@endpoint("/cassandra/analytics/transaction-audit", "cassandra/transaction_audit")
def audit(reading: Reading) -> Answer:
    events = reading["cassandra/transaction_audit"]
    facts = reading.row(events.aggregate(n=_.count(), users=events.user_id.nunique()))
    each = events.filter(events.user_id.notnull()).group_by("user_id")
    busiest = each.aggregate(transactions=_.count()).order_by(_.transactions.desc(), _.user_id)
    return {
        "total_transactions": facts["n"],
        "transactions_by_service": distribution(reading, events, "servicio"),
        "transactions_by_operation": distribution(reading, events, "operacion"),
        "transactions_by_hour": by_hour(reading, events),
        "unique_users": facts["users"],
        "top_users": reading.rows(busiest.limit(10)),
    }


def by_hour(reading: Reading, events: Table) -> dict[str, int]:
    """Return the events of each hour of the day."""
    dated = events.filter(events.timestamp.notnull())
    found = reading.rows(dated.group_by(hour=dated.timestamp.hour()).aggregate(n=_.count()))
    counts = {row["hour"]: row["n"] for row in found}
    return {str(hour): counts.get(hour, 0) for hour in range(24)}


@endpoint(
    "/cassandra/analytics/claims-payments-correlation", "cassandra/reclamos", "cassandra/pagos"
)
def claims_and_payments(reading: Reading) -> Answer:
    claims, payments = reading["cassandra/reclamos"], reading["cassandra/pagos"]
    figures = {"n": _.count(), "amount": total(_.monto)}
    months = [
        {
            "month": month,
            "claims": claimed.get("n", 0),
            "claim_amount": figure(claimed.get("amount", 0)),
            "payments": paid.get("n", 0),
            "payment_amount": figure(paid.get("amount", 0)),
        }
        for (month, claimed), (_same, paid) in zip(
            by_month(reading, claims, "fecha_reclamo", **figures),
            by_month(reading, payments, "fecha_pago", **figures),
            strict=True,
        )
    ]
    claimed = reading.row(claims.aggregate(amount=_.monto.sum().fill_null(0)))["amount"]
    paid = reading.row(payments.aggregate(amount=_.monto.sum().fill_null(0)))["amount"]
    return {
        "monthly": months,
        "correlation": {
            "count": correlation([(row["claims"], row["payments"]) for row in months]),
            "amount": correlation([(row["claim_amount"], row["payment_amount"]) for row in months]),
        },
        "claims_to_payments_ratio": figure(claimed / paid) if paid else None,
    }


@endpoint("/cassandra/analytics/activity-patterns", "cassandra/transaction_audit", asks=["hours"])
def activity(reading: Reading) -> Answer:
    asked, events = reading.asked, reading["cassandra/transaction_audit"]
    recent = events.filter(in_hours(events.timestamp, asked.as_of, asked.hours))
    hours = by_hour(reading, recent)
    events_of_all = sum(hours.values())
    busiest = max(hours, key=lambda hour: hours[hour])  # the first, on a tie
    weekdays = recent.group_by(day=recent.timestamp.day_of_week.index()).aggregate(n=_.count())
    counts = {row["day"]: row["n"] for row in reading.rows(weekdays)}
    return {
        "hours": asked.hours,
        "as_of": asked.moment,
        "total_events": events_of_all,
        "events_by_hour_of_day": hours,
        "events_by_day_of_week": {day: counts.get(n, 0) for n, day in enumerate(DAYS)},
        "events_by_service": distribution(reading, recent, "servicio"),
        "peak_hour": int(busiest) if events_of_all else None,
        "hourly_average": mean(events_of_all, asked.hours),
    }


@endpoint("/claims/stats", "cassandra/reclamos")
def claims_stats(reading: Reading) -> Answer:
    return distribution(reading, reading["cassandra/reclamos"], "estado")


@endpoint("/payments/avg", "cassandra/pagos")
def payments_avg(reading: Reading) -> Answer:
    payments = reading["cassandra/pagos"]
    found = reading.row(payments.aggregate(total=_.monto.sum(), count=_.monto.count()))
    return {"avg_monto": mean(found["total"], found["count"])}


@endpoint("/audits/top-services", "cassandra/transaction_audit")
def top_services(reading: Reading) -> Answer:
    return distribution(reading, reading["cassandra/transaction_audit"], "servicio", limit=5)
