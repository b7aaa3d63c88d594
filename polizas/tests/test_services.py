from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import Sum
from structlog.testing import capture_logs

from clientes.models import Cliente
from polizas import services
from polizas.models import BeneficiarioPoliza, Poliza, Recibo
from polizas.selectors import descuadres
from polizas.services import Designacion
from polizas.tests.factories import (
    AHORA,
    HOY,
    AgenteFactory,
    BeneficiarioPolizaFactory,
    CoberturaFactory,
    EmitidaFactory,
    PolizaFactory,
    TipoCoberturaFactory,
)

pytestmark = pytest.mark.django_db(databases="__all__")

UN_DIA = timedelta(days=1)


def estados_de(poliza):
    return [recibo.estado for recibo in poliza.recibos.order_by("numero")]


# Emitir.


@pytest.mark.parametrize(
    ("forma", "recibos"),
    [("anual", 1), ("semestral", 2), ("trimestral", 4), ("mensual", 12), ("unica", 1)],
)
def test_emitir_makes_the_recibos_of_the_forma_de_pago(forma, recibos):
    poliza = services.emitir(PolizaFactory(forma_pago=forma).pk, dia=HOY)
    assert poliza.recibos.count() == recibos
    assert poliza.recibos.aggregate(suma=Sum("importe"))["suma"] == poliza.prima
    assert list(descuadres()) == []


def test_emitir_makes_it_vigente_once_its_first_day_has_come():
    assert services.emitir(PolizaFactory().pk, dia=HOY).estado == "vigente"
    assert services.emitir(PolizaFactory().pk, dia=HOY - UN_DIA).estado == "emitida"


def test_emitir_takes_the_coberturas_of_the_producto_where_there_are_none():
    poliza = PolizaFactory()
    tipo = TipoCoberturaFactory(producto=poliza.producto)
    services.emitir(poliza.pk, dia=HOY)
    [cobertura] = poliza.coberturas.all()
    assert (cobertura.nombre, cobertura.limite) == (tipo.nombre, tipo.limite)
    assert cobertura.deducible == tipo.deducible


def test_emitir_keeps_the_coberturas_that_were_agreed():
    poliza = CoberturaFactory(nombre="Lunas").poliza
    TipoCoberturaFactory(producto=poliza.producto)
    services.emitir(poliza.pk, dia=HOY)
    assert [cobertura.nombre for cobertura in poliza.coberturas.all()] == ["Lunas"]


def test_emitir_twice_is_refused_and_makes_no_more_recibos():
    poliza = EmitidaFactory()
    with pytest.raises(ValidationError, match="Una póliza vigente no puede pasar a emitida"):
        services.emitir(poliza.pk, dia=HOY)
    assert poliza.recibos.count() == 1


def test_emitir_refuses_beneficiarios_who_do_not_share_all():
    poliza = BeneficiarioPolizaFactory(porcentaje=Decimal("60.00")).poliza
    with pytest.raises(ValidationError, match=r"suman 60.00 %"):
        services.emitir(poliza.pk, dia=HOY)
    BeneficiarioPolizaFactory(poliza=poliza, porcentaje=Decimal("40.00"))
    assert services.emitir(poliza.pk, dia=HOY).estado == "vigente"


def test_emitir_refuses_a_vigencia_that_is_over():
    with pytest.raises(ValidationError, match="ya ha terminado"):
        services.emitir(PolizaFactory().pk, dia=date(2027, 3, 1))


def test_what_emitir_refuses_leaves_nothing_behind():
    poliza = PolizaFactory(fin=date(9999, 1, 1), forma_pago="mensual")
    TipoCoberturaFactory(producto=poliza.producto)
    with pytest.raises(ValidationError, match="recibos"):
        services.emitir(poliza.pk, dia=HOY)
    poliza.refresh_from_db()
    assert poliza.cotizada
    assert not poliza.coberturas.exists()


def test_an_agente_sells_until_the_last_day_of_their_registro():
    poliza = PolizaFactory(agente=AgenteFactory(registro_vence=HOY))
    with pytest.raises(ValidationError, match="venció el 01/03/2026: ya no puede vender"):
        services.emitir(poliza.pk, dia=HOY + UN_DIA)
    assert services.emitir(poliza.pk, dia=HOY).estado == "vigente"


