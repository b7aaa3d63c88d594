"""Analytics as the replaced system gave them: pandas reads the CSVs of an answer at each request.

python -m benchmarks.pandas_server FOLDER PORT: it knows nothing of ours, and gives the main figures alone.
"""

import json
import sys
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pandas as pd

FOLDER = Path(sys.argv[1])
NOW = pd.Timestamp("2026-06-01", tz="UTC")


def read(path, *times):
    return pd.read_csv(FOLDER / path / f"{path.split('/')[1]}.csv", parse_dates=list(times))


def counts(column):
    return {str(key): int(n) for key, n in column.value_counts().items()}


def monthly(column):
    return counts(column[column > NOW - pd.Timedelta(days=365)].dt.strftime("%Y-%m"))


def stats(column):
    return column.agg(["count", "sum", "mean", "median", "min", "max"]).to_dict()


def sums(frame, key, value, top):
    return (
        frame.groupby(key)[value]
        .agg(["count", "sum", "mean"])
        .nlargest(top, "sum")
        .to_dict("index")
    )


def ages(column):
    years = (NOW.tz_localize(None) - pd.to_datetime(column)).dt.days // 365
    return stats(years) | counts(pd.cut(years, [-1, 17, 25, 35, 45, 55, 65, 200]))


def users():
    users = read("mysql/users", "created_at")
    return [
        len(users), *(counts(users[name]) for name in ("role", "state")),
        counts(users.city.value_counts().head(10)), monthly(users.created_at),
        int(users.email.isna().sum()), int(users.email.str.strip().str.lower().duplicated().sum()),
    ]  # fmt: skip


def demographics():
    clients, users = read("mysql/clients"), read("mysql/users")
    joined = clients.merge(users, left_on="user_id", right_on="id", how="left")
    return [
        len(clients),
        counts(clients.document_type),
        ages(clients.birth_date),
        counts(joined.state),
    ]


def agents():
    agents = read("mysql/agents", "created_at")
    return [
        len(agents),
        counts(agents.is_active),
        counts(agents.specialty),
        monthly(agents.created_at),
    ]


def beneficiaries():
    rows = read("mysql/beneficiaries")
    return [
        len(rows),
        counts(rows.relationship),
        stats(rows.groupby("client_id").size()),
        ages(rows.birth_date),
    ]


def growth():
    users = read("mysql/users", "created_at")
    recent = users[users.created_at > NOW - pd.Timedelta(days=365)]
    return [counts(users.state), {f"{a} {b}": int(n) for (a, b), n in recent.groupby(
        ["state", recent.created_at.dt.strftime("%Y-%m")]).size().items()}]  # fmt: skip


def quality():
    frames = [read(f"mysql/{name}") for name in ("users", "clients", "agents", "beneficiaries")]
    return [[frame.isna().sum().to_dict(), frame.nunique().to_dict()] for frame in frames] + [
        int((~frames[1].user_id.isin(frames[0].id)).sum())
    ]


def products():
    rows = read("postgresql/products")
    return [len(rows), counts(rows.product_type), stats(rows.base_premium)]


def policies():
    rows = read("postgresql/policies", "created_at")
    return [
        len(rows), counts(rows.status), stats(rows.premium), stats(rows.sum_insured),
        monthly(rows.created_at), int((rows.end_date >= "2026-06-01").sum()),
        int(rows.policy_number.duplicated().sum()),
    ]  # fmt: skip


def coverages():
    rows, sold = read("postgresql/policy_coverage"), read("postgresql/policies")
    return [
        len(rows), counts(rows.coverage_name), stats(rows.coverage_limit), stats(rows.deductible),
        stats(rows.groupby("policy_id").size()), int((~sold.id.isin(rows.policy_id)).sum()),
    ]  # fmt: skip


def profitability():
    sold = read("postgresql/policies").merge(
        read("postgresql/products"), left_on="product_id", right_on="id", how="left"
    )
    return [sums(sold, "product_id", "premium", 10), sums(sold, "product_type", "premium", 10)]


def trends():
    rows = read("postgresql/policies", "created_at")
    return [
        monthly(rows.created_at),
        sums(rows, rows.created_at.dt.strftime("%Y-%m"), "premium", 12),
    ]


def claims():
    rows = read("cassandra/reclamos", "fecha_reclamo")
    return [
        len(rows), stats(rows.monto), sums(rows, "estado", "monto", 10), monthly(rows.fecha_reclamo),
        sums(rows, "policy_number", "monto", 10),
    ]  # fmt: skip


def payments():
    rows = read("cassandra/pagos", "fecha_pago")
    return [
        len(rows), stats(rows.monto), sums(rows, "metodo_pago", "monto", 10), monthly(rows.fecha_pago),
        sums(rows, "customer_id", "monto", 10),
    ]  # fmt: skip


