"""Sums that agree are forgotten; the others are told with every line that speaks of them."""

from decimal import Decimal
from types import SimpleNamespace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.portfolio.balances import Ledger

POLIZA, RECLAMO = UUID(int=1), UUID(int=2)

cents = st.integers(1, 10**6).map(lambda n: Decimal(n) / 100)


def built(kind: str, key: int | UUID, **row):
    id_ = key if isinstance(key, UUID) else UUID(int=key)
    return SimpleNamespace(kind=SimpleNamespace(name=kind), id=id_, row=SimpleNamespace(**row))


def poliza(prima):
    return built("poliza", POLIZA, prima=Decimal(prima))


def recibo(key, importe):
    return built("recibo", key, importe=Decimal(importe), poliza_id=POLIZA)


def reclamo(pagado):
    return built("reclamo", RECLAMO, pagado=Decimal(pagado))


def pago(key, monto):
    return built("pago", key, monto=Decimal(monto), reclamo_id=RECLAMO)


def wrong(*lines, brought=True):
    """Return (total, lines) of each sum that does not agree, when these lines have come."""
    ledger = Ledger()
    for number, rows in enumerate(lines):
        source = SimpleNamespace(serial=number, file="f.csv", line=number + 2)
        ledger.add(SimpleNamespace(source=source), rows)
    return [
        (found.total, [line for _serial, _file, line in found.lines])
        for found, _reason in ledger.wrong(lambda kind, key: brought)
    ]


def test_one_line_that_agrees_leaves_nothing_behind():
    ledger = Ledger()
    source = SimpleNamespace(serial=0, file="f.csv", line=2)
    ledger.add(SimpleNamespace(source=source), [reclamo(5), pago(10, 5)])
    assert ledger.open == {}


def test_a_poliza_without_recibos_is_right():
    assert wrong([poliza(100)]) == []


def test_a_reclamo_that_says_it_was_paid_needs_its_pagos():
    assert wrong([reclamo(100)]) == [(0, [2])]
    assert wrong([reclamo(0)]) == []


def test_every_line_of_a_sum_that_does_not_agree_is_named():
    assert wrong([poliza(100), recibo(10, 40)], [recibo(11, 40)]) == [(80, [2, 3])]


def test_a_cent_is_a_difference():
    assert wrong([poliza("100.00"), recibo(10, "99.99")]) == [(Decimal("99.99"), [2])]


def test_of_a_row_that_only_the_store_has_nothing_is_told():
    assert wrong([recibo(10, 40)], brought=False) == []


def test_one_too_many_is_named_alone():
    assert wrong([poliza(100), recibo(10, 100)], [recibo(11, 1)]) == [(1, [3])]


@given(parts=st.lists(cents, min_size=1, max_size=8), order=st.randoms())
def test_the_order_of_the_lines_does_not_matter(parts, order):
    lines = [[recibo(10 + n, part)] for n, part in enumerate(parts)]
    lines.append([poliza(sum(parts))])
    order.shuffle(lines)
    assert wrong(*lines) == []


@given(parts=st.lists(cents, min_size=1, max_size=8), over=cents)
def test_no_excess_goes_unseen(parts, over):
    lines = [[recibo(10 + n, part)] for n, part in enumerate(parts)]
    assert wrong([poliza(sum(parts) + over)], *lines)
    assert wrong(*lines, [poliza(sum(parts) + over)])


@pytest.mark.parametrize("shares", [["60", "40"], ["33.33", "33.33", "33.34"], ["100"]])
def test_shares_make_a_whole(shares):
    rows = [
        built("beneficiario", 20 + n, porcentaje=Decimal(share), poliza_id=POLIZA)
        for n, share in enumerate(shares)
    ]
    assert wrong([poliza(100), *rows]) == []
    assert len(wrong([poliza(100), *rows[1:]])) == (len(rows) > 1)