def test_who_no_longer_may_sell_renews_nothing_either():
    poliza = services.emitir(PolizaFactory(agente=AgenteFactory(registro_vence=HOY)).pk, dia=HOY)
    with pytest.raises(ValidationError, match="ya no puede vender"):
        services.renovar(poliza.pk, dia=poliza.fin)
    assert Poliza.objects.get() == poliza


# Anular.


def test_anular_voids_what_is_still_to_be_paid_and_keeps_what_was_collected():
    poliza = EmitidaFactory(forma_pago="trimestral")
    primero, segundo, *_ = poliza.recibos.order_by("numero")
    services.cobrar(primero.pk, metodo="efectivo", fecha=AHORA)
    services.cobrar(segundo.pk, metodo="efectivo", fecha=AHORA, monto=Decimal("1.00"))
    anulada = services.anular(poliza.pk, motivo="impago", fecha=date(2026, 6, 1))
    assert (anulada.estado, anulada.anulada_el) == ("anulada", date(2026, 6, 1))
    assert estados_de(poliza) == ["cobrado", "anulado", "anulado", "anulado"]
    assert segundo.total_cobrado() == Decimal("1.00")
    assert list(descuadres()) == []


@pytest.mark.parametrize("fecha", [HOY - UN_DIA, date(2027, 3, 1)])
def test_anular_outside_the_vigencia_is_refused(fecha):
    poliza = EmitidaFactory()
    with pytest.raises(ValidationError, match="dentro de la vigencia"):
        services.anular(poliza.pk, motivo="impago", fecha=fecha)
    assert estados_de(poliza) == ["pendiente"]


@pytest.mark.parametrize("motivo", ["", "capricho"])
def test_anular_needs_a_motivo(motivo):
    with pytest.raises(ValidationError, match="motivo"):
        services.anular(EmitidaFactory().pk, motivo=motivo, fecha=HOY)


def test_anular_refuses_what_is_not_in_force():
    with pytest.raises(ValidationError, match="Una póliza cotizada no puede pasar a anulada"):
        services.anular(PolizaFactory().pk, motivo="impago", fecha=HOY)
    anulada = services.anular(EmitidaFactory().pk, motivo="impago", fecha=HOY)
    with pytest.raises(ValidationError, match="Una póliza anulada no puede pasar a anulada"):
        services.anular(anulada.pk, motivo="impago", fecha=HOY)


# Renovar.


def test_renovar_starts_the_day_after_the_old_poliza_ends_and_lasts_as_long():
    poliza = EmitidaFactory()
    siguiente = services.renovar(poliza.pk, dia=HOY)
    poliza.refresh_from_db()
    assert (siguiente.inicio, siguiente.fin) == (date(2027, 3, 1), date(2028, 2, 29))
    assert (siguiente.estado, poliza.estado) == ("emitida", "renovada")
    assert siguiente.anterior == poliza
    assert siguiente.numero not in ("", poliza.numero)


def test_renovar_keeps_people_terms_coberturas_and_beneficiarios():
    poliza = PolizaFactory(forma_pago="semestral", moneda="PEN")
    CoberturaFactory(poliza=poliza, nombre="Lunas")
    BeneficiarioPolizaFactory(poliza=poliza)
    siguiente = services.renovar(services.emitir(poliza.pk, dia=HOY).pk, dia=HOY)
    for campo in ("cliente_id", "asegurado_id", "pagador_id", "agente_id", "producto_id"):
        assert getattr(siguiente, campo) == getattr(poliza, campo)
    for campo in ("prima", "moneda", "forma_pago", "suma_asegurada"):
        assert getattr(siguiente, campo) == getattr(poliza, campo)
    assert [cobertura.nombre for cobertura in siguiente.coberturas.all()] == ["Lunas"]
    assert [uno.nombre_completo for uno in siguiente.beneficiarios.all()] == ["Lucía Ibáñez"]
    assert siguiente.recibos.count() == 2
    assert list(descuadres()) == []


def test_renovar_adjusts_each_part_of_the_prima():
    siguiente = services.renovar(EmitidaFactory().pk, dia=HOY, ajuste=Decimal("5.5"))
    assert siguiente.prima_neta == Decimal("1055.00")
    assert siguiente.impuestos == Decimal("189.90")
    assert siguiente.prima == Decimal("1266.00")


def test_renovar_until_another_day():
    siguiente = services.renovar(EmitidaFactory().pk, dia=HOY, hasta=date(2027, 6, 30))
    assert siguiente.fin == date(2027, 6, 30)
    with pytest.raises(ValidationError, match="antes de empezar"):
        services.renovar(EmitidaFactory().pk, dia=HOY, hasta=HOY)


