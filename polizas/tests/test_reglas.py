from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from polizas import reglas
from polizas.reglas import EstadoPoliza, EstadoRecibo, FormaPago

UN_DIA = timedelta(days=1)

importes = st.decimals(min_value=0, max_value=Decimal("999999999999.99"), places=2)
dias = st.dates()
duraciones = st.integers(min_value=0, max_value=15_000)
estados = st.sampled_from(EstadoPoliza)
formas = st.sampled_from(FormaPago)


@st.composite
def vigencias(draw):
    inicio = draw(st.dates(max_value=date(9900, 1, 1)))
    return inicio, inicio + timedelta(days=draw(duraciones))


# Splitting.


@given(importes, st.integers(min_value=1, max_value=1200))
def test_the_parts_add_up_and_differ_by_a_cent_at_most(importe, partes):
    reparto = reglas.repartir(importe, partes)
    assert len(reparto) == partes
    assert sum(reparto) == importe
    assert max(reparto) - min(reparto) <= reglas.CENTAVO
    assert reparto == sorted(reparto, reverse=True)


@given(importes, vigencias(), formas)
@settings(max_examples=400)
def test_the_recibos_of_a_poliza_sum_to_its_prima_to_the_cent(prima, vigencia, forma):
    plan = reglas.plan_de_recibos(prima, *vigencia, forma)
    assert sum(cuota.importe for cuota in plan) == prima
    assert all(cuota.importe > 0 for cuota in plan)
    assert [cuota.numero for cuota in plan] == list(range(1, len(plan) + 1))


@given(importes, vigencias(), formas)
@settings(max_examples=400)
def test_every_recibo_falls_due_within_the_vigencia_one_after_another(prima, vigencia, forma):
    inicio, fin = vigencia
    plan = reglas.plan_de_recibos(prima, inicio, fin, forma)
    dias = [cuota.vencimiento for cuota in plan]
    assert dias == sorted(set(dias))
    assert all(inicio <= dia <= fin for dia in dias)
    assert not plan or plan[0].vencimiento == inicio


@pytest.mark.parametrize(
    ("forma", "recibos"),
    [("anual", 1), ("semestral", 2), ("trimestral", 4), ("mensual", 12), ("unica", 1)],
)
@given(inicio=st.dates(max_value=date(9990, 1, 1)))
@example(inicio=date(2024, 2, 29))
@example(inicio=date(2025, 1, 31))
def test_a_year_has_as_many_recibos_as_its_forma_de_pago_says(forma, recibos, inicio):
    fin = reglas.sumar_meses(inicio, 12) - UN_DIA
    assert len(list(reglas.vencimientos(inicio, fin, forma))) == recibos


def test_a_year_written_up_to_its_anniversary_has_no_recibo_for_the_last_day():
    dias = list(reglas.vencimientos(date(2020, 1, 1), date(2021, 1, 1), "mensual"))
    assert len(dias) == 12
    assert dias[-1] == date(2020, 12, 1)


def test_recibos_of_the_31st_fall_due_on_the_last_day_of_shorter_months():
    plan = reglas.plan_de_recibos(Decimal(100), date(2025, 10, 31), date(2026, 10, 30), "mensual")
    assert [cuota.vencimiento.day for cuota in plan] == [
        31,
        30,
        31,
        31,
        28,
        31,
        30,
        31,
        30,
        31,
        31,
        30,
    ]


def test_a_prima_of_three_cents_makes_three_recibos():
    plan = reglas.plan_de_recibos(Decimal("0.03"), date(2026, 1, 1), date(2026, 12, 31), "mensual")
    assert [cuota.importe for cuota in plan] == [Decimal("0.01")] * 3


def test_a_poliza_for_life_by_months_is_refused_rather_than_written():
    with pytest.raises(ValidationError, match="más de 1200 recibos"):
        reglas.plan_de_recibos(Decimal(1000), date(2026, 1, 1), date.max, "mensual")


# Days.


