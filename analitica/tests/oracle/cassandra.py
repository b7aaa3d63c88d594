"""The endpoints over reclamos, pagos and the audit of transactions."""

from collections import Counter
from datetime import timedelta
from typing import Any

from analitica.tests.oracle.figures import (
    brief_stats,
    distribution,
    mean,
    pearson,
    quotient,
    ranked,
    stats,
    top,
    total,
)
from analitica.tests.oracle.question import Question, groups
from analitica.tests.oracle.values import figure, known, missing

WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def claims(ask: Question) -> dict[str, Any]:
    claims = ask.table("cassandra/reclamos")
    by_status = {
        status: brief_stats(rows["monto"])
        for status, rows in groups(claims, "estado").items()
        if not missing(status)
    }
    of_policy = [
        {"policy_number": number, "claims": len(rows), "amount": figure(total(rows["monto"]))}
        for number, rows in groups(claims, "policy_number").items()
    ]
    return {
        "total_claims": len(claims),
        "claims_by_status": distribution(claims["estado"]),
        "amount_statistics": stats(claims["monto"]),
        "amount_by_status": ranked(by_status, by="count"),
        "monthly_claims": ask.monthly(claims["fecha_reclamo"]),
        "recent_claims": ask.recent(claims["fecha_reclamo"]),
        "top_policies_by_amount": top(of_policy, 10, by="amount", key="policy_number"),
    }


def payments(ask: Question) -> dict[str, Any]:
    payments = ask.table("cassandra/pagos")
    by_method = {
        method: brief_stats(rows["monto"])
        for method, rows in groups(payments, "metodo_pago").items()
        if not missing(method)
    }
    of_customer = [
        {"customer_id": customer, "payments": len(rows), "amount": figure(total(rows["monto"]))}
        for customer, rows in groups(payments, "customer_id").items()
    ]
    return {
        "total_payments": len(payments),
        "amount_statistics": stats(payments["monto"]),
        "payments_by_method": ranked(by_method, by="count"),
        "monthly_payments": {
            month: {"count": len(rows), "total": figure(total(rows["monto"]))}
            for month, rows in ask.by_month(payments, "fecha_pago", 12).items()
        },
        "top_customers_by_amount": top(of_customer, 10, by="amount", key="customer_id"),
    }


def transaction_audit(ask: Question) -> dict[str, Any]:
    events = ask.table("cassandra/transaction_audit")
    hours = Counter(moment.hour for moment in known(events["timestamp"]))
    of_user = [
        {"user_id": user, "transactions": len(rows)}
        for user, rows in groups(events, "user_id").items()
    ]
    return {
        "total_transactions": len(events),
        "transactions_by_service": distribution(events["servicio"]),
        "transactions_by_operation": distribution(events["operacion"]),
        "transactions_by_hour": {str(hour): hours[hour] for hour in range(24)},
        "unique_users": len(of_user),
        "top_users": top(of_user, 10, by="transactions", key="user_id"),
    }


def correlation(ask: Question) -> dict[str, Any]:
    claims, payments = ask.table("cassandra/reclamos"), ask.table("cassandra/pagos")
    claims_of = ask.by_month(claims, "fecha_reclamo", 12)
    payments_of = ask.by_month(payments, "fecha_pago", 12)
    claimed = [total(rows["monto"]) for rows in claims_of.values()]
    paid = [total(rows["monto"]) for rows in payments_of.values()]
    monthly = [
        {
            "month": month,
            "claims": len(claims_of[month]),
            "claim_amount": figure(claim_amount),
            "payments": len(payments_of[month]),
            "payment_amount": figure(payment_amount),
        }
        for month, claim_amount, payment_amount in zip(claims_of, claimed, paid, strict=True)
    ]
    return {
        "monthly": monthly,
        "correlation": {
            "count": pearson(
                [month["claims"] for month in monthly], [month["payments"] for month in monthly]
            ),
            "amount": pearson(claimed, paid),
        },
        "claims_to_payments_ratio": figure(
            quotient(total(claims["monto"]), total(payments["monto"]))
        ),
    }


def activity_patterns(ask: Question) -> dict[str, Any]:
    events = ask.table("cassandra/transaction_audit").to_dict("records")
    span = timedelta(hours=ask.hours)
    events = [event for event in events if ask.within(event["timestamp"], span)]
    hours = Counter(event["timestamp"].hour for event in events)
    days = Counter(WEEK[event["timestamp"].weekday()] for event in events)
    return {
        "hours": ask.hours,
        "as_of": ask.written_as_of,
        "total_events": len(events),
        "events_by_hour_of_day": {str(hour): hours[hour] for hour in range(24)},
        "events_by_day_of_week": {day: days[day] for day in WEEK},
        "events_by_service": distribution(event["servicio"] for event in events),
        "peak_hour": min(hours, key=lambda hour: (-hours[hour], hour), default=None),
        "hourly_average": figure(quotient(len(events), ask.hours)),
    }


def claims_stats(ask: Question) -> dict[str, Any]:
    return distribution(ask.table("cassandra/reclamos")["estado"])


def payments_avg(ask: Question) -> dict[str, Any]:
    return {"avg_monto": figure(mean(ask.table("cassandra/pagos")["monto"]))}


def top_services(ask: Question) -> dict[str, Any]:
    return distribution(ask.table("cassandra/transaction_audit")["servicio"], 5)
