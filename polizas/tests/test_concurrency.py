"""Two people press the button: only stores with row locks can show it inside one process."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connections

from core.stores import store_for
from polizas import services
from polizas.models import Poliza
from polizas.selectors import descuadres
from polizas.tests.factories import (
    AHORA,
    HOY,
    ClienteFactory,
    EmitidaFactory,
    PolizaFactory,
    ProductoFactory,
)

pytestmark = pytest.mark.django_db(transaction=True, databases="__all__")

PERSONAS = 6


@pytest.fixture(autouse=True)
def row_locks() -> None:
    if not store_for(Poliza).supports_row_locks:
        pytest.skip("the store of pólizas locks no rows: its writers wait for one another instead")


def a_la_vez(verbo: Callable[[], Any]) -> list[Any]:
    """Have several people do the same at once; return what each got, or the refusal."""
    salida = Barrier(PERSONAS)

    def pulsar(_persona: int) -> Any:
        salida.wait()
        try:
            return verbo()
        except ValidationError as negativa:
            return negativa
        finally:
            connections.close_all()

    with ThreadPoolExecutor(PERSONAS) as personas:
        return list(personas.map(pulsar, range(PERSONAS)))


def hechos(resultados: list[Any]) -> list[Any]:
    return [uno for uno in resultados if not isinstance(uno, ValidationError)]


def test_several_who_collect_at_once_never_pass_the_importe():
    recibo = EmitidaFactory().recibos.get()
    monto = recibo.importe / 4
    cobros = a_la_vez(
        lambda: services.cobrar(recibo.pk, metodo="efectivo", fecha=AHORA, monto=monto)
    )
    recibo.refresh_from_db()
    assert len(hechos(cobros)) == 4
    assert (recibo.estado, recibo.total_cobrado()) == ("cobrado", recibo.importe)
    assert list(descuadres()) == []


def test_several_who_emit_at_once_make_its_recibos_once():
    poliza = PolizaFactory(forma_pago="mensual")
    assert len(hechos(a_la_vez(lambda: services.emitir(poliza.pk, dia=HOY)))) == 1
    assert poliza.recibos.count() == 12


def test_several_who_renew_at_once_make_one_renewal():
    poliza = EmitidaFactory()
    assert len(hechos(a_la_vez(lambda: services.renovar(poliza.pk, dia=HOY)))) == 1
    assert Poliza.objects.filter(anterior=poliza).count() == 1


def test_who_collects_while_another_anula_leaves_sound_accounts():
    poliza = EmitidaFactory()
    recibo = poliza.recibos.get()
    turnos = iter(range(PERSONAS))

    def pulsar() -> Any:
        if next(turnos) % 2:
            return services.anular(poliza.pk, motivo="impago", fecha=HOY)
        return services.cobrar(recibo.pk, metodo="efectivo", fecha=AHORA, monto=Decimal("10.00"))

    a_la_vez(pulsar)
    poliza.refresh_from_db()
    assert poliza.estado == "anulada"
    assert list(descuadres()) == []


def test_several_cotizaciones_at_once_get_numbers_of_their_own():
    comunes = {"cliente": ClienteFactory(), "producto": ProductoFactory(), "agente": None}
    polizas = a_la_vez(lambda: PolizaFactory(**comunes))
    assert sorted(p.numero for p in polizas) == [f"2026-{n:06}" for n in range(1, PERSONAS + 1)]
