"""Whatever people do, in whatever order, the accounts of a portfolio add up."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from polizas import reglas, services
from polizas.models import Cobro, Poliza, Recibo
from polizas.reglas import EstadoPoliza, FormaPago, MotivoAnulacion
from polizas.selectors import descuadres
from polizas.services import Designacion
from polizas.tests.factories import (
    AHORA,
    HOY,
    ClienteFactory,
    PolizaFactory,
    ProductoFactory,
    TipoCoberturaFactory,
)

pytestmark = pytest.mark.django_db(databases="__all__")

centavos = st.integers(min_value=1, max_value=200_000).map(lambda n: Decimal(n) / 100)
dias = st.integers(min_value=-30, max_value=900).map(lambda n: HOY + timedelta(days=n))
cual = st.integers(min_value=0, max_value=9)

pasos = st.one_of(
    st.tuples(st.just("emitir"), cual, dias),
    st.tuples(st.just("renovar"), cual, dias, st.none() | dias, centavos),
    st.tuples(st.just("anular"), cual, st.sampled_from(MotivoAnulacion), dias),
    st.tuples(st.just("cobrar"), cual, st.none() | centavos),
    st.tuples(st.just("designar"), cual, st.lists(centavos, max_size=3)),
    st.tuples(st.just("pasan_dias"), dias),
)

cotizaciones = st.fixed_dictionaries(
    {
        "prima_neta": centavos,
        "impuestos": centavos,
        "forma_pago": st.sampled_from(FormaPago),
        "fin": st.integers(min_value=0, max_value=800).map(lambda n: HOY + timedelta(days=n)),
    }
)


class Oficina:
    """Does what it is told to some row of its portfolio, and takes no for an answer."""

    def alguna(self, modelo: Any, cual: int) -> Any:
        filas = list(modelo.objects.order_by("pk").values_list("pk", flat=True))
        return filas[cual % len(filas)] if filas else None

    def emitir(self, cual: int, dia: date) -> None:
        services.emitir(self.alguna(Poliza, cual), dia=dia)

    def renovar(self, cual: int, dia: date, hasta: date | None, ajuste: Decimal) -> None:
        services.renovar(self.alguna(Poliza, cual), dia=dia, hasta=hasta, ajuste=ajuste / 100)

    def anular(self, cual: int, motivo: str, fecha: date) -> None:
        services.anular(self.alguna(Poliza, cual), motivo=motivo, fecha=fecha)

    def cobrar(self, cual: int, monto: Decimal | None) -> None:
        if recibo := self.alguna(Recibo, cual):
            services.cobrar(recibo, monto=monto, metodo="efectivo", fecha=AHORA)

    def designar(self, cual: int, partes: list[Decimal]) -> None:
        quienes = [Designacion(f"Hija {n}", "hija", parte) for n, parte in enumerate(partes)]
        services.designar_beneficiarios(self.alguna(Poliza, cual), quienes)

    def pasan_dias(self, dia: date) -> None:
        services.actualizar_estados(dia)


@given(st.lists(cotizaciones, min_size=1, max_size=3), st.lists(pasos, max_size=14))
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_is_done_the_accounts_add_up_and_estados_follow(datos, hechos):
    for modelo in (Cobro, Recibo):
        modelo.objects.all()._raw_delete("polizas")
    for poliza in Poliza.objects.all():
        poliza.beneficiarios.all()._raw_delete("polizas")
        poliza.coberturas.all()._raw_delete("polizas")
    Poliza.objects.all()._raw_delete("polizas")
    producto, cliente = TipoCoberturaFactory().producto, ClienteFactory()
    for cotizacion in datos:
        PolizaFactory(producto=producto, cliente=cliente, agente=None, **cotizacion)
    oficina = Oficina()
    for verbo, *argumentos in hechos:
        antes = estados()
        try:
            getattr(oficina, verbo)(*argumentos)
        except ValidationError:
            assert estados() == antes
        else:
            for pk, estado in estados().items():
                previo = antes.get(pk, EstadoPoliza.COTIZADA)
                assert estado == previo or reglas.puede_pasar(previo, estado)
        assert [(d.fila, str(d.motivo)) for d in descuadres()] == []
    comprobar_cuentas()


def estados() -> dict[Any, str]:
    return dict(Poliza.objects.values_list("pk", "estado"))


def comprobar_cuentas() -> None:
    """The same that `descuadres` asks, added up here one póliza at a time."""
    for poliza in Poliza.objects.all():
        recibos = list(poliza.recibos.order_by("numero"))
        if poliza.cotizada:
            assert recibos == []
            continue
        assert sum(recibo.importe for recibo in recibos) == poliza.prima
        assert [recibo.numero for recibo in recibos] == list(range(1, len(recibos) + 1))
        for recibo in recibos:
            cobrado = sum(recibo.cobros.values_list("monto", flat=True))
            assert cobrado <= recibo.importe
            assert (recibo.estado == "cobrado") == (cobrado == recibo.importe)
        assert poliza.coberturas.exists()
        assert (poliza.estado == "anulada") == bool(poliza.motivo_anulacion)
        siguientes = Poliza.objects.filter(anterior=poliza)
        assert siguientes.count() <= 1
        assert all(siguiente.inicio == poliza.fin + timedelta(1) for siguiente in siguientes)


def test_the_life_of_a_poliza_is_told_by_its_history():
    poliza = PolizaFactory(forma_pago="semestral")
    services.emitir(poliza.pk, dia=HOY - timedelta(days=1))
    services.actualizar_estados(HOY)
    siguiente = services.renovar(poliza.pk, dia=HOY)
    services.anular(poliza.pk, motivo="venta", fecha=date(2026, 6, 1))
    historia = poliza.history.order_by("history_id")
    assert [h.estado for h in historia] == ["cotizada", "emitida", "vigente", "renovada", "anulada"]
    assert [h.version for h in historia] == [1, 2, 3, 4, 5]
    assert [h.estado for h in siguiente.history.order_by("history_id")] == ["cotizada", "emitida"]


def test_ten_years_of_renewals_leave_no_day_without_cover_and_none_covered_twice():
    poliza = services.emitir(PolizaFactory().pk, dia=HOY)
    primera = poliza
    for _vez in range(10):
        services.actualizar_estados(poliza.inicio)
        poliza = services.renovar(poliza.pk, dia=poliza.inicio, ajuste=Decimal(3))
    cubren = Poliza.objects.order_by("inicio")
    assert cubren.count() == 11
    for una, otra in pairwise(cubren):
        assert otra.inicio == una.fin + timedelta(days=1)
    assert (primera.inicio, poliza.fin) == (HOY, date(2037, 2, 28))
    dia = HOY
    while dia <= poliza.fin:
        assert sum(una.cubre(dia) for una in cubren) == 1
        dia += timedelta(days=1)
    total = Recibo.objects.aggregate(suma=Sum("importe"))["suma"]
    assert total == Poliza.objects.aggregate(suma=Sum("prima"))["suma"]


def test_what_a_producto_changes_later_leaves_its_polizas_as_they_were():
    producto = ProductoFactory(prima_base=Decimal("500.00"))
    tipo = TipoCoberturaFactory(producto=producto, limite=Decimal("1000.00"))
    poliza = services.emitir(PolizaFactory(producto=producto, prima_neta=None).pk, dia=HOY)
    producto.prima_base, tipo.limite = Decimal("900.00"), Decimal("1.00")
    producto.save()
    tipo.save()
    poliza = Poliza.objects.get(pk=poliza.pk)
    poliza.full_clean()
    assert poliza.prima_neta == Decimal("500.00")
    assert poliza.coberturas.get().limite == Decimal("1000.00")
    siguiente = services.renovar(poliza.pk, dia=HOY)
    assert siguiente.prima_neta == Decimal("500.00")
    assert siguiente.coberturas.get().limite == Decimal("1000.00")
