"""What a demo says must be true of a house; asked of its rows before any store sees them."""

from collections import Counter
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentes.models import Agente, Comision
from bienes.documento import limpiar
from bienes.esquemas import ESQUEMAS, TipoBien
from bienes.models import Bien
from clientes.models import (
    Beneficiario,
    Cliente,
    Consentimiento,
    Contacto,
    Direccion,
    ServicioContratado,
    Usuario,
)
from empleados.models import Empleado
from ingestion.demo.catalogue import catalogue
from ingestion.demo.plan import Plan
from ingestion.demo.portfolio import build
from ingestion.demo.write import ORDER
from ingestion.tests.demo.conftest import HOY, PLAN, Portfolio
from pedidos.esquemas import ESQUEMAS as DE_PEDIDOS
from pedidos.esquemas import TipoPedido
from pedidos.models import Pedido
from polizas import reglas
from polizas.models import (
    BeneficiarioPoliza,
    Cobertura,
    Cobro,
    Poliza,
    Recibo,
)
from polizas.reglas import EstadoPoliza, EstadoRecibo
from siniestros.models import Pago, Reclamo
from siniestros.reglas import EstadoReclamo, exigir_cobertura

STAMPED = {"modificado"}


def told(row):
    return {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if field.name not in STAMPED
    }


def everything(plan):
    sold = catalogue({})
    return [
        (model, told(row))
        for number in range(plan.batches)
        for model, rows in build(plan, sold, number).rows.items()
        for row in rows
    ]


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 99_999), st.dates(date(2000, 1, 1), date(2090, 1, 1)))
def test_the_same_arguments_make_the_same_rows(seed, hoy):
    plan = Plan(30, seed, hoy)
    assert everything(plan) == everything(Plan(30, seed, hoy))


def test_another_seed_makes_other_rows_with_other_unique_names():
    one, other = Portfolio(Plan(60, 1, HOY)), Portfolio(Plan(60, 2, HOY))
    for model, name in ((Poliza, "numero"), (Usuario, "username"), (Agente, "codigo")):
        assert not {getattr(r, name) for r in one[model]} & {getattr(r, name) for r in other[model]}


def test_a_batch_does_not_depend_on_those_before_it():
    sold = catalogue({})
    build(PLAN, sold, 0)
    alone = [told(row) for row in build(PLAN, catalogue({}), 1).rows[Poliza]]
    assert [told(row) for row in build(PLAN, sold, 1).rows[Poliza]] == alone


def test_every_model_of_a_batch_is_written(portfolio):
    assert {model for batch in portfolio.batches for model in batch.rows} == set(ORDER)


@pytest.mark.parametrize("model", ORDER)
def test_no_key_is_given_twice(portfolio, model):
    rows = portfolio[model]
    assert len({row.pk for row in rows}) == len(rows) > 0


@pytest.mark.parametrize("model", ORDER)
def test_nothing_happens_on_the_day_itself_or_later(portfolio, model):
    for row in portfolio[model]:
        moments = [stage.moment for stage in row.stages]
        assert moments[0] == row.creado
        assert moments == sorted(moments)
        assert moments[-1].date() < HOY


@pytest.mark.parametrize(
    ("model", "fields"),
    [
        (Usuario, ["username"]),
        (Agente, ["codigo"]),
        (Empleado, ["codigo"]),
        (Poliza, ["numero"]),
        (Poliza, ["anterior_id"]),
        (Reclamo, ["numero"]),
        (Comision, ["agente_id", "ramo"]),
        (Contacto, ["cliente_id", "tipo", "valor"]),
        (Cobertura, ["poliza_id", "nombre"]),
        (Recibo, ["poliza_id", "numero"]),
    ],
)
def test_what_must_be_unique_is(portfolio, model, fields):
    values = [tuple(getattr(row, name) for name in fields) for row in portfolio[model]]
    values = [value for value in values if None not in value]
    assert len(set(values)) == len(values)


# Clientes.


def test_there_are_as_many_clientes_as_were_asked_for(portfolio):
    assert len(portfolio[Cliente]) == PLAN.clientes


def test_clientes_are_persons_and_companies_of_every_country(portfolio):
    found = Counter((row.pais_documento, row.tipo) for row in portfolio[Cliente])
    assert len(found) == 14
    assert found["PE", "persona"] > found["EC", "persona"]


def test_some_usuarios_are_no_clientes_yet(portfolio):
    linked = {row.usuario_id for row in portfolio[Cliente]} - {None}
    assert len(linked) < len(portfolio[Usuario]) < PLAN.clientes * 1.2
    assert linked < {row.pk for row in portfolio[Usuario]}


