from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clientes.reglas import edad, es_menor

DIAS = st.dates(date(1900, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(
    ("nacimiento", "dia", "years"),
    [
        (date(1980, 2, 29), date(2025, 2, 28), 44),
        (date(1980, 2, 29), date(2025, 3, 1), 45),
        (date(1980, 2, 29), date(2024, 2, 29), 44),
        (date(2000, 11, 22), date(2026, 11, 22), 26),
        (date(2000, 11, 23), date(2026, 11, 22), 25),
        (date(2026, 11, 22), date(2026, 11, 22), 0),
        (date(2026, 11, 23), date(2026, 11, 22), None),
    ],
)
def test_edad_is_in_completed_years(nacimiento: date, dia: date, years: int | None) -> None:
    assert edad(nacimiento, dia) == years


@given(DIAS, DIAS)
def test_edad_grows_by_one_a_year_and_never_falls(nacimiento: date, dia: date) -> None:
    years, later = edad(nacimiento, dia), edad(nacimiento, dia + timedelta(days=1))
    assert (years is None) == (dia < nacimiento)
    assert later is None or years is None or later - years in (0, 1)


@given(DIAS, st.integers(0, 120))
def test_edad_is_n_from_the_nth_birthday(nacimiento: date, years: int) -> None:
    try:
        birthday = nacimiento.replace(year=nacimiento.year + years)
    except ValueError:
        birthday = date(nacimiento.year + years, 3, 1)
    assert edad(nacimiento, birthday) == years
    assert edad(nacimiento, birthday - timedelta(days=1)) == (years - 1 if years else None)


def test_somebody_is_a_minor_until_the_day_they_are_eighteen() -> None:
    assert es_menor(date(2008, 11, 22), date(2026, 11, 21))
    assert not es_menor(date(2008, 11, 22), date(2026, 11, 22))


def test_nobody_is_taken_for_a_minor_without_knowing() -> None:
    assert not es_menor(None, date(2026, 11, 22))
    assert not es_menor(date(2030, 1, 1), date(2026, 11, 22))