def test_renovar_twice_is_refused():
    poliza = EmitidaFactory()
    services.renovar(poliza.pk, dia=HOY)
    with pytest.raises(ValidationError, match="Una póliza renovada no puede pasar a renovada"):
        services.renovar(poliza.pk, dia=HOY)
    assert Poliza.objects.filter(anterior=poliza).count() == 1


def test_the_database_holds_one_renewal_alone():
    poliza = EmitidaFactory()
    services.renovar(poliza.pk, dia=HOY)
    with pytest.raises(IntegrityError):
        PolizaFactory(anterior=poliza)


def test_renovar_refuses_what_an_agente_who_left_would_sell_and_says_so():
    poliza = EmitidaFactory()
    poliza.agente.activo = False
    poliza.agente.save()
    with pytest.raises(ValidationError, match="El agente no está activo"):
        services.renovar(poliza.pk, dia=HOY)
    poliza.refresh_from_db()
    assert poliza.estado == "vigente"
    poliza.agente = AgenteFactory()
    poliza.full_clean()
    poliza.save()
    assert services.renovar(poliza.pk, dia=HOY).agente == poliza.agente


def test_a_producto_no_longer_sold_still_renews():
    poliza = EmitidaFactory()
    poliza.producto.activo = False
    poliza.producto.save()
    assert services.renovar(poliza.pk, dia=HOY).producto == poliza.producto


def test_a_renovada_poliza_may_still_be_anulada_while_it_lasts():
    poliza = EmitidaFactory()
    services.renovar(poliza.pk, dia=HOY)
    assert services.anular(poliza.pk, motivo="venta", fecha=HOY).estado == "anulada"


# Cobrar.


def test_cobrar_takes_what_is_left_when_no_monto_is_said():
    recibo = EmitidaFactory().recibos.get()
    services.cobrar(recibo.pk, metodo="efectivo", fecha=AHORA, monto=Decimal("200.00"))
    recibo.refresh_from_db()
    assert (recibo.estado, recibo.total_cobrado()) == ("pendiente", Decimal("200.00"))
    resto = services.cobrar(recibo.pk, metodo="tarjeta", fecha=AHORA, referencia="OP-1")
    recibo.refresh_from_db()
    assert (recibo.estado, resto.monto) == ("cobrado", Decimal("1000.00"))
    assert list(descuadres()) == []


def test_what_is_left_after_many_cobros_is_exact_and_told_to_the_cent():
    recibo = EmitidaFactory(prima_neta=Decimal("0.10"), impuestos=0, recargos=0).recibos.get()
    for _vez in range(3):
        services.cobrar(recibo.pk, metodo="efectivo", fecha=AHORA, monto=Decimal("0.01"))
    with pytest.raises(ValidationError) as negativa:
        services.cobrar(recibo.pk, metodo="efectivo", fecha=AHORA, monto=Decimal("0.08"))
    assert negativa.value.messages == ["El monto pasa del saldo del recibo, 0.07."]
    assert services.cobrar(recibo.pk, metodo="efectivo", fecha=AHORA).monto == Decimal("0.07")


@pytest.mark.parametrize(
    ("datos", "sentencia"),
    [
        ({"monto": Decimal("1200.01")}, "pasa del saldo"),
        ({"monto": Decimal("-1.00")}, "mayor que cero"),
        ({"metodo": "trueque"}, "no es una opción válida"),
    ],
)
def test_cobrar_refuses_in_words_and_leaves_nothing(datos, sentencia):
    recibo = EmitidaFactory().recibos.get()
    with pytest.raises(ValidationError, match=sentencia):
        services.cobrar(recibo.pk, **{"metodo": "efectivo", "fecha": AHORA} | datos)
    assert recibo.total_cobrado() == 0


def test_cobrar_refuses_a_recibo_anulado():
    poliza = EmitidaFactory()
    services.anular(poliza.pk, motivo="impago", fecha=HOY)
    with pytest.raises(ValidationError, match="está anulado"):
        services.cobrar(poliza.recibos.get().pk, metodo="efectivo", fecha=AHORA)


def test_cobrar_what_is_not_there_is_told():
    with pytest.raises(Recibo.DoesNotExist):
        services.cobrar(uuid4(), metodo="efectivo", fecha=AHORA)