def test_every_cliente_let_the_house_manage_their_seguros(portfolio):
    gestion = {r.cliente_id for r in portfolio[Consentimiento] if r.finalidad == "gestion"}
    assert gestion == {row.pk for row in portfolio[Cliente]}


def test_who_is_insured_for_life_or_health_let_their_health_be_asked(portfolio):
    salud = {r.cliente_id for r in portfolio[Consentimiento] if r.finalidad == "salud"}
    first = [p for p in portfolio[Poliza] if p.numero.endswith("-10")]
    assert {p.cliente_id for p in first if p.numero[:3] in ("VID", "SAL")} <= salud


@pytest.mark.parametrize("model", [Contacto, Direccion, Beneficiario, ServicioContratado])
def test_parts_belong_to_clientes_that_are_there(portfolio, model):
    assert {r.cliente_id for r in portfolio[model]} <= {c.pk for c in portfolio[Cliente]}


def test_everybody_who_may_sell_answers_to_a_supervisor(portfolio):
    agentes = {row.pk: row for row in portfolio[Agente]}
    for agente in agentes.values():
        if agente.supervisor_id:
            assert agentes[agente.supervisor_id].supervisor_id is None
    assert {row.agente_id for row in portfolio[Comision]} == set(agentes)


# Pólizas.


def test_there_are_polizas_in_every_estado(portfolio):
    assert {row.estado for row in portfolio[Poliza]} == set(EstadoPoliza)


def test_the_estado_of_a_poliza_is_what_its_days_give(portfolio):
    for poliza in portfolio[Poliza]:
        assert reglas.estado_en(poliza.estado, poliza.inicio, poliza.fin, HOY) == poliza.estado
        if poliza.estado == EstadoPoliza.VENCIDA:
            assert poliza.fin < HOY


def test_only_active_agentes_of_the_country_sell(portfolio):
    agentes = {row.pk: row for row in portfolio[Agente]}
    clientes = {row.pk: row for row in portfolio[Cliente]}
    for poliza in portfolio[Poliza]:
        agente = agentes[poliza.agente_id]
        assert agente.activo
        assert agente.pais_documento == clientes[poliza.cliente_id].pais_documento


def test_a_renovada_poliza_is_followed_without_a_gap(portfolio):
    following = {row.anterior_id: row for row in portfolio[Poliza] if row.anterior_id}
    renovadas = [row for row in portfolio[Poliza] if row.estado == EstadoPoliza.RENOVADA]
    assert renovadas
    assert {row.pk for row in renovadas} == set(following)
    for poliza in renovadas:
        siguiente = following[poliza.pk]
        assert (siguiente.inicio, siguiente.fin) == reglas.vigencia_siguiente(
            poliza.inicio, poliza.fin
        )
        assert siguiente.cliente_id == poliza.cliente_id


def test_an_anulada_poliza_says_why_and_when(portfolio):
    for poliza in portfolio[Poliza]:
        anulada = poliza.estado == EstadoPoliza.ANULADA
        assert anulada == bool(poliza.motivo_anulacion) == (poliza.anulada_el is not None)
        assert not anulada or poliza.inicio < poliza.anulada_el < HOY
        assert not anulada or poliza.anulada_el <= poliza.fin


def test_a_poliza_is_made_before_it_starts_and_once_the_cliente_came(portfolio):
    clientes = {row.pk: row for row in portfolio[Cliente]}
    for poliza in portfolio[Poliza]:
        assert clientes[poliza.cliente_id].creado <= poliza.creado
        assert poliza.creado.date() <= poliza.inicio


def test_beneficiarios_share_the_whole(portfolio):
    by_poliza = portfolio.by(BeneficiarioPoliza, "poliza_id")
    assert by_poliza
    for rows in by_poliza.values():
        assert reglas.suman_cien(row.porcentaje for row in rows)
        assert len({row.nombre_completo for row in rows}) == len(rows)


def test_every_poliza_has_coberturas(portfolio):
    assert set(portfolio.by(Cobertura, "poliza_id")) == {row.pk for row in portfolio[Poliza]}


# Money.


def test_recibos_sum_the_prima_to_the_cent(portfolio):
    recibos = portfolio.by(Recibo, "poliza_id")
    for poliza in portfolio[Poliza]:
        suyos = recibos.get(poliza.pk, [])
        assert poliza.prima == poliza.prima_neta + poliza.impuestos + poliza.recargos
        if poliza.estado == EstadoPoliza.COTIZADA:
            assert not suyos
        else:
            assert sum(row.importe for row in suyos) == poliza.prima
            assert [row.numero for row in suyos] == list(range(1, len(suyos) + 1))


