"""What the stores are asked, for many rows at once."""

import random

import pytest

from clientes.models import Usuario
from clientes.tests.factories import UsuarioFactory
from core.testing import queries, undone
from ingestion.portfolio.kinds import KINDS
from ingestion.portfolio.store import current, written_by
from ingestion.tests.portfolio.made_up import contents, pagado, poliza, reclamo

pytestmark = pytest.mark.django_db(databases="__all__")

USUARIO = KINDS["usuario"]


def saved(reason: str | None) -> Usuario:
    usuario = UsuarioFactory.build()
    if reason:
        usuario._change_reason = reason
    usuario.save()
    return usuario


def test_rows_are_the_imports_own_until_somebody_saves_them():
    mine, touched, theirs = saved("yo"), saved("yo"), saved("otro")
    touched = Usuario.objects.get(pk=touched.pk)
    touched.save()
    rows = [mine, touched, theirs, saved(None)]
    assert written_by("yo", USUARIO, rows) == {mine.pk}


def test_rows_are_the_imports_own_again_after_it_writes_them():
    mine = saved("yo")
    mine._change_reason = "yo"
    mine.save()
    assert mine.version == 2
    assert written_by("yo", USUARIO, [mine]) == {mine.pk}


def test_what_is_there_is_asked_in_one_query():
    rows = [saved(None) for _n in range(3)]
    with queries() as seen:
        found = current(USUARIO, [row.pk for row in rows])
    assert found == {row.pk: row for row in rows}
    assert seen.total == 1


def test_nothing_is_asked_for_no_rows():
    with queries() as seen:
        assert current(USUARIO, []) == {}
        assert written_by("yo", USUARIO, []) == set()
    assert seen.total == 0


@pytest.mark.parametrize("seed", range(4))
def test_the_order_of_the_lines_does_not_matter(portfolio, small_batches, seed):
    """Where the lines agree on what they share."""
    polizas = [
        poliza(n, customerno=str(n % 3), producer=f"P{n % 2}", policyquotationdate=f"2022-01-0{n}")
        for n in range(1, 8)
    ]
    reclamos = [pagado(1, policyid="3"), reclamo(2, policyid="1"), pagado(3, policyid="7")]
    with undone():
        portfolio.files(polizas, reclamos)
        portfolio.run()
        expected = contents()
    order = random.Random(seed)
    order.shuffle(polizas)
    order.shuffle(reclamos)
    portfolio.files(polizas, reclamos)
    portfolio.run()
    assert contents() == expected
