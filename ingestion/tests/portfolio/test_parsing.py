from datetime import UTC, date, datetime
from decimal import Decimal
from math import inf, nan

import pytest
from django.db import models
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from ingestion.portfolio.parsing import BadValue, Numbers, convert, is_date_form, parse_date

FORMS = ["%Y/%m/%d", "%Y-%m-%d", "%m/%d/%Y", "%d/%m/%Y"]
PLAIN = Numbers()
COMMAS = Numbers(decimal=",", thousands=".")

cents = st.decimals(min_value=-(10**9), max_value=10**9, places=2)


@given(day=st.dates(min_value=date(1000, 1, 1)), form=st.sampled_from(FORMS))
def test_a_date_is_read_back_in_the_form_it_was_written(day, form):
    assert parse_date(day.strftime(form), form).date() == day


@given(moment=st.datetimes(min_value=datetime(1000, 1, 2)))
def test_a_moment_day_first_keeps_its_seconds(moment):
    form = "%d/%m/%Y %H:%M:%S"
    assert parse_date(moment.strftime(form), form) == moment.replace(microsecond=0)


@given(text=st.text(max_size=20))
def test_no_text_breaks_the_date_parser(text):
    try:
        assert isinstance(parse_date(text, "%Y/%m/%d"), datetime)
    except BadValue as bad:
        assert "2001/12/31" in str(bad)


def test_a_date_month_first_is_not_taken_day_first():
    assert parse_date("02/11/2020", "%m/%d/%Y") == datetime(2020, 2, 11)
    with pytest.raises(BadValue, match="se espera como 12/31/2001"):
        parse_date("13/02/2020", "%m/%d/%Y")


@pytest.mark.parametrize("text", ["2022-02-30", "2022-9-31", "2022", "hoy", "2022-01-01 10:00"])
def test_what_is_no_day_is_refused(text):
    with pytest.raises(BadValue):
        parse_date(text, "%Y-%m-%d")


def test_a_form_must_give_a_whole_date():
    assert is_date_form("%d/%m/%Y %H:%M:%S")
    assert is_date_form("%y%m%d")
    assert not is_date_form("%Y/%m")
    assert not is_date_form("dd/mm/yyyy")
    assert not is_date_form("%Y-%m-%d %Q")
    assert not is_date_form("%Y-%m-%d %Y")


@given(amount=cents)
def test_an_amount_is_read_exactly(amount):
    assert PLAIN.parse(f"{amount:f}") == amount


@given(amount=cents)
def test_an_amount_with_thousands_and_a_decimal_comma_is_read_exactly(amount):
    text = f"{amount:,.2f}".translate(str.maketrans(",.", ".,"))
    assert COMMAS.parse(text) == amount
    assert COMMAS.parse(text.replace(".", "")) == amount


@given(text=st.text(max_size=12))
def test_no_text_breaks_the_number_parser(text):
    try:
        assert PLAIN.parse(text).is_finite()
    except BadValue:
        assert not text.isdecimal() or not text.isascii()


@pytest.mark.parametrize(
    "text", ["1e5", "NaN", "Infinity", "1,5", "1 000", "1.", ".5", "--1", "١٢", "0x10", "1_000", ""]
)
def test_what_only_python_calls_a_number_is_refused(text):
    with pytest.raises(BadValue, match=r"se espera como 1234\.56"):
        PLAIN.parse(text)


@pytest.mark.parametrize("text", ["1.2,5", "1.23.456", "12.34", "1234.567", ",5"])
def test_misplaced_thousands_are_refused(text):
    with pytest.raises(BadValue, match=r"1\.234,56"):
        COMMAS.parse(text)


def test_a_blank_is_null_where_null_is_kept():
    assert convert(models.DateField(null=True), "", PLAIN) is None


def test_a_blank_is_the_default_where_there_is_one():
    assert convert(models.DecimalField(default=Decimal(7)), "", PLAIN) == 7
    assert convert(models.CharField(blank=True), "", PLAIN) == ""


def test_a_blank_is_never_the_moment_of_the_import():
    with pytest.raises(BadValue, match="Falta el valor"):
        convert(models.DateTimeField(default=timezone.now), "", PLAIN)
    assert convert(models.JSONField(default=dict, blank=True), "", PLAIN) == {}


@pytest.mark.parametrize("raw", [datetime(2020, 1, 1), date(2020, 1, 1), [1], inf, nan, True])
@pytest.mark.parametrize("field", [models.DecimalField(), models.IntegerField()])
def test_what_is_no_number_is_no_amount(field, raw):
    with pytest.raises(BadValue, match="No es un número"):
        convert(field, raw, PLAIN)


@pytest.mark.parametrize("field", [models.CharField(), models.DecimalField(), models.DateField()])
def test_a_blank_is_refused_where_a_value_is_needed(field):
    with pytest.raises(BadValue, match="Falta el valor"):
        convert(field, "", PLAIN)


def test_a_moment_without_zone_is_of_the_house():
    moment = convert(models.DateTimeField(), datetime(2023, 2, 14, 10, 19, 5), PLAIN)
    assert moment.utcoffset() == UTC.utcoffset(None)
    assert timezone.localtime(moment).replace(tzinfo=None) == datetime(2023, 2, 14, 10, 19, 5)


@given(moment=st.datetimes())
def test_every_moment_is_kept_or_refused(moment):
    try:
        made = convert(models.DateTimeField(), moment, PLAIN)
    except BadValue as bad:
        assert moment.year in (1, 9999)
        assert "calendario" in str(bad)
    else:
        assert timezone.is_aware(made)


def test_a_moment_gives_its_day():
    assert convert(models.DateField(), datetime(2023, 2, 14, 10), PLAIN) == date(2023, 2, 14)


@pytest.mark.parametrize("field", [models.DateField(), models.DateTimeField()])
def test_a_text_is_no_date_unless_its_column_has_a_form(field):
    with pytest.raises(BadValue, match="fechas"):
        convert(field, "2023-02-14", PLAIN)


@pytest.mark.parametrize(("raw", "whole"), [("15", 15), ("15.00", 15), (3, 3), ("-2", -2)])
def test_a_whole_number_is_read(raw, whole):
    assert convert(models.IntegerField(), raw, PLAIN) == whole


@pytest.mark.parametrize("raw", ["1.5", "uno", True])
def test_what_is_not_whole_is_refused(raw):
    with pytest.raises(BadValue):
        convert(models.IntegerField(), raw, PLAIN)


def test_yes_and_no_come_translated():
    assert convert(models.BooleanField(), False, PLAIN) is False
    with pytest.raises(BadValue, match="valores"):
        convert(models.BooleanField(), "S", PLAIN)


def test_a_text_may_come_from_a_number_or_a_date():
    assert convert(models.CharField(), 12, PLAIN) == "12"
    assert convert(models.CharField(), datetime(2023, 2, 14, 10), PLAIN) == "2023-02-14 10:00:00"


def test_a_null_character_is_refused():
    with pytest.raises(BadValue, match="nulo"):
        convert(models.CharField(), "a\0b", PLAIN)
