"""What a demo says that happened to each row, and when; asked of its rows before any store sees them."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from agentes.models import Agente
from bienes.models import Bien
from clientes.models import Cliente, Consentimiento
from ingestion.demo.batch import Batch
from ingestion.demo.catalogue import catalogue
from ingestion.demo.plan import MOTIVO
from ingestion.demo.write import ORDER
from ingestion.tests.demo.conftest import HOY, PLAN
from pedidos.models import Pedido
from pedidos.reglas import TRANSICIONES as DE_PEDIDO
from pedidos.reglas import EstadoPedido
from polizas import reglas
from polizas.models import Cobro, Poliza, Recibo
from polizas.reglas import EstadoPoliza, EstadoRecibo
from siniestros.models import Pago, Reclamo
from siniestros.reglas import TRANSICIONES as DE_RECLAMO
from siniestros.reglas import EstadoReclamo

HOUR = timedelta(hours=1)
LUNES = datetime(2026, 1, 5, 15, tzinfo=UTC)


def life(row, *names):
    """Return what a row said of `names` at each of its stages, with the moment."""
    return [
        (stage.moment, *(stage.was.get(name, getattr(row, name)) for name in names))
        for stage in row.stages
    ]


def estados(row):
    return [estado for _moment, estado in life(row, "estado")]


# How a batch tells it.


@pytest.fixture
def batch():
    return Batch(PLAN, catalogue({}), 1)


def test_a_row_begins_as_it_was_made(batch):
    cliente = batch.make(Cliente, LUNES, nombres="Ana")
    [stage] = cliente.stages
    assert (stage.moment, stage.was) == (LUNES, {})
    assert cliente._change_reason == MOTIVO


def test_a_change_keeps_what_was(batch):
    cliente = batch.make(Cliente, LUNES, nombres="Ana", email="una@example.com")
    batch.change(cliente, LUNES + HOUR, nombres="Eva")
    batch.change(cliente, LUNES + 2 * HOUR, nombres="Eva María", email="otra@example.com")
    assert life(cliente, "nombres", "email") == [
        (LUNES, "Ana", "una@example.com"),
        (LUNES + HOUR, "Eva", "una@example.com"),
        (LUNES + 2 * HOUR, "Eva María", "otra@example.com"),
    ]
    assert (cliente.nombres, cliente.email) == ("Eva María", "otra@example.com")


def test_a_change_of_nothing_is_still_a_stage(batch):
    cliente = batch.make(Cliente, LUNES, nombres="Ana")
    batch.change(cliente, LUNES + HOUR)
    assert life(cliente, "nombres") == [(LUNES, "Ana"), (LUNES + HOUR, "Ana")]


def test_nothing_happens_to_a_row_before_what_happened_to_it_last(batch):
    cliente = batch.make(Cliente, LUNES, nombres="Ana")
    batch.change(cliente, LUNES + HOUR, nombres="Eva")
    batch.change(cliente, LUNES - HOUR, nombres="Luz")
    assert life(cliente, "nombres")[-1] == (LUNES + HOUR, "Luz")


def test_one_row_has_nothing_to_do_with_another(batch):
    one, other = (batch.make(Cliente, LUNES, nombres="Ana") for _ in range(2))
    batch.change(one, LUNES + HOUR, nombres="Eva")
    assert life(other, "nombres") == [(LUNES, "Ana")]


def test_the_keys_of_a_history_grow_with_its_versions_and_its_batches():
    sold = catalogue({})
    stages = []
    for number in (0, 1):
        batch = Batch(PLAN, sold, number)
        row = batch.make(Cliente, LUNES, nombres="Ana")
        batch.change(row, LUNES)
        stages += row.stages
    keys = [stage.key for stage in stages]
    assert keys == sorted(keys)
    assert {(key.version, key.variant) for key in keys} == {(7, "specified in RFC 4122")}


def test_no_key_of_any_history_is_given_twice(portfolio):
    """Not even by two models: the bitácora keeps the history of all of them in one table."""
    keys = Counter(stage.key for model in ORDER for row in portfolio[model] for stage in row.stages)
    assert keys.most_common(1)[0][1] == 1


def test_every_stage_says_what_the_row_has_fields_for(portfolio):
    for model in ORDER:
        names = {field.attname for field in model._meta.concrete_fields}
        said = {name for row in portfolio[model] for stage in row.stages for name in stage.was}
        assert said <= names


def test_the_last_stage_of_a_row_is_the_row(portfolio):
    assert not any(row.stages[-1].was for model in ORDER for row in portfolio[model])


# Pólizas.


def test_every_poliza_begins_cotizada_and_ends_as_it_is(portfolio):
    for poliza in portfolio[Poliza]:
        assert estados(poliza)[0] == EstadoPoliza.COTIZADA
        assert estados(poliza)[-1] == poliza.estado


def test_a_poliza_goes_only_where_its_rules_let_it(portfolio):
    steps = {step for poliza in portfolio[Poliza] for step in pairwise(estados(poliza))}
    assert len(steps) >= 6
    assert all(reglas.puede_pasar(before, after) for before, after in steps)


def test_the_estado_of_a_poliza_was_on_each_day_what_the_day_gave(portfolio):
    """Told in the mornings; what falls due today was told last night."""
    for poliza in portfolio[Poliza]:
        for (since, estado), (until, _next) in pairwise(
            [*life(poliza, "estado"), (datetime(2999, 1, 1, tzinfo=UTC), None)]
        ):
            first = min(since.date() + timedelta(days=1), HOY)
            last = min(until.date() - timedelta(days=1), HOY)
            for dia in {first, last} if first <= last else ():
                assert reglas.estado_en(estado, poliza.inicio, poliza.fin, dia) == estado


def test_a_poliza_is_anulada_the_day_it_says(portfolio):
    for poliza in portfolio[Poliza]:
        for moment, estado, motivo, dia in life(poliza, "estado", "motivo_anulacion", "anulada_el"):
            anulada = estado == EstadoPoliza.ANULADA
            assert anulada == bool(motivo) == (dia is not None)
            assert not anulada or moment.date() == dia


def test_a_poliza_is_renovada_when_the_next_one_is_made(portfolio):
    following = {row.anterior_id: row for row in portfolio[Poliza] if row.anterior_id}
    assert following
    for poliza in portfolio[Poliza]:
        for moment, estado in life(poliza, "estado"):
            if estado == EstadoPoliza.RENOVADA:
                assert moment == following[poliza.pk].creado


def test_some_are_renovadas_after_they_ended(portfolio):
    ways = Counter(
        tuple(estados(row))[-2:] for row in portfolio[Poliza] if row.estado == "renovada"
    )
    assert ways["vigente", "renovada"] > ways["vencida", "renovada"] > 0


# Money.


def test_a_recibo_is_cobrado_when_the_last_of_it_came(portfolio):
    cobros = portfolio.by(Cobro, "recibo_id")
    for recibo in portfolio[Recibo]:
        assert estados(recibo)[0] == EstadoRecibo.PENDIENTE
        suyos = sorted(cobro.fecha for cobro in cobros.get(recibo.pk, []))
        told = [moment for moment, _estado in life(recibo, "estado")][1:]
        if recibo.estado == EstadoRecibo.ANULADO:
            assert len(told) == 1
        else:
            assert told == suyos
        assert set(estados(recibo)[:-1]) == {EstadoRecibo.PENDIENTE} or len(recibo.stages) == 1


def test_some_recibos_came_in_parts(portfolio):
    assert {len(recibo.stages) for recibo in portfolio[Recibo]} >= {1, 2, 3}


def test_recibos_are_anulados_with_their_poliza(portfolio):
    polizas = {row.pk: row for row in portfolio[Poliza]}
    anulados = [r for r in portfolio[Recibo] if r.estado == EstadoRecibo.ANULADO]
    assert anulados
    for recibo in anulados:
        assert recibo.stages[-1].moment == polizas[recibo.poliza_id].stages[-1].moment


def test_cobros_and_pagos_happen_once(portfolio):
    assert {len(row.stages) for model in (Cobro, Pago) for row in portfolio[model]} == {1}


# Reclamos and pedidos.


def test_a_reclamo_goes_only_where_its_rules_let_it(portfolio):
    allowed = {(before, after) for froms, after in DE_RECLAMO.values() for before in froms}
    allowed.add((EstadoReclamo.APROBADO, EstadoReclamo.APROBADO))  # part of it is paid
    for reclamo in portfolio[Reclamo]:
        assert estados(reclamo)[0] == EstadoReclamo.PENDIENTE
        assert set(pairwise(estados(reclamo))) <= allowed


def test_what_a_reclamo_says_was_paid_is_paid_at_that_moment(portfolio):
    pagos = portfolio.by(Pago, "reclamo_id")
    paid = 0
    for reclamo in portfolio[Reclamo]:
        suyos = [(pago.fecha, pago.monto) for pago in pagos.get(reclamo.pk, [])]
        told = [
            (moment, after - before)
            for (_then, before), (moment, after) in pairwise(life(reclamo, "pagado"))
            if after != before
        ]
        assert told == suyos
        paid += len(told)
    assert paid


def test_a_reclamo_never_had_more_paid_than_set_aside(portfolio):
    for reclamo in portfolio[Reclamo]:
        for _moment, pagado, reserva in life(reclamo, "pagado", "reserva"):
            assert 0 <= pagado <= reserva


def test_a_reclamo_is_refused_with_a_reason(portfolio):
    for reclamo in portfolio[Reclamo]:
        for _moment, estado, motivo in life(reclamo, "estado", "motivo"):
            assert estado != EstadoReclamo.RECHAZADO or motivo


def test_a_pedido_goes_only_where_its_rules_let_it(portfolio):
    allowed = {(before, after) for froms, after in DE_PEDIDO.values() for before in froms}
    for pedido in portfolio[Pedido]:
        assert estados(pedido)[0] == EstadoPedido.PENDIENTE
        assert set(pairwise(estados(pedido))) <= allowed


def test_nobody_has_a_pedido_before_it_is_taken(portfolio):
    for pedido in portfolio[Pedido]:
        for moment, estado, empleado, resultado in life(
            pedido, "estado", "empleado_id", "resultado"
        ):
            assert (empleado is None) == (estado == EstadoPedido.PENDIENTE)
            assert not resultado or estado in (EstadoPedido.TERMINADO, EstadoPedido.CANCELADO)
            assert pedido.fecha <= moment


# What goes with whom.


def test_a_bien_goes_from_each_poliza_to_the_one_that_renews_it(portfolio):
    polizas = {row.pk: row for row in portfolio[Poliza]}
    moved = 0
    for bien in portfolio[Bien]:
        suyas = life(bien, "poliza_id")
        for moment, poliza in suyas:
            assert polizas[poliza].creado <= moment
        for (_then, before), (_moment, after) in pairwise(suyas):
            assert polizas[after].anterior_id == before
            moved += 1
    assert moved


def test_clientes_are_attended_by_active_agentes_of_their_country(portfolio):
    agentes = {row.pk: row for row in portfolio[Agente]}
    for cliente in portfolio[Cliente]:
        if cliente.agente_id:
            assert agentes[cliente.agente_id].activo
            assert agentes[cliente.agente_id].pais_documento == cliente.pais_documento


def test_most_clientes_buy_from_who_attends_them_and_some_from_others(portfolio):
    clientes = {row.pk: row for row in portfolio[Cliente]}
    found = Counter(
        row.agente_id == clientes[row.cliente_id].agente_id
        for row in portfolio[Poliza]
        if clientes[row.cliente_id].agente_id
    )
    assert found[True] > 10 * found[False] > 0


def test_a_few_clientes_came_by_themselves(portfolio):
    alone = sum(cliente.agente_id is None for cliente in portfolio[Cliente])
    assert 0 < alone < PLAN.clientes / 10


def test_one_agente_sells_all_that_one_contract_became(portfolio):
    polizas = {row.pk: row for row in portfolio[Poliza]}
    for poliza in polizas.values():
        assert not poliza.anterior_id or polizas[poliza.anterior_id].agente_id == poliza.agente_id


def test_who_left_worked_until_then(portfolio):
    left = [agente for agente in portfolio[Agente] if not agente.activo]
    assert len(left) == PLAN.batches
    for agente in left:
        assert [activo for _moment, activo in life(agente, "activo")] == [True, False]


def test_leave_that_was_withdrawn_was_given_until_then(portfolio):
    withdrawn = [row for row in portfolio[Consentimiento] if row.retirado]
    assert withdrawn
    for row in withdrawn:
        (given, before), (moment, retirado) = life(row, "retirado")
        assert before is None
        assert row.otorgado
        assert given <= moment
        assert retirado == row.retirado
