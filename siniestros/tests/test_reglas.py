from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from polizas.reglas import EstadoPoliza, cubre
from siniestros import reglas
from siniestros.reglas import (
    ABIERTOS,
    REFUSALS,
    TRANSICIONES,
    Cuenta,
    exigir_aviso_posterior,
    exigir_cobertura,
    paso,
)
from siniestros.reglas import EstadoReclamo as E

INICIO, FIN = date(2026, 1, 1), date(2026, 12, 31)
DINERO = st.decimals(0, 10**6, places=2)
DIAS = st.dates(date(2025, 6, 1), date(2027, 6, 30))

# Each verb as somebody may ask for it, with any amount.
PASOS = st.one_of(
    st.sampled_from([reglas.revisar, reglas.rechazar, reglas.cerrar, reglas.reabrir]),
    st.tuples(DINERO | st.none(), DINERO).map(
        lambda par: lambda c: reglas.aprobar(c, reserva=par[0], limite=par[1])
    ),
    DINERO.map(lambda monto: lambda c: reglas.pagar(c, monto)),
)


def cuenta(
    estado: E = E.PENDIENTE, monto: str = "100", reserva: str = "0", pagado: str = "0"
) -> Cuenta:
    return Cuenta(estado, Decimal(monto), Decimal(reserva), Decimal(pagado))


# States.


@pytest.mark.parametrize(
    ("verbo", "desde", "hasta"),
    [
        ("revisar", {E.PENDIENTE, E.REABIERTO}, E.EN_REVISION),
        ("aprobar", {E.EN_REVISION}, E.APROBADO),
        ("rechazar", {E.PENDIENTE, E.EN_REVISION, E.REABIERTO}, E.RECHAZADO),
        ("pagar", {E.APROBADO}, E.PAGADO),
        ("cerrar", {E.APROBADO, E.RECHAZADO, E.PAGADO}, E.CERRADO),
        ("reabrir", {E.RECHAZADO, E.PAGADO, E.CERRADO}, E.REABIERTO),
    ],
)
def test_each_verb_leads_from_its_estados_and_from_no_other(verbo, desde, hasta):
    for estado in E:
        if estado in desde:
            assert paso(verbo, estado) == hasta
        else:
            with pytest.raises(ValidationError, match=estado.label.lower()):
                paso(verbo, estado)


def test_every_verb_says_why_it_is_refused():
    assert REFUSALS.keys() == TRANSICIONES.keys()


def test_no_estado_is_a_dead_end():
    for estado in E:
        assert any(estado in desde for desde, _hasta in TRANSICIONES.values())


def test_every_estado_is_reached_from_pendiente():
    reached = {E.PENDIENTE}
    for _round in E:
        reached |= {hasta for desde, hasta in TRANSICIONES.values() if desde & reached}
    assert reached == set(E)


# Money.


@settings(max_examples=500)
@given(DINERO, st.lists(PASOS, max_size=30))
def test_whatever_is_done_what_is_paid_stays_within_the_reserva(monto, pasos):
    ahora = Cuenta(E.PENDIENTE, monto, Decimal(0), Decimal(0))
    for paso_ in pasos:
        antes = ahora
        try:
            ahora = paso_(ahora)
        except ValidationError:
            continue
        assert 0 <= ahora.pagado <= ahora.reserva
        assert ahora.pagado >= antes.pagado
        assert ahora.monto == antes.monto
        assert (ahora.estado == E.PAGADO) <= (ahora.saldo == 0)
        assert (ahora.estado == E.APROBADO) <= (ahora.saldo > 0)


@given(st.lists(st.decimals("0.01", 1000, places=2), min_size=1, max_size=12))
def test_pagos_that_add_up_to_the_reserva_finish_it_to_the_cent(montos):
    ahora = reglas.aprobar(cuenta(E.EN_REVISION), reserva=sum(montos), limite=Decimal(0))
    for monto in montos:
        assert ahora.estado == E.APROBADO
        ahora = reglas.pagar(ahora, monto)
    assert (ahora.estado, ahora.saldo) == (E.PAGADO, 0)


@given(DINERO, DINERO)
def test_a_pago_above_what_is_left_is_refused(reserva, monto):
    antes = Cuenta(E.APROBADO, reserva, reserva, Decimal(0))
    if 0 < monto <= reserva:
        assert reglas.pagar(antes, monto).pagado == monto
    else:
        with pytest.raises(ValidationError) as refusal:
            reglas.pagar(antes, monto)
        assert set(refusal.value.message_dict) == {"monto"}