def test_recibos_of_an_anulada_poliza_are_not_waited_for(portfolio):
    anuladas = {row.pk for row in portfolio[Poliza] if row.estado == EstadoPoliza.ANULADA}
    estados = {row.estado for row in portfolio[Recibo] if row.poliza_id in anuladas}
    assert estados == {EstadoRecibo.COBRADO, EstadoRecibo.ANULADO}


def test_cobros_match_what_the_recibos_say(portfolio):
    cobros = portfolio.by(Cobro, "recibo_id")
    parciales = 0
    for recibo in portfolio[Recibo]:
        cobrado = sum((row.monto for row in cobros.get(recibo.pk, [])), Decimal(0))
        if recibo.estado == EstadoRecibo.COBRADO:
            assert cobrado == recibo.importe
        elif recibo.estado == EstadoRecibo.ANULADO:
            assert cobrado == 0
        else:
            assert cobrado < recibo.importe
            parciales += cobrado > 0
    assert parciales


def test_every_amount_is_of_cents(portfolio):
    for model, name in (
        (Poliza, "prima"),
        (Cobertura, "limite"),
        (Recibo, "importe"),
        (Cobro, "monto"),
        (Reclamo, "monto"),
        (Pago, "monto"),
        (Bien, "valor"),
    ):
        for row in portfolio[model]:
            amount = getattr(row, name)
            assert amount == amount.quantize(Decimal("0.01"))


# Bienes, reclamos, pedidos.


def test_bienes_of_every_tipo_are_what_their_schema_keeps(portfolio):
    assert {row.tipo for row in portfolio[Bien]} == set(TipoBien)
    for bien in portfolio[Bien]:
        assert limpiar(ESQUEMAS[bien.tipo], bien.datos) == bien.datos
        assert list(limpiar(ESQUEMAS[bien.tipo], bien.datos)) == list(bien.datos)


def test_bienes_hang_from_a_poliza_of_their_cliente(portfolio):
    polizas = {row.pk: row for row in portfolio[Poliza]}
    for bien in portfolio[Bien]:
        assert polizas[bien.poliza_id].cliente_id == bien.cliente_id


def test_there_are_reclamos_in_every_estado(portfolio):
    assert {row.estado for row in portfolio[Reclamo]} == set(EstadoReclamo)


def test_the_poliza_covered_what_is_claimed(portfolio):
    polizas = {row.pk: row for row in portfolio[Poliza]}
    for reclamo in portfolio[Reclamo]:
        poliza = polizas[reclamo.poliza_id]
        exigir_cobertura(
            poliza.estado, poliza.inicio, poliza.fin, poliza.anulada_el, reclamo.fecha_ocurrencia
        )
        assert poliza.cubre(reclamo.fecha_ocurrencia)
        assert reclamo.fecha_ocurrencia <= reclamo.fecha_reclamo.date()
        assert reclamo.monto <= poliza.suma_asegurada


def test_pagos_are_what_the_reclamo_says_and_within_its_reserva(portfolio):
    pagos = portfolio.by(Pago, "reclamo_id")
    assert pagos
    for reclamo in portfolio[Reclamo]:
        pagado = sum((row.monto for row in pagos.get(reclamo.pk, [])), Decimal(0))
        assert reclamo.pagado == pagado <= reclamo.reserva
        assert (reclamo.estado == EstadoReclamo.PAGADO) <= (pagado == reclamo.reserva > 0)


def test_pagos_come_after_the_reclamo(portfolio):
    reclamos = {row.pk: row for row in portfolio[Reclamo]}
    assert all(reclamos[row.reclamo_id].fecha_reclamo < row.fecha for row in portfolio[Pago])


def test_there_are_pedidos_of_every_tipo_in_every_estado(portfolio):
    assert {row.estado for row in portfolio[Pedido]} == set(Pedido.Estado)
    assert {row.tipo for row in portfolio[Pedido]} == set(TipoPedido)


def test_pedidos_are_what_their_schema_keeps_and_somebody_has_those_taken(portfolio):
    empleados = {row.pk for row in portfolio[Empleado]}
    for pedido in portfolio[Pedido]:
        assert limpiar(DE_PEDIDOS[pedido.tipo], pedido.datos) == pedido.datos
        assert (pedido.empleado_id is None) == (pedido.estado == Pedido.Estado.PENDIENTE)
        assert pedido.empleado_id is None or pedido.empleado_id in empleados