@pytest.mark.parametrize("fecha", [datetime.min, datetime.max])
def test_a_cobro_off_the_calendar_is_told(fecha):
    recibo = EmitidaFactory().recibos.get()
    with pytest.raises(ValidationError, match="no cabe en el calendario"):
        services.cobrar(recibo.pk, metodo="efectivo", fecha=fecha.replace(tzinfo=UTC))


# Beneficiarios.


def test_designar_replaces_the_beneficiarios():
    poliza = BeneficiarioPolizaFactory().poliza
    services.designar_beneficiarios(
        poliza.pk,
        [
            Designacion("Ana Solís", "madre", Decimal("33.33")),
            Designacion("Luis Solís", "padre", Decimal("66.67")),
        ],
    )
    assert {uno.nombre_completo for uno in poliza.beneficiarios.all()} == {
        "Ana Solís",
        "Luis Solís",
    }
    services.designar_beneficiarios(poliza.pk, [])
    assert not poliza.beneficiarios.exists()


@pytest.mark.parametrize(
    ("porcentaje", "parentesco"), [("99.99", "madre"), ("100.00", "vecina"), ("0", "madre")]
)
def test_designar_refuses_and_keeps_those_who_were(porcentaje, parentesco):
    antes = BeneficiarioPolizaFactory()
    with pytest.raises(ValidationError):
        services.designar_beneficiarios(
            antes.poliza_id, [Designacion("Ana Solís", parentesco, Decimal(porcentaje))]
        )
    assert list(BeneficiarioPoliza.objects.all()) == [antes]


def test_the_beneficiarios_of_an_anulada_poliza_stay_as_they_were():
    poliza = EmitidaFactory()
    services.anular(poliza.pk, motivo="fallecimiento", fecha=HOY)
    with pytest.raises(ValidationError, match="ya no está viva"):
        services.designar_beneficiarios(poliza.pk, [])


# Days go by.


def test_each_day_starts_and_ends_what_it_must_and_doing_it_twice_is_harmless():
    poliza = services.emitir(PolizaFactory().pk, dia=HOY - UN_DIA)
    assert services.actualizar_estados(HOY - UN_DIA) == 0
    for dia, estado in (
        (HOY, "vigente"),
        (poliza.fin, "vigente"),
        (poliza.fin + UN_DIA, "vencida"),
    ):
        services.actualizar_estados(dia)
        assert services.actualizar_estados(dia) == 0
        poliza.refresh_from_db()
        assert poliza.estado == estado
    assert poliza.history.filter(estado="vencida").count() == 1


def test_days_that_nobody_ran_are_caught_up():
    poliza = services.emitir(PolizaFactory().pk, dia=HOY - UN_DIA)
    assert services.actualizar_estados(date(2030, 1, 1)) == 1
    poliza.refresh_from_db()
    assert poliza.estado == "vencida"


def test_many_batches_leave_nobody_out(monkeypatch):
    monkeypatch.setattr(services, "LOTE", 2)
    polizas = [services.emitir(PolizaFactory().pk, dia=HOY - UN_DIA).pk for _ in range(5)]
    assert services.actualizar_estados(HOY) == 5
    assert Poliza.objects.filter(pk__in=polizas, estado="vigente").count() == 5


def test_a_poliza_that_cannot_be_saved_stops_no_other():
    rota, *sanas = (services.emitir(PolizaFactory().pk, dia=HOY - UN_DIA) for _vez in range(3))
    Cliente.objects.filter(pk=rota.cliente_id)._raw_delete("clientes")  # nothing is told of it
    with capture_logs() as logs:
        assert services.actualizar_estados(HOY) == len(sanas)
    estados = dict(Poliza.objects.values_list("pk", "estado"))
    assert estados == {rota.pk: "emitida"} | {sana.pk: "vigente" for sana in sanas}
    [told] = logs
    assert (told["event"], told["poliza"]) == ("poliza_not_updated", str(rota.pk))
    assert str(rota.cliente_id) in told["reason"]


def test_what_is_over_otherwise_is_left_alone():
    cotizada = PolizaFactory()
    anulada = services.anular(EmitidaFactory().pk, motivo="impago", fecha=HOY)
    renovada = EmitidaFactory()
    services.renovar(renovada.pk, dia=HOY)
    services.actualizar_estados(date(2027, 3, 1))
    estados = {p.pk: p.estado for p in Poliza.objects.all()}
    assert estados[cotizada.pk] == "cotizada"
    assert estados[anulada.pk] == "anulada"
    assert estados[renovada.pk] == "renovada"
