"""The independent computation says what the contract says, in cases small enough to do by hand."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from analitica.tests import lakes, oracle
from analitica.tests.lakes import AS_OF, holding
from analitica.tests.oracle.comparison import differences
from analitica.tests.oracle.figures import age, age_groups, last_months, pearson, stats
from analitica.tests.oracle.values import figure, moment


def asked(path, rows, **params):
    """Ask over a lake that holds these rows alone."""
    return oracle.answer(path, holding(rows), **{"as_of": AS_OF} | params)


@pytest.mark.parametrize("path", oracle.ENDPOINTS)
@pytest.mark.parametrize(
    "tables",
    [lakes.whole(1, 9), lakes.some(1, 9), lakes.bold(1, 9), lakes.one_row(), lakes.empty()],
    ids=["whole", "some", "bold", "one row", "empty"],
)
def test_it_answers_every_endpoint_in_json(path, tables):
    found = oracle.answer(path, tables, as_of=AS_OF)
    read = json.loads(json.dumps(found, allow_nan=False))
    assert differences(found, read) == []


def test_a_birthday_on_29_february_falls_on_1_march():
    born = date(2008, 2, 29)
    assert age(born, date(2026, 2, 28)) == 17
    assert age(born, date(2026, 3, 1)) == 18
    assert age(born, date(2028, 2, 29)) == 20
    assert age(date(2026, 2, 28), date(2026, 2, 28)) == 0
    assert age(date(2026, 3, 1), date(2026, 2, 28)) is None


def test_an_age_belongs_to_one_group_and_every_group_is_there():
    births = [date(2026 - years, 1, 1) for years in (0, 17, 18, 25, 26, 65, 66, 101)]
    assert list(age_groups([None, *births], AS_OF.date()).items()) == [
        ("<18", 2),
        ("18-25", 2),
        ("26-35", 1),
        ("36-45", 0),
        ("46-55", 0),
        ("56-65", 1),
        (">65", 2),
    ]


@pytest.mark.parametrize(
    "text", ["2026-01-02T00:00:00Z", "2026-01-02 00:00:00", "2026-01-02T00:00:00.000+00:00"]
)
def test_a_timestamp_of_any_form_is_the_same_moment(text):
    assert moment(text) == moment("2026-01-02") == datetime(2026, 1, 2, tzinfo=UTC)


def test_months_go_over_the_new_year_and_end_with_that_of_as_of():
    assert last_months(AS_OF, 3) == ["2025-12", "2026-01", "2026-02"]


def test_a_monthly_window_leaves_out_what_comes_after_as_of_within_its_month():
    users = [
        {"created_at": text}
        for text in ("2025-02-28", "2025-03-01", "2026-02-28T15:30:00Z", "2026-02-28T15:30:00.1Z")
    ]
    found = asked("/mysql/analytics/users", {"mysql/users": users})
    assert found["total_users"] == 4
    assert len(found["monthly_registrations"]) == 12
    assert {month: n for month, n in found["monthly_registrations"].items() if n} == {
        "2025-03": 1,
        "2026-02": 1,
    }


def test_the_days_up_to_as_of_begin_after_their_first_moment():
    first = AS_OF - timedelta(days=30)
    claims = [{"fecha_reclamo": f"{at:%Y-%m-%d %H:%M:%S}"} for at in (first, AS_OF)]
    found = asked("/cassandra/analytics/claims", {"cassandra/reclamos": claims})
    assert found["recent_claims"] == 1


def test_a_distribution_keeps_na_and_leaves_out_what_is_blank():
    roles = [{"role": role} for role in ("b", "NA", "a", "NA", " ", None)]
    found = asked("/mysql/analytics/users", {"mysql/users": roles})
    assert list(found["users_by_role"].items()) == [("NA", 2), ("a", 1), ("b", 1)]


def test_emails_are_the_same_trimmed_and_in_lower_case():
    users = [{"email": email} for email in ("a@x", " A@X", "b@x", " ", None)]
    found = asked("/mysql/analytics/users", {"mysql/users": users})["data_quality"]
    assert (found["missing_emails"], found["duplicate_emails"]) == (2, 1)


def test_growth_rate_is_the_new_over_those_of_before():
    days = ("2020-01-01", "2020-01-01", "2026-01-31", "2026-02-01", "2027-01-01", None)
    users = [{"state": "Jalisco", "created_at": day} for day in days]
    users += [{"state": "Sonora", "created_at": "2026-02-02"}, {"state": "Baja"}]
    found = asked("/mysql/analytics/growth-by-state", {"mysql/users": users}, months=2)
    assert found["as_of"] == "2026-02-28T15:30:00Z"
    assert found["growth_by_state"] == {
        "Jalisco": {
            "total": 4,
            "new": 2,
            "growth_rate": 100.0,
            "monthly": {"2026-01": 1, "2026-02": 1},
        },
        "Sonora": {
            "total": 1,
            "new": 1,
            "growth_rate": None,
            "monthly": {"2026-01": 0, "2026-02": 1},
        },
    }


def test_the_trend_grows_by_the_last_full_month_whatever_months_are_asked_for():
    days = ("2025-12-01", "2025-12-31T23:59:59Z", "2026-01-01", "2026-02-01", "2026-02-02")
    policies = [{"created_at": day, "premium": "10.10"} for day in days]
    found = asked(
        "/postgresql/analytics/policy-trends", {"postgresql/policies": policies}, months=1
    )
    assert found["growth_rate"] == -50.0
    assert found["monthly_trends"] == [
        {"month": "2026-02", "new_policies": 2, "premium_sum": 20.2, "premium_mean": 10.1}
    ]


def test_correlation_is_null_where_a_side_is_constant():
    assert pearson([1, 2, 3], [5, 5, 5]) is None
    assert pearson([1, 2, 3], [2, 4, 6]) == 1.0
    assert pearson([1, 2, 3, 4], [1, 3, 2, 4]) == 0.8
    assert pearson([1, 2, 3], [1, 3, 1]) == 0.0


def test_a_tie_of_peak_hour_goes_to_the_lowest():
    at = ("28T09:00:00", "28T09:30:00Z", "27 07:00:00.5", "26T07:00:00+00:00")
    events = [{"timestamp": f"2026-02-{text}"} for text in at]
    path = "/cassandra/analytics/activity-patterns"
    found = asked(path, {"cassandra/transaction_audit": events})
    assert (found["total_events"], found["peak_hour"], found["hourly_average"]) == (4, 7, 0.02)
    assert [day for day, count in found["events_by_day_of_week"].items() if count] == [
        "thursday",
        "friday",
        "saturday",
    ]
    assert asked(path, {})["peak_hour"] is None


def test_claims_of_a_shared_number_belong_to_the_smallest_id_as_text():
    rows = {
        "postgresql/products": [
            {"id": "1", "product_type": "VIDA"},
            {"id": "2", "product_type": "AUTO"},
        ],
        "postgresql/policies": [
            {"id": "9", "policy_number": "N", "premium": "100", "product_id": "1"},
            {"id": "10", "policy_number": "N", "premium": "300", "product_id": "2"},
            {"id": "11", "policy_number": "M", "premium": "0", "product_id": "2"},
        ],
        "cassandra/reclamos": [
            {"policy_number": "N", "monto": "60"},
            {"policy_number": "N"},
            {"policy_number": "X", "monto": "5"},
            {"monto": "7"},
        ],
    }
    found = asked("/cross/analytics/claims-vs-policies", rows)
    assert (found["policies_with_claims"], found["claim_frequency"]) == (2, 66.67)
    assert (found["loss_ratio"], found["claims_without_policy"]) == (15.0, 2)
    assert found["top_policies_by_loss"] == [
        {"policy_number": "N", "premium": 300.0, "claims": 2, "claim_amount": 60.0}
    ]
    auto, vida = found["by_product_type"].values()
    assert (auto["policies"], auto["claims"], auto["loss_ratio"]) == (2, 2, 20.0)
    assert (vida["claims"], vida["claim_amount"], vida["loss_ratio"]) == (0, 0.0, 0.0)


def test_segments_count_a_user_once_and_a_policy_by_any_client():
    rows = {
        "mysql/users": [{"id": "1", "state": "B"}, {"id": "2", "state": "B"}, {"id": "3"}],
        "mysql/clients": [
            {"id": "a", "user_id": "1"},
            {"id": "b", "user_id": "1"},
            {"id": "c", "user_id": "3"},
            {"id": "d", "user_id": "99"},
        ],
        "postgresql/policies": [{"customer_id": key} for key in ("a", "b", "d", "z", None)],
        "cassandra/pagos": [{"customer_id": "a"}, {"customer_id": "c"}],
    }
    found = asked("/cross/analytics/customer-journey", rows)
    assert found["conversion_funnel"] == {
        "total_users": 3,
        "users_to_clients": 2,
        "clients_to_policyholders": 3,
        "conversion_rates": {
            "user_to_client": 66.67,
            "client_to_policy": 150.0,
            "overall_conversion": 100.0,
        },
    }
    assert found["customer_segments"]["by_state"] == {
        "B": {"total_users": 2, "with_policies": 1, "conversion_rate": 50.0}
    }
    assert found["after_sale"] == {"customers_with_payments": 1, "customers_with_claims": 0}


def test_a_journey_that_goes_backwards_is_left_out():
    rows = {
        "mysql/users": [{"id": "1", "created_at": "2026-01-01"}],
        "mysql/clients": [
            {"id": "a", "user_id": "1", "created_at": "2026-01-02T12:00:00Z"},
            {"id": "b", "user_id": "1", "created_at": "2025-12-31"},
        ],
        "postgresql/policies": [
            {"customer_id": "a", "created_at": "2026-01-01"},
            {"customer_id": "a", "created_at": "2026-01-09"},
            {"customer_id": "b", "created_at": "2025-12-31"},
        ],
    }
    assert asked("/cross/analytics/customer-journey", rows)["journey_timing"] == {
        "avg_days_user_to_client": 1.5,
        "avg_days_client_to_policy": 0.0,
    }


def test_a_top_list_names_the_key_of_no_row_and_settles_ties_as_text():
    rows = {
        "mysql/agents": [{"id": "9", "first_name": "Ana", "is_active": "false"}, {"id": "8"}],
        "postgresql/policies": [
            {"agent_id": "9", "premium": "10.00", "customer_id": "c"},
            {"agent_id": "10", "premium": "10"},
            {"premium": "20"},
        ],
    }
    found = asked("/cross/analytics/agent-performance", rows)
    assert [(row["agent_id"], row["name"]) for row in found["top_agents"]] == [
        ("10", None),
        ("9", "Ana"),
    ]
    assert (found["agents_with_policies"], found["policies_without_agent"]) == (1, 2)
    assert (found["inactive_agents_with_policies"], found["premium_share_top_10"]) == (1, 50.0)


def test_a_lake_without_the_ids_of_clients_knows_them_by_their_user():
    tables = holding(
        {
            "mysql/clients": [{"user_id": "7", "first_name": "Ana", "last_name": "Sol"}],
            "postgresql/policies": [{"customer_id": "7", "premium": "5"}],
        }
    )
    tables["mysql/clients"] = tables["mysql/clients"].drop(columns="id")
    found = oracle.answer("/cross/analytics/customer-policy-profile", tables, as_of=AS_OF)
    assert found["customers_with_policies"] == 1
    assert found["top_customers"] == [
        {"customer_id": "7", "name": "Ana Sol", "policies": 1, "premium_sum": 5.0}
    ]


def test_statistics_of_nothing_are_null_but_their_count():
    assert stats([None]) == {"count": 0} | dict.fromkeys(
        ["total", "average", "median", "min", "max"]
    )


def test_a_section_that_needs_a_column_of_another_lake_is_null():
    tables = lakes.bold(1, 9)
    policies = oracle.answer("/postgresql/analytics/policies", tables, as_of=AS_OF)
    assert [name for name, section in policies.items() if section is None] == [
        "policies_by_status",
        "monthly_policies",
        "active_policies",
        "expiring_next_30_days",
    ]


def test_the_comparison_names_the_place_that_differs():
    expected = {"a": {"x": figure(1), "y": [1, None]}}
    assert differences(expected, {"a": {"x": 1.005, "y": [1, None]}}) == [
        "answer['a']['x']: 1.005 has more than 2 decimals"
    ]
    assert differences(expected, {"a": {"y": [2, 0.0], "x": 1}}) == [
        "answer['a']: keys in the order ['y', 'x'], expected ['x', 'y']",
        "answer['a']['y'][0]: 2, expected 1",
        "answer['a']['y'][1]: 0.0, expected None",
    ]