@pytest.mark.parametrize("monto", ["0.001", "NaN", "Infinity", "99.999"])
def test_a_pago_that_is_no_amount_of_cents_is_refused(monto):
    with pytest.raises(ValidationError):
        reglas.pagar(cuenta(E.APROBADO, reserva="100"), Decimal(monto))


@pytest.mark.parametrize(
    ("antes", "pedida", "reserva"),
    [
        (cuenta(E.EN_REVISION), "70", "70"),
        (cuenta(E.EN_REVISION), None, "100"),
        (cuenta(E.EN_REVISION, reserva="80"), None, "80"),
        (cuenta(E.EN_REVISION, reserva="40", pagado="40"), None, "100"),
    ],
)
def test_aprobar_sets_aside_what_is_said_or_estimated_or_claimed(antes, pedida, reserva):
    pedida = None if pedida is None else Decimal(pedida)
    despues = reglas.aprobar(antes, reserva=pedida, limite=Decimal(0))
    assert despues.reserva == Decimal(reserva)


@pytest.mark.parametrize("pedida", ["0", "-5", "40", "39.99"])
def test_aprobar_leaves_something_to_pay(pedida):
    antes = cuenta(E.EN_REVISION, reserva="40", pagado="40")
    with pytest.raises(ValidationError, match="ya pagado"):
        reglas.aprobar(antes, reserva=Decimal(pedida), limite=Decimal(0))


def test_aprobar_stays_within_the_suma_asegurada_if_there_is_one():
    with pytest.raises(ValidationError, match="suma asegurada"):
        reglas.aprobar(cuenta(E.EN_REVISION), reserva=None, limite=Decimal("99.99"))
    assert reglas.aprobar(cuenta(E.EN_REVISION), reserva=None, limite=Decimal(100)).saldo == 100


@pytest.mark.parametrize(
    ("regla", "estado"), [(reglas.cerrar, E.APROBADO), (reglas.rechazar, E.REABIERTO)]
)
def test_what_is_not_owed_any_more_is_released(regla, estado):
    despues = regla(cuenta(estado, reserva="90", pagado="30"))
    assert (despues.reserva, despues.pagado, despues.saldo) == (30, 30, 0)


# Days.


@given(st.sampled_from(EstadoPoliza), DIAS, st.none() | st.dates(INICIO, FIN))
def test_a_day_that_the_poliza_covered_is_never_refused(estado, dia, anulada_el):
    if estado != EstadoPoliza.ANULADA:
        anulada_el = None
    try:
        exigir_cobertura(estado, INICIO, FIN, anulada_el, dia)
    except ValidationError:
        assert not cubre(estado, INICIO, FIN, anulada_el, dia)
    else:
        desconocida = estado == EstadoPoliza.ANULADA and anulada_el is None
        assert desconocida or cubre(estado, INICIO, FIN, anulada_el, dia)


@pytest.mark.parametrize("dia", [INICIO, FIN])
def test_both_ends_of_the_vigencia_are_covered(dia):
    exigir_cobertura("vigente", INICIO, FIN, None, dia)


@pytest.mark.parametrize("dia", [INICIO - timedelta(1), FIN + timedelta(1)])
def test_a_day_outside_the_vigencia_is_refused_naming_the_days(dia):
    with pytest.raises(ValidationError) as refusal:
        exigir_cobertura("vigente", INICIO, FIN, None, dia)
    (sentence,) = refusal.value.messages
    assert "del 01/01/2026 al 31/12/2026" in sentence
    assert f"{dia:%d/%m/%Y}" in sentence


def test_a_cotizada_poliza_covers_nothing():
    with pytest.raises(ValidationError, match="cotizada"):
        exigir_cobertura("cotizada", INICIO, FIN, None, INICIO)


def test_an_anulada_poliza_covers_until_the_day_before():
    anulada_el = date(2026, 6, 1)
    exigir_cobertura("anulada", INICIO, FIN, anulada_el, date(2026, 5, 31))
    with pytest.raises(ValidationError, match="anulada desde el 01/06/2026"):
        exigir_cobertura("anulada", INICIO, FIN, anulada_el, anulada_el)


def test_nobody_claims_before_it_happens():
    exigir_aviso_posterior(INICIO, INICIO)
    with pytest.raises(ValidationError, match="anterior"):
        exigir_aviso_posterior(INICIO + timedelta(1), INICIO)


def test_open_is_what_still_has_to_be_decided():
    assert {E.PENDIENTE, E.EN_REVISION, E.REABIERTO} == ABIERTOS
