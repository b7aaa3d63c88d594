from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from polizas import services
from polizas.models import BeneficiarioPoliza, Cobro, Poliza, Recibo
from polizas.selectors import descuadres
from polizas.tests.factories import (
    AHORA,
    HOY,
    BeneficiarioPolizaFactory,
    CobroFactory,
    EmitidaFactory,
    PolizaFactory,
    ReciboFactory,
)

pytestmark = pytest.mark.django_db(databases="__all__")


def encontrados():
    return [(descuadre.fila, str(descuadre.motivo)) for descuadre in descuadres()]


def test_what_the_services_make_adds_up():
    poliza = EmitidaFactory(forma_pago="mensual")
    services.cobrar(poliza.recibos.first().pk, metodo="efectivo", fecha=AHORA)
    services.renovar(poliza.pk, dia=HOY)
    services.anular(EmitidaFactory().pk, motivo="impago", fecha=HOY)
    PolizaFactory()
    assert encontrados() == []


@pytest.mark.parametrize("importe", ["1199.99", "1200.01"])
def test_recibos_that_miss_the_prima_by_a_cent_are_found(importe):
    recibo = ReciboFactory(importe=Decimal(importe))
    assert encontrados() == [(recibo.poliza, "Los recibos no suman la prima.")]


def test_an_emitida_poliza_without_recibos_is_found():
    poliza = PolizaFactory(estado="vigente")
    assert encontrados() == [(poliza, "Los recibos no suman la prima.")]


def test_an_anulada_poliza_with_something_to_be_paid_is_found():
    poliza = PolizaFactory(estado="anulada", motivo_anulacion="otro")
    ReciboFactory(poliza=poliza, importe=poliza.prima)
    assert encontrados() == [(poliza, "Está anulada y tiene recibos pendientes.")]


@pytest.mark.parametrize(
    ("estado", "monto", "motivo"),
    [
        ("pendiente", "1200.01", "Los cobros pasan del importe."),
        ("pendiente", "1200.00", "Consta pendiente y los cobros suman el importe."),
        ("cobrado", "1199.99", "Consta cobrado y los cobros no suman el importe."),
    ],
)
def test_cobros_that_do_not_agree_with_their_recibo_are_found(estado, monto, motivo):
    recibo = ReciboFactory(importe=Decimal("1200.00"), estado=estado)
    CobroFactory(recibo=recibo, monto=Decimal(monto))
    assert encontrados() == [(recibo, motivo)]


@given(st.permutations(["33.33", "33.33", "33.34"]), st.booleans())
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_beneficiarios_count_in_whatever_order_they_were_written(porcentajes, falta_uno):
    for modelo in (Cobro, Recibo, BeneficiarioPoliza, Poliza):
        modelo.objects.all()._raw_delete("polizas")
    poliza = EmitidaFactory()
    for porcentaje in porcentajes[falta_uno:]:
        BeneficiarioPolizaFactory(poliza=poliza, porcentaje=Decimal(porcentaje))
    esperado = [(poliza, "Los beneficiarios no suman 100 %.")] if falta_uno else []
    assert encontrados() == esperado


def test_a_portfolio_of_another_system_comes_in_bulk_and_adds_up():
    molde = PolizaFactory()
    comunes = {
        "cliente_id": molde.cliente_id,
        "producto": molde.producto,
        "inicio": HOY,
        "fin": molde.fin,
        "prima_neta": Decimal("312.00"),
        "suma_asegurada": Decimal("223000.00"),
    }
    polizas = Poliza.objects.bulk_create(
        [
            Poliza(numero="10009855", estado="vigente", **comunes),
            Poliza(estado="vencida", **comunes),
            Poliza(estado="anulada", motivo_anulacion="solicitud", **comunes),
        ]
    )
    Recibo.objects.bulk_create(
        Recibo(
            poliza=poliza,
            numero=1,
            vencimiento=HOY,
            importe=poliza.prima,
            estado="anulado" if poliza.estado == "anulada" else "pendiente",
        )
        for poliza in polizas
    )
    assert encontrados() == []
    assert [poliza.numero for poliza in polizas] == ["10009855", "2026-000002", "2026-000003"]
    assert {poliza.asegurado_id for poliza in polizas} == {molde.cliente_id}
