"""Filters of the lists, and the named filters behind them."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from clientes.tests.factories import ClienteFactory
from polizas.models import Cobro, Poliza, Recibo
from polizas.models.poliza import de_cliente
from polizas.tests.factories import CobroFactory, PolizaFactory, ReciboFactory

pytestmark = pytest.mark.django_db(databases="__all__")

DIA = date(2026, 3, 1)


def at(hour: int, minute: int = 0, *, zone: str = "America/Lima", day: date = DIA) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("moment", "counts"),
    [
        (at(0), True),
        (at(23, 59), True),
        (at(23, 59, day=DIA - timedelta(1)), False),
        (at(0, day=DIA + timedelta(1)), False),
        (at(3, zone="UTC"), False),  # still yesterday in Lima
        (at(2, zone="UTC", day=DIA + timedelta(1)), True),
    ],
)
def test_a_day_is_that_of_the_house(moment, counts):
    CobroFactory(fecha=moment)
    assert Cobro.objects.del_dia(DIA).exists() is counts


def test_what_is_left_of_a_recibo_is_its_importe_less_its_cobros():
    recibo = ReciboFactory(importe=Decimal("100.00"))
    CobroFactory(recibo=recibo, monto=Decimal("40.00"))
    CobroFactory(recibo=recibo, monto=Decimal("10.50"))
    untouched = ReciboFactory()
    left = {row.pk: row.saldo for row in Recibo.objects.con_saldo()}
    assert left == {recibo.pk: Decimal("49.50"), untouched.pk: untouched.importe}


def test_a_cliente_takes_part_as_tomador_asegurado_or_pagador():
    cliente = ClienteFactory()
    theirs = {
        PolizaFactory(cliente=cliente),
        PolizaFactory(asegurado=cliente),
        PolizaFactory(pagador=cliente),
    }
    PolizaFactory()
    assert set(Poliza.objects.filter(de_cliente(cliente.pk))) == theirs
    recibos = {ReciboFactory(poliza=poliza) for poliza in theirs}
    ReciboFactory()
    assert set(Recibo.objects.filter(de_cliente(cliente.pk, "poliza__"))) == recibos


def test_the_lists_find_what_is_of_a_cliente_whatever_their_part(admin_client):
    cliente = ClienteFactory()
    poliza = PolizaFactory(asegurado=cliente)
    CobroFactory(recibo__poliza=poliza)
    CobroFactory()
    for name, lookup in (
        ("poliza", "cliente"),
        ("recibo", "poliza__cliente"),
        ("cobro", "recibo__poliza__cliente"),
    ):
        address = reverse(f"admin:polizas_{name}_changelist")
        answer = admin_client.get(address, {f"{lookup}__id__exact": str(cliente.pk)})
        assert answer.context["cl"].result_count == 1, name


def test_what_is_no_key_finds_nothing_and_breaks_nothing(admin_client):
    address = reverse("admin:polizas_poliza_changelist")
    answer = admin_client.get(address, {"cliente__id__exact": "x"})
    assert answer.status_code == 302 and answer.url.endswith("?e=1")


def test_the_cobros_of_today_are_a_choice_of_their_list(admin_client):
    CobroFactory(fecha=timezone.now())
    CobroFactory(fecha=timezone.now() - timedelta(days=2))
    address = reverse("admin:polizas_cobro_changelist")
    assert admin_client.get(address, {"dia": "hoy"}).context["cl"].result_count == 1
    assert admin_client.get(address).context["cl"].result_count == 2


def test_cotizadas_are_those_that_nobody_has_issued():
    cotizada = PolizaFactory()
    PolizaFactory(estado="vigente")
    assert list(Poliza.objects.cotizadas()) == [cotizada]