def audit():
    rows = read("cassandra/transaction_audit", "timestamp")
    return [
        len(rows), counts(rows.servicio), counts(rows.operacion), counts(rows.timestamp.dt.hour),
        int(rows.user_id.nunique()), counts(rows.user_id),
    ]  # fmt: skip


def correlation():
    claims, payments = (
        read("cassandra/reclamos", "fecha_reclamo"),
        read("cassandra/pagos", "fecha_pago"),
    )
    return [
        sums(claims, claims.fecha_reclamo.dt.strftime("%Y-%m"), "monto", 12),
        sums(payments, payments.fecha_pago.dt.strftime("%Y-%m"), "monto", 12),
    ]


def activity():
    rows = read("cassandra/transaction_audit", "timestamp")
    week = rows[rows.timestamp > NOW - pd.Timedelta(days=7)]
    return [len(week), counts(week.timestamp.dt.hour), counts(week.timestamp.dt.day_name())]


def profile():
    clients, users = read("mysql/clients"), read("mysql/users")
    each = read("postgresql/policies").groupby("customer_id").premium.agg(["count", "sum"])
    joined = clients.merge(each, left_on="id", right_index=True).merge(
        users, left_on="user_id", right_on="id"
    )
    return [len(clients), len(joined), counts(each["count"]), sums(joined, "state", "sum", 30),
            ages(joined.birth_date), each.nlargest(10, "sum").to_dict("index")]  # fmt: skip


def agent_performance():
    sold, agents = read("postgresql/policies"), read("mysql/agents")
    each = sold.groupby("agent_id").agg(
        policies=("id", "size"), customers=("customer_id", "nunique"), premium=("premium", "sum")
    )
    return [
        len(agents),
        each.nlargest(20, "premium").to_dict("index"),
        int((~sold.agent_id.isin(agents.id)).sum()),
    ]


def losses():
    sold, claims = read("postgresql/policies"), read("cassandra/reclamos")
    each = claims.groupby("policy_number").monto.agg(["count", "sum"])
    joined = sold.merge(each, left_on="policy_number", right_index=True, how="left").merge(
        read("postgresql/products"), left_on="product_id", right_on="id"
    )
    return [len(sold), float(joined["sum"].sum()), sums(joined, "product_type", "sum", 10),
            joined.nlargest(10, "sum")[["policy_number", "premium", "sum"]].to_dict("records")]  # fmt: skip


def journey():
    users, clients = read("mysql/users", "created_at"), read("mysql/clients", "created_at")
    sold = read("postgresql/policies", "created_at")
    payments, claims = read("cassandra/pagos"), read("cassandra/reclamos")
    holders = clients[clients.id.isin(sold.customer_id)]
    joined = clients.merge(users, left_on="user_id", right_on="id")
    first = sold.groupby("customer_id").created_at.min()
    bought = clients.merge(first, left_on="id", right_index=True)
    return [
        len(users), int(users.id.isin(clients.user_id).sum()), len(holders),
        str((joined.created_at_x - joined.created_at_y).mean()),
        str((bought.created_at_y - bought.created_at_x).mean()),
        counts(users[users.id.isin(holders.user_id)].state), int(holders.id.isin(payments.customer_id).sum()),
        int(sold.policy_number.isin(claims.policy_number).sum()),
    ]  # fmt: skip


ANSWERS: dict[str, Callable] = {
    "/mysql/analytics/users": users,
    "/mysql/analytics/clients/demographics": demographics,
    "/mysql/analytics/agents/performance": agents,
    "/mysql/analytics/beneficiaries/relationships": beneficiaries,
    "/mysql/analytics/growth-by-state": growth,
    "/mysql/analytics/data-quality-report": quality,
    "/postgresql/analytics/products": products,
    "/postgresql/analytics/policies": policies,
    "/postgresql/analytics/coverages": coverages,
    "/postgresql/analytics/product-profitability": profitability,
    "/postgresql/analytics/policy-trends": trends,
    "/cassandra/analytics/claims": claims,
    "/cassandra/analytics/payments": payments,
    "/cassandra/analytics/transaction-audit": audit,
    "/cassandra/analytics/claims-payments-correlation": correlation,
    "/cassandra/analytics/activity-patterns": activity,
    "/cross/analytics/customer-policy-profile": profile,
    "/cross/analytics/agent-performance": agent_performance,
    "/cross/analytics/claims-vs-policies": losses,
    "/cross/analytics/customer-journey": journey,
    "/claims/stats": lambda: counts(read("cassandra/reclamos").estado),
    "/payments/avg": lambda: float(read("cassandra/pagos").monto.mean()),
    "/audits/top-services": lambda: counts(read("cassandra/transaction_audit").servicio),
}


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        body = json.dumps(ANSWERS[urlsplit(self.path).path](), default=str).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


ThreadingHTTPServer(("127.0.0.1", int(sys.argv[2])), Handler).serve_forever()
