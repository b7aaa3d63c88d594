"""One póliza at a time, brought to each corner that a whole portfolio rarely reaches."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bienes.documento import limpiar
from bienes.esquemas import ESQUEMAS
from ingestion.demo import payments, policies
from ingestion.demo.batch import Batch
from ingestion.demo.catalogue import OFERTAS, catalogue
from ingestion.demo.clients import titular
from ingestion.demo.goods import COSAS, cosa, suma
from ingestion.demo.office import PUESTOS, ROLES, staff
from ingestion.demo.people import PAISES
from ingestion.demo.plan import UN_DIA, Plan, al_abrir, en_jornada
from ingestion.demo.policies import Contrato
from ingestion.demo.portfolio import build
from ingestion.tests.demo.conftest import HOY
from polizas import reglas
from polizas.models import BeneficiarioPoliza, Cobro, Poliza, Recibo
from polizas.reglas import EstadoPoliza, EstadoRecibo, FormaPago

AYER = HOY - UN_DIA
PLAN = Plan(400, 7, HOY)
OFERTA = {oferta.clave: oferta for oferta in OFERTAS}


class Fixed(Random):
    """Draws one and the same number, always."""

    def __init__(self, drawn):
        super().__init__()
        self.drawn = drawn

    def random(self):
        return self.drawn


@pytest.fixture
def batch():
    made = Batch(PLAN, catalogue({}), 0)
    staff(made)
    return made


@pytest.fixture
def cliente(batch):
    """A person who came in the first days of the house."""
    return next(
        quien for number in range(50) if (quien := titular(batch, number)).persona is not None
    )


def contract(quien, *, forma=FormaPago.ANUAL, clave="AUT", drawn=0.5):
    quien.chance = Fixed(drawn)
    return Contrato(
        titular=quien,
        oferta=OFERTA[clave],
        orden=1,
        forma_pago=forma,
        agente=quien.agente,
        suma=Decimal(20_000),
        bien=None,
        polizas=[],
    )


def poliza_of(contrato, inicio, estado, *, dias=365):
    made = policies._poliza(contrato, inicio, inicio + timedelta(days=dias - 1), Decimal("400.00"))
    policies._vivir(contrato, made, estado)
    return made


def story(row):
    return [stage.was.get("estado", row.estado) for stage in row.stages]


# What has become of a póliza.


@pytest.mark.parametrize(
    ("inicio", "drawn", "estado"),
    [
        (HOY + UN_DIA, 0.5, EstadoPoliza.EMITIDA),
        (HOY + UN_DIA, 0.1, EstadoPoliza.COTIZADA),
        (HOY, 0.5, EstadoPoliza.VIGENTE),
        (HOY - timedelta(days=100), 0.01, EstadoPoliza.COTIZADA),
        (HOY - timedelta(days=100), 0.5, EstadoPoliza.VIGENTE),
        (HOY - timedelta(days=100), 0.95, EstadoPoliza.ANULADA),
        (HOY - timedelta(days=364), 0.5, EstadoPoliza.VIGENTE),
        (HOY - timedelta(days=364), 0.3, EstadoPoliza.RENOVADA),
        (HOY - timedelta(days=365), 0.5, EstadoPoliza.RENOVADA),
        (HOY - timedelta(days=365), 0.6, EstadoPoliza.VENCIDA),
    ],
)
def test_what_becomes_of_a_poliza_is_drawn_within_what_its_days_allow(
    cliente, inicio, drawn, estado
):
    contrato = contract(cliente, drawn=drawn)
    assert policies._estado(contrato, inicio, inicio + timedelta(days=364)) == estado


def test_what_renews_another_was_never_only_quoted(cliente):
    contrato = contract(cliente, drawn=0.01)
    contrato.polizas.append("the one before")
    inicio = HOY - timedelta(days=10)
    assert policies._estado(contrato, inicio, inicio + timedelta(days=364)) == "vigente"


@pytest.mark.parametrize(
    ("estado", "inicio", "told"),
    [
        ("cotizada", HOY - timedelta(days=100), ["cotizada"]),
        ("emitida", HOY + timedelta(days=3), ["cotizada", "emitida"]),
        ("vigente", HOY - timedelta(days=100), ["cotizada", "emitida", "vigente"]),
        ("vencida", HOY - timedelta(days=400), ["cotizada", "emitida", "vigente", "vencida"]),
        ("anulada", HOY - timedelta(days=100), ["cotizada", "emitida", "vigente", "anulada"]),
    ],
)
def test_a_poliza_made_before_its_first_day_waits_for_it(cliente, estado, inicio, told):
    made = poliza_of(contract(cliente), inicio, EstadoPoliza(estado))
    assert story(made) == told


def test_a_poliza_made_on_its_first_day_is_vigente_at_once(cliente):
    made = poliza_of(contract(cliente, drawn=0), HOY - timedelta(days=50), EstadoPoliza.VIGENTE)
    assert made.creado.date() == made.inicio
    assert story(made) == ["cotizada", "vigente"]
    assert {stage.moment for stage in made.stages} == {made.creado}


def test_what_starts_today_was_told_last_night(cliente):
    made = poliza_of(contract(cliente), HOY, EstadoPoliza.VIGENTE)
    assert made.stages[-1].moment.date() == AYER
    assert story(made) == ["cotizada", "emitida", "vigente"]


def test_what_ended_yesterday_was_told_last_night(cliente):
    made = poliza_of(contract(cliente), HOY - timedelta(days=365), EstadoPoliza.VENCIDA)
    assert made.fin == AYER
    assert made.stages[-1].moment == en_jornada(AYER, 0)


@pytest.mark.parametrize("days", [-1, 0, 1, 500])
def test_nothing_is_told_on_the_day_itself(days):
    told = al_abrir(PLAN, HOY + timedelta(days=days))
    assert told == en_jornada(min(HOY + timedelta(days=days), AYER), 0)
    assert told.date() < HOY


@pytest.mark.parametrize("drawn", [0, 0.3, 0.999])
def test_an_anulada_one_ends_after_it_began_and_before_today(cliente, drawn):
    made = poliza_of(contract(cliente, drawn=drawn), HOY - timedelta(days=60), EstadoPoliza.ANULADA)
    assert made.inicio < made.anulada_el < HOY
    assert made.stages[-1].moment.date() == made.anulada_el
    assert all(
        stage.was["anulada_el"] is None and not stage.was["motivo_anulacion"]
        for stage in made.stages[:-1]
    )


def test_a_poliza_that_the_next_one_renews_in_time_never_ended(cliente):
    contrato = contract(cliente, drawn=0.5)
    first = poliza_of(contrato, HOY - timedelta(days=400), EstadoPoliza.RENOVADA)
    following = poliza_of(contrato, first.fin + UN_DIA, EstadoPoliza.VIGENTE)
    assert following.anterior_id == first.pk
    assert story(first) == ["cotizada", "emitida", "vigente", "renovada"]
    assert first.stages[-1].moment == following.creado


def test_one_that_is_renewed_late_had_ended(cliente):
    contrato = contract(cliente, drawn=0)
    first = poliza_of(contrato, HOY - timedelta(days=400), EstadoPoliza.RENOVADA)
    following = poliza_of(contrato, first.fin + UN_DIA, EstadoPoliza.VIGENTE)
    assert following.creado.date() > first.fin
    assert story(first) == ["cotizada", "vigente", "vencida", "renovada"]


# What is paid for it.


def recibos_of(batch, poliza):
    return [row for row in batch.rows[Recibo] if row.poliza_id == poliza.pk]


def cobrado(batch, recibo):
    return sum(row.monto for row in batch.rows[Cobro] if row.recibo_id == recibo.pk)


@pytest.mark.parametrize(
    ("forma", "cuantos"),
    [
        (FormaPago.ANUAL, 1),
        (FormaPago.SEMESTRAL, 2),
        (FormaPago.TRIMESTRAL, 4),
        (FormaPago.MENSUAL, 12),
        (FormaPago.UNICA, 1),
    ],
)
def test_recibos_are_those_of_the_way_of_paying(batch, cliente, forma, cuantos):
    made = poliza_of(
        contract(cliente, forma=forma), HOY - timedelta(days=400), EstadoPoliza.VENCIDA
    )
    payments.emitir_recibos(cliente, made)
    recibos = recibos_of(batch, made)
    assert len(recibos) == cuantos
    assert sum(recibo.importe for recibo in recibos) == made.prima
    assert {recibo.creado for recibo in recibos} == {made.creado}


def test_a_cotizada_one_has_nothing_to_pay(batch, cliente):
    made = poliza_of(contract(cliente), HOY - timedelta(days=40), EstadoPoliza.COTIZADA)
    payments.emitir_recibos(cliente, made)
    assert not recibos_of(batch, made)


def test_who_pays_pays_all_that_fell_due_and_no_more(batch, cliente):
    contrato = contract(cliente, forma=FormaPago.MENSUAL)
    made = poliza_of(contrato, HOY - timedelta(days=100), EstadoPoliza.VIGENTE)
    payments.emitir_recibos(cliente, made)
    for recibo in recibos_of(batch, made):
        due = recibo.vencimiento < AYER
        assert recibo.estado == (EstadoRecibo.COBRADO if due else EstadoRecibo.PENDIENTE)
        assert cobrado(batch, recibo) == (recibo.importe if due else 0)
        assert len(recibo.stages) == 1 + due


def test_a_recibo_in_two_parts_is_cobrado_with_the_second(batch, cliente):
    made = poliza_of(contract(cliente), HOY - timedelta(days=100), EstadoPoliza.VIGENTE)
    cliente.chance = Fixed(0.01)
    recibo = batch.make(
        Recibo,
        made.creado,
        poliza_id=made.pk,
        numero=1,
        vencimiento=made.inicio,
        importe=Decimal("100.01"),
    )
    payments._cobrar(cliente, recibo)
    assert story(recibo) == ["pendiente", "pendiente", "cobrado"]
    assert cobrado(batch, recibo) == recibo.importe


def test_who_stopped_may_have_paid_a_part(batch, cliente):
    made = poliza_of(contract(cliente, drawn=0.01), HOY - timedelta(days=60), EstadoPoliza.VIGENTE)
    payments.emitir_recibos(cliente, made)
    [recibo] = recibos_of(batch, made)
    assert recibo.estado == EstadoRecibo.PENDIENTE
    assert 0 < cobrado(batch, recibo) < recibo.importe
    assert story(recibo) == ["pendiente", "pendiente"]


def test_what_is_not_paid_of_an_anulada_one_is_anulado_with_it(batch, cliente):
    contrato = contract(cliente, forma=FormaPago.MENSUAL)
    made = poliza_of(contrato, HOY - timedelta(days=300), EstadoPoliza.ANULADA)
    payments.emitir_recibos(cliente, made)
    anulados = [row for row in recibos_of(batch, made) if row.estado == EstadoRecibo.ANULADO]
    assert anulados
    for recibo in anulados:
        assert recibo.stages[-1].moment == made.stages[-1].moment
        assert not cobrado(batch, recibo)


@pytest.mark.parametrize("drawn", [0, 0.5, 0.9999])
def test_money_comes_once_the_recibo_is_there_and_not_after_yesterday(batch, cliente, drawn):
    contrato = contract(cliente, forma=FormaPago.MENSUAL, drawn=drawn)
    made = poliza_of(contrato, HOY - timedelta(days=200), EstadoPoliza.VIGENTE)
    payments.emitir_recibos(cliente, made)
    recibos = {row.pk: row for row in recibos_of(batch, made)}
    for cobro in batch.rows[Cobro]:
        if cobro.recibo_id in recibos:
            assert recibos[cobro.recibo_id].creado <= cobro.fecha
            assert cobro.fecha.date() <= AYER


# Who is named, who sells, what is insured.


def test_a_seguro_of_life_names_the_family_in_equal_shares(batch):
    for number in range(50):
        quien = titular(batch, number)
        if not quien.familia:
            continue
        made = poliza_of(
            contract(quien, clave="VID"), HOY - timedelta(days=50), EstadoPoliza.VIGENTE
        )
        policies._beneficiarios(contract(quien, clave="VID"), made)
        named = [row for row in batch.rows[BeneficiarioPoliza] if row.poliza_id == made.pk]
        assert [row.nombre_completo for row in named] == [
            persona.nombre_completo for persona, _parentesco in quien.familia
        ]
        assert reglas.suman_cien(row.porcentaje for row in named)


@pytest.mark.parametrize(("drawn", "own"), [(0.5, True), (0.999, False)])
def test_now_and_then_a_colleague_sells(batch, cliente, drawn, own):
    colleagues = batch.office.agentes[cliente.pais.codigo]
    cliente.agente = colleagues[0]
    cliente.chance = Fixed(drawn)
    assert policies._vendedor(cliente) in colleagues
    assert len(colleagues) == 1 or (policies._vendedor(cliente) == cliente.agente) == own


def test_every_country_has_who_sells_there(batch):
    assert set(batch.office.agentes) == {pais.codigo for pais in PAISES}
    assert len(batch.office.empleados) == len(ROLES)
    assert sum(map(len, batch.office.agentes.values())) == len(PUESTOS) - 1


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 399), st.sampled_from(OFERTAS))
def test_what_is_insured_is_worth_something_and_passes_its_schema(number, oferta):
    made = Batch(PLAN, catalogue({}), 0)
    staff(made)
    quien = titular(made, number)
    found = cosa(quien, oferta)
    if found is None:
        assert oferta.ramo not in COSAS or quien.persona is None
        return
    assert found.valor > 0
    assert found.valor == found.valor.quantize(Decimal("0.01"))
    assert limpiar(ESQUEMAS[found.tipo], found.datos) == found.datos


@settings(max_examples=60, deadline=None)
@given(st.floats(0, 1, exclude_max=True), st.sampled_from(OFERTAS))
def test_a_suma_asegurada_is_round_and_near_that_of_the_oferta(drawn, oferta):
    made = Batch(PLAN, catalogue({}), 0)
    staff(made)
    quien = titular(made, 0)
    quien.chance = Fixed(drawn)
    asegurada = suma(quien, oferta) / quien.pais.cambio
    assert oferta.suma * 0.49 <= asegurada <= oferta.suma * 1.61
    assert asegurada % max(1, oferta.suma // 100) == 0


@settings(max_examples=40, deadline=None)
@given(
    st.integers(0, 99_999),
    st.dates(date(2001, 1, 1), date(2090, 1, 1)),
    st.integers(1, 25),
)
def test_on_any_day_of_any_year_the_rules_of_the_house_hold(seed, hoy, clientes):
    """Leap years, ends of months and young houses included."""
    plan = Plan(clientes, seed, hoy)
    for poliza in build(plan, catalogue({}), 0).rows[Poliza]:
        assert reglas.estado_en(poliza.estado, poliza.inicio, poliza.fin, hoy) == poliza.estado
        assert poliza.creado <= poliza.stages[-1].moment
        assert poliza.stages[-1].moment.date() < hoy
        assert poliza.prima == poliza.prima_neta + poliza.impuestos + poliza.recargos