@given(dias, st.integers(min_value=0, max_value=2400))
def test_adding_months_keeps_the_day_or_takes_the_last_of_the_month(dia, meses):
    assume(dia.year + meses // 12 < 9998)
    otro = reglas.sumar_meses(dia, meses)
    assert (otro.year * 12 + otro.month) - (dia.year * 12 + dia.month) == meses
    assert otro.day == dia.day or (otro.day < dia.day and (otro + UN_DIA).day == 1)


def test_months_past_the_calendar_stop_at_its_last_day():
    assert reglas.sumar_meses(date(9999, 12, 1), 1) == date.max


@given(vigencias())
def test_the_next_vigencia_follows_without_a_gap_and_lasts_about_as_long(vigencia):
    inicio, fin = vigencia
    desde, hasta = reglas.vigencia_siguiente(inicio, fin)
    assert desde == fin + UN_DIA
    assert desde <= hasta
    assert abs((hasta - desde) - (fin - inicio)) <= timedelta(days=5)


@pytest.mark.parametrize(
    ("vigencia", "siguiente"),
    [
        (("2026-01-01", "2026-12-31"), ("2027-01-01", "2027-12-31")),
        (("2023-03-01", "2024-02-29"), ("2024-03-01", "2025-02-28")),
        (("2020-01-01", "2021-01-01"), ("2021-01-02", "2022-01-01")),
        (("2026-02-01", "2026-07-31"), ("2026-08-01", "2027-01-31")),
        (("2026-06-01", "2026-06-07"), ("2026-06-08", "2026-06-14")),
        (("2026-06-01", "2026-06-01"), ("2026-06-02", "2026-06-02")),
        (("2022-11-28", "2037-11-28"), ("2037-11-29", "2052-11-28")),
    ],
)
def test_whole_months_renew_by_months_and_the_rest_by_days(vigencia, siguiente):
    leer = date.fromisoformat
    assert reglas.vigencia_siguiente(*map(leer, vigencia)) == tuple(map(leer, siguiente))


def test_what_ends_with_the_calendar_has_no_next_vigencia():
    with pytest.raises(ValidationError, match="calendario"):
        reglas.vigencia_siguiente(date(9999, 1, 1), date.max)


# States.


@given(estados, vigencias(), dias)
@settings(max_examples=400)
def test_what_a_day_does_to_an_estado_is_allowed_and_done_once(estado, vigencia, dia):
    despues = reglas.estado_en(estado, *vigencia, dia)
    assert despues == estado or reglas.puede_pasar(estado, despues)
    assert reglas.estado_en(despues, *vigencia, dia) == despues


@given(estados, vigencias(), dias, dias)
@settings(max_examples=400)
def test_days_skipped_make_no_difference(estado, vigencia, uno, otro):
    antes, despues = sorted((uno, otro))
    directo = reglas.estado_en(estado, *vigencia, despues)
    assert (
        reglas.estado_en(reglas.estado_en(estado, *vigencia, antes), *vigencia, despues) == directo
    )


@given(vigencias(), dias)
def test_an_emitida_poliza_is_vigente_exactly_while_it_covers(vigencia, dia):
    inicio, fin = vigencia
    vigente = reglas.estado_en("emitida", inicio, fin, dia) == EstadoPoliza.VIGENTE
    assert vigente == reglas.cubre("emitida", inicio, fin, None, dia)


def test_an_anulada_poliza_goes_nowhere():
    assert not any(reglas.puede_pasar("anulada", estado) for estado in EstadoPoliza)


def test_every_estado_but_the_first_is_reached_and_says_where_it_goes():
    assert set(reglas.TRANSICIONES) == set(EstadoPoliza)
    assert set().union(*reglas.TRANSICIONES.values()) == set(EstadoPoliza) - {"cotizada"}


def test_a_step_that_is_not_allowed_is_refused_in_words():
    with pytest.raises(ValidationError, match="Una póliza anulada no puede pasar a vigente"):
        reglas.exigir_paso("anulada", EstadoPoliza.VIGENTE)


@pytest.mark.parametrize(
    ("estado", "anulada_el", "dia", "cubre"),
    [
        ("cotizada", None, date(2026, 6, 1), False),
        ("emitida", None, date(2026, 1, 1), True),
        ("vigente", None, date(2026, 12, 31), True),
        ("vigente", None, date(2027, 1, 1), False),
        ("renovada", None, date(2026, 6, 1), True),
        ("vencida", None, date(2026, 6, 1), True),
        ("anulada", date(2026, 6, 1), date(2026, 5, 31), True),
        ("anulada", date(2026, 6, 1), date(2026, 6, 1), False),
        ("anulada", None, date(2026, 1, 1), False),
    ],
)
def test_what_a_poliza_covers(estado, anulada_el, dia, cubre):
    assert reglas.cubre(estado, date(2026, 1, 1), date(2026, 12, 31), anulada_el, dia) is cubre


# Money.


@given(importes)
def test_an_adjustment_of_nothing_changes_nothing(importe):
    assert reglas.ajustar(importe, Decimal(0)) == importe


@given(importes, st.decimals(min_value=-100, max_value=1000, places=2))
def test_an_adjustment_is_exact_to_half_a_cent(importe, porcentaje):
    ajustado = reglas.ajustar(importe, porcentaje)
    assert ajustado >= 0
    assert abs(ajustado - importe * (100 + porcentaje) / 100) <= Decimal("0.005")


@given(st.lists(st.decimals(min_value=Decimal("0.01"), max_value=100, places=2), max_size=6))
def test_the_beneficiarios_share_all_or_are_none(porcentajes):
    assert reglas.suman_cien(porcentajes) == (sum(porcentajes) in (0, 100))


def test_shares_that_are_not_whole_are_refused_with_their_sum():
    with pytest.raises(ValidationError, match=r"suman 99.99 %: deben sumar 100 %"):
        reglas.exigir_cien([Decimal("33.33")] * 3)


@given(
    st.decimals(min_value=Decimal("0.01"), max_value=Decimal("9999999.99"), places=2),
    st.lists(st.decimals(min_value=Decimal("-9.99"), max_value=Decimal("9999999.99"), places=2)),
)
@settings(max_examples=400)
def test_whatever_is_tried_the_cobros_never_pass_the_importe(importe, montos):
    estado, cobrado = EstadoRecibo.PENDIENTE, Decimal(0)
    for monto in montos:
        try:
            estado = reglas.estado_tras_cobro(estado, importe, cobrado, monto)
        except ValidationError:
            continue
        cobrado += monto
    assert cobrado <= importe
    assert (estado == EstadoRecibo.COBRADO) == (cobrado == importe)


@pytest.mark.parametrize(
    ("estado", "cobrado", "monto", "sentencia"),
    [
        ("anulado", "0", "10", "está anulado"),
        ("cobrado", "100", "10", "ya está cobrado"),
        ("pendiente", "0", "0", "mayor que cero"),
        ("pendiente", "60", "40.01", "pasa del saldo del recibo, 40"),
    ],
)
def test_a_cobro_is_refused_in_words(estado, cobrado, monto, sentencia):
    with pytest.raises(ValidationError, match=sentencia):
        reglas.estado_tras_cobro(estado, Decimal(100), Decimal(cobrado), Decimal(monto))
