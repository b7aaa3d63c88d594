"""What a question may say in its address."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analitica.parameters import BadParameters, asked, moment

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
NOT_GE = "value_error.number.not_ge"
NOT_LE = "value_error.number.not_le"
NO_INTEGER = "type_error.integer"


def refusal(name, value):
    with pytest.raises(BadParameters) as refused:
        asked({name: value}, ["months", "hours"], now=NOW)
    [told] = refused.value.detail
    assert told["loc"] == ["query", name]
    return told["msg"], told["type"]


def test_what_is_not_said_has_its_default():
    said = asked({}, ["months", "hours"], now=NOW)
    assert (said.as_of, said.months, said.hours) == (datetime(2026, 6, 1, 12), 12, 168)


@pytest.mark.parametrize("name,least,most", [("months", 1, 36), ("hours", 24, 720)])
def test_a_number_has_bounds_that_belong_to_it(name, least, most):
    for number in (least, most):
        assert getattr(asked({name: str(number)}, [name], now=NOW), name) == number
    assert refusal(name, str(least - 1)) == (
        f"ensure this value is greater than or equal to {least}",
        NOT_GE,
    )
    assert refusal(name, str(most + 1)) == (
        f"ensure this value is less than or equal to {most}",
        NOT_LE,
    )


@pytest.mark.parametrize("value", ["x", "", "1.5", "1e1", "1_2", "٣", "12 meses"])
def test_what_is_no_integer_is_told(value):
    assert refusal("months", value) == ("value is not a valid integer", NO_INTEGER)


def test_a_number_of_any_length_is_only_too_large():
    assert refusal("months", "9" * 5000)[1] == NOT_LE


@pytest.mark.parametrize("value", ["x", "", "2026-13-01", "2026-02-30", "ayer", "0001-01-01"])
def test_what_is_no_moment_is_told(value):
    assert refusal("as_of", value) == ("invalid datetime format", "value_error.datetime")


def test_all_that_is_wrong_is_told_at_once():
    with pytest.raises(BadParameters) as refused:
        asked({"months": "0", "as_of": "x"}, ["months"], now=NOW)
    assert [told["loc"][1] for told in refused.value.detail] == ["months", "as_of"]


def test_what_the_question_does_not_take_is_not_looked_at():
    assert asked({"hours": "x", "otro": "1"}, ["months"], now=NOW).months == 12


@pytest.mark.parametrize(
    "text",
    [
        "2026-06-01T12:00:00Z",
        "2026-06-01T12:00:00",
        "2026-06-01 12:00",
        "2026-06-01T07:00:00-05:00",
        "2026-06-01T14:00:00+02:00",
        "2026-06-01T14:00:00 02:00",  # a plus that nobody encoded
    ],
)
def test_a_moment_is_written_in_many_ways(text):
    assert moment(text) == NOW


def test_a_bare_date_is_its_midnight():
    assert moment("2026-06-01") == datetime(2026, 6, 1, tzinfo=UTC)


@given(
    st.datetimes(min_value=datetime(1000, 1, 3), max_value=datetime(8999, 12, 29)),
    st.integers(-14 * 60, 14 * 60),
)
def test_any_offset_is_converted(naive, minutes):
    said = naive.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    assert moment(said.isoformat()) == said


@given(st.text())
def test_no_text_is_thrown_back(text):
    for name in ("months", "hours", "as_of"):
        try:
            asked({name: text}, ["months", "hours"], now=NOW)
        except BadParameters as refused:
            assert refused.detail[0]["loc"] == ["query", name]
