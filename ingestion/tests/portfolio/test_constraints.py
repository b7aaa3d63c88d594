"""The constraints judged in memory say what the database would."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Abs, Length
from hypothesis import given
from hypothesis import strategies as st

from ingestion.portfolio.constraints import NotInMemory, holds, violations
from polizas.models import Poliza, Recibo

amounts = st.decimals(min_value=-5, max_value=5, places=2)


def poliza(**values) -> Poliza:
    common = {"inicio": date(2022, 1, 1), "fin": date(2022, 12, 31), "suma_asegurada": Decimal(1)}
    money = {"prima_neta": Decimal(10), "prima": Decimal(10)}
    return Poliza(**common | money | {"estado": "vigente"} | values)


def test_a_sound_row_breaks_nothing():
    assert violations(poliza()) == []


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"prima": Decimal("10.01")}, "debe ser la suma"),
        ({"impuestos": Decimal(-1), "prima": Decimal(9)}, "negativos"),
        ({"fin": date(2021, 1, 1)}, "terminar antes de empezar"),
        ({"estado": "anulada"}, "lleva motivo"),
        ({"motivo_anulacion": "impago"}, "lleva motivo"),
        ({"estado": "perdida"}, "estado no existe"),
    ],
)
def test_each_constraint_that_a_row_breaks_is_told(values, sentence):
    assert any(sentence in told for told in violations(poliza(**values)))


@pytest.mark.django_db(databases=["polizas"])
@given(neta=amounts, impuestos=amounts, prima=amounts)
def test_memory_and_database_agree_on_the_prima(neta, impuestos, prima):
    row = poliza(prima_neta=neta, impuestos=impuestos, prima=prima)
    check = next(c for c in Poliza._meta.constraints if c.name == "poliza_prima_es_la_suma")
    try:
        check.validate(Poliza, row, using="polizas")
        agreed = True
    except Exception:
        agreed = False
    assert holds(check.condition, row) is agreed


@pytest.mark.parametrize(
    ("condition", "answer"),
    [
        (Q(importe__gt=0), True),
        (~Q(importe__gt=0), False),
        (Q(importe=7), True),
        (Q(importe__in=[1, 7]), True),
        (Q(importe__lt=F("numero")), True),
        (Q(importe__gte=F("numero") - 2, numero__lte=Value(9)), True),
        (Q(vencimiento__isnull=True), True),
        (Q(vencimiento__gt=date(2022, 1, 1)), None),
        (~Q(vencimiento__gt=date(2022, 1, 1)), None),
        (Q(importe=7) | Q(vencimiento__gt=date(2022, 1, 1)), True),
        (Q(importe=7) & Q(vencimiento__gt=date(2022, 1, 1)), None),
        (Q(importe=8) & Q(vencimiento__gt=date(2022, 1, 1)), False),
    ],
)
def test_conditions_are_told_as_sql_tells_them(condition, answer):
    assert holds(condition, Recibo(importe=7, numero=9)) is answer


@pytest.mark.parametrize(
    "condition",
    [
        Q(importe=7) ^ Q(numero=9),
        Q(estado__startswith="p"),
        Q(importe__gt=Abs(F("numero"))),
        Q(importe__gt=F("numero") * 2),
        Q(Length("estado")),
    ],
)
def test_what_is_not_understood_is_left_to_the_database(condition):
    with pytest.raises(NotInMemory):
        holds(condition, Recibo(importe=7, numero=9))


@pytest.mark.django_db(databases=["polizas"])
def test_the_database_is_asked_what_memory_does_not_understand(monkeypatch):
    check = models.CheckConstraint(
        condition=Q(importe__gt=Abs(F("numero"))), name="c", violation_error_message="Poco."
    )
    monkeypatch.setattr(Recibo._meta, "constraints", [check])
    assert violations(Recibo(importe=Decimal(7), numero=9)) == ["Poco."]
    assert violations(Recibo(importe=Decimal(10), numero=9)) == []
