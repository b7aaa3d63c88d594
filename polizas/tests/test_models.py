from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import ProtectedError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.stores import atomic
from polizas import reglas, services
from polizas.models import Cobro, Numeracion, Poliza, Recibo
from polizas.reglas import EstadoPoliza
from polizas.tests.factories import (
    AHORA,
    HOY,
    AgenteFactory,
    BeneficiarioPolizaFactory,
    ClienteFactory,
    CoberturaFactory,
    CobroFactory,
    EmitidaFactory,
    PolizaFactory,
    ProductoFactory,
    ReciboFactory,
)

pytestmark = pytest.mark.django_db(databases="__all__")


def refused(fila, sentencia):
    with pytest.raises(ValidationError, match=sentencia):
        fila.full_clean()


# What is left blank.


def test_blank_people_are_the_cliente_and_blank_money_comes_from_the_producto():
    producto = ProductoFactory(prima_base=Decimal("300.00"), moneda="PEN")
    poliza = PolizaFactory(producto=producto, prima_neta=None)
    assert poliza.asegurado_id == poliza.pagador_id == poliza.cliente_id
    assert poliza.moneda == "PEN"
    assert (poliza.prima_neta, poliza.prima) == (Decimal("300.00"), Decimal("500.00"))


def test_other_people_stay_as_given():
    asegurado, pagador = ClienteFactory(), ClienteFactory()
    poliza = PolizaFactory(asegurado=asegurado, pagador=pagador)
    assert (poliza.asegurado, poliza.pagador) == (asegurado, pagador)


def test_numbers_are_given_by_the_ejercicio_of_inicio_and_skip_those_taken():
    PolizaFactory(numero="2026-000002")
    dadas = [PolizaFactory().numero for _ in range(2)]
    assert dadas == ["2026-000001", "2026-000003"]
    assert PolizaFactory(inicio=date(2027, 1, 1)).numero == "2027-000001"


def test_a_number_of_a_poliza_that_was_not_saved_is_given_again():
    fallida = PolizaFactory.build(
        cliente=ClienteFactory(), agente=None, producto=ProductoFactory(), fin=HOY - timedelta(1)
    )
    with pytest.raises(IntegrityError), atomic(Poliza):
        fallida.save()
    assert fallida.numero == ""
    assert not Numeracion.objects.exists()
    assert PolizaFactory().numero == "2026-000001"


def test_a_repeated_number_is_told_in_words():
    repetida = PolizaFactory.build(
        numero=f" {PolizaFactory(numero='P-1').numero} ",
        cliente=ClienteFactory(),
        agente=None,
        producto=ProductoFactory(),
    )
    repetida.numero = repetida.numero.strip()
    refused(repetida, "Ya existe una póliza con ese número")


# What the database refuses, with the sentence that people read.


@pytest.mark.parametrize(
    ("cambios", "sentencia"),
    [
        ({"fin": HOY - timedelta(days=1)}, "no puede terminar antes de empezar"),
        ({"prima": Decimal("1200.01")}, "debe ser la suma"),
        ({"prima": Decimal("1199.99")}, "debe ser la suma"),
        ({"recargos": Decimal("-20.00"), "prima": Decimal("1160.00")}, "negativos"),
        ({"suma_asegurada": Decimal("-1.00")}, "negativos"),
        ({"anulada_el": HOY}, "ni motivo ni fecha"),
        ({"motivo_anulacion": "impago"}, "ni motivo ni fecha"),
        ({"estado": "anulada"}, "lleva motivo"),
        ({"estado": "dormida"}, "no existe"),
        (
            {"estado": "anulada", "motivo_anulacion": "otro", "anulada_el": date(2028, 1, 1)},
            "dentro de la vigencia",
        ),
    ],
)
def test_what_no_poliza_may_be(cambios, sentencia):
    poliza = PolizaFactory.build(
        cliente=ClienteFactory(), agente=None, producto=ProductoFactory(), **cambios
    )
    refused(poliza, sentencia)
    with pytest.raises(IntegrityError), atomic(Poliza):
        poliza.save()


@given(
    partes=st.tuples(*[st.decimals(min_value=0, max_value=Decimal("99999999.99"), places=2)] * 3)
)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_sum_to_the_cent_is_taken_and_any_other_refused(partes):
    neta, impuestos, recargos = partes
    poliza = PolizaFactory(prima_neta=neta, impuestos=impuestos, recargos=recargos)
    assert poliza.prima == sum(partes)
    poliza.prima += Decimal("0.01")
    with pytest.raises(IntegrityError), atomic(Poliza):
        poliza.save()


@pytest.mark.parametrize(
    ("fabrica", "cambios", "sentencia"),
    [
        (BeneficiarioPolizaFactory, {"porcentaje": Decimal("0.00")}, "mayor que 0"),
        (BeneficiarioPolizaFactory, {"porcentaje": Decimal("100.01")}, "no pasar de 100"),
        (CoberturaFactory, {"deducible": Decimal("-1.00")}, "negativos"),
        (ReciboFactory, {"importe": Decimal("0.00")}, "mayor que cero"),
        (ReciboFactory, {"numero": 0}, "desde el 1"),
        (CobroFactory, {"monto": Decimal("0.00")}, "mayor que cero"),
    ],
)
def test_what_no_part_may_be(fabrica, cambios, sentencia):
    fila = fabrica()
    for campo, valor in cambios.items():
        setattr(fila, campo, valor)
    with pytest.raises(ValidationError, match=sentencia):
        fila.validate_constraints()
    with pytest.raises(IntegrityError), atomic(type(fila)):
        fila.save()


def test_a_cobertura_or_a_recibo_number_is_there_once():
    cobertura = CoberturaFactory()
    otra = CoberturaFactory.build(poliza=cobertura.poliza, nombre=cobertura.nombre)
    refused(otra, "La póliza ya tiene esa cobertura")
    recibo = ReciboFactory()
    refused(
        ReciboFactory.build(poliza=recibo.poliza, numero=recibo.numero),
        "ya tiene un recibo con ese número",
    )


# What is signed.


@pytest.mark.parametrize(
    ("campo", "valor"),
    [
        ("numero", "OTRO-1"),
        ("inicio", date(2026, 2, 1)),
        ("fin", date(2027, 3, 1)),
        ("suma_asegurada", Decimal("1.00")),
        ("forma_pago", "mensual"),
        ("moneda", "EUR"),
    ],
)
def test_what_was_signed_is_not_changed(campo, valor):
    poliza = EmitidaFactory()
    setattr(poliza, campo, valor)
    refused(poliza, "No se cambia: la póliza ya está emitida")


def test_the_money_and_the_people_of_an_emitida_poliza_are_not_changed():
    poliza = EmitidaFactory()
    poliza.prima_neta += 1
    poliza.prima += 1
    poliza.cliente = ClienteFactory()
    with pytest.raises(ValidationError) as refusal:
        poliza.full_clean()
    assert set(refusal.value.error_dict) == {"cliente", "prima", "prima_neta"}


def test_who_pays_and_who_attends_may_change_after_emission():
    poliza = EmitidaFactory()
    poliza.pagador, poliza.agente = ClienteFactory(), AgenteFactory()
    poliza.full_clean()
    poliza.save()


def test_a_cotizada_poliza_changes_at_will():
    poliza = PolizaFactory()
    poliza.cliente, poliza.fin = ClienteFactory(), date(2028, 1, 1)
    poliza.full_clean()
    poliza.save()


def test_an_estado_that_does_not_follow_is_refused_by_whatever_door():
    poliza = PolizaFactory()
    poliza.estado = EstadoPoliza.VENCIDA
    refused(poliza, "Una póliza cotizada no puede pasar a vencida")


def test_the_coberturas_of_an_emitida_poliza_are_not_changed():
    poliza = EmitidaFactory()
    refused(CoberturaFactory.build(poliza=poliza), "póliza emitida no se cambian")


def test_nobody_cotiza_a_producto_that_is_not_sold_nor_for_an_agente_who_left():
    datos = {"cliente": ClienteFactory()}
    retirado = ProductoFactory(activo=False)
    refused(PolizaFactory.build(producto=retirado, agente=None, **datos), "ya no se vende")
    ausente = AgenteFactory(activo=False)
    refused(PolizaFactory.build(producto=ProductoFactory(), agente=ausente, **datos), "activo")


def test_a_reference_to_nobody_is_an_error_of_its_field():
    poliza = PolizaFactory()
    poliza.agente_id = poliza.pk
    with pytest.raises(ValidationError) as refusal:
        poliza.full_clean()
    assert set(refusal.value.error_dict) == {"agente"}


# What is kept.


def test_only_a_cotizada_poliza_is_deleted():
    cotizada, emitida = PolizaFactory(), EmitidaFactory()
    cotizada.delete()
    with pytest.raises(ProtectedError), atomic(Poliza):
        emitida.delete()
    sin_recibos = PolizaFactory(estado="vigente")
    for borrar in (sin_recibos.delete, Poliza.objects.filter(pk=sin_recibos.pk).delete):
        with pytest.raises(ProtectedError, match=r"emitida\. Anúlela"), atomic(Poliza):
            borrar()


def test_recibos_and_cobros_are_kept_by_whatever_door():
    cobro = CobroFactory()
    for borrar in (cobro.delete, Cobro.objects.all().delete):
        with pytest.raises(ProtectedError, match="las cuentas se conservan"), atomic(Cobro):
            borrar()
    with pytest.raises(ProtectedError), atomic(Recibo):
        ReciboFactory().delete()


def test_a_cobro_is_judged_when_made_and_never_changed():
    cobro = CobroFactory(monto=Decimal("90.00"))
    refused(CobroFactory.build(recibo=cobro.recibo, monto=Decimal("10.01")), "pasa del saldo")
    CobroFactory.build(recibo=cobro.recibo, monto=Decimal("10.00")).full_clean()
    cobro.monto = Decimal("80.00")
    refused(cobro, "el cobro ya se ha hecho")


def test_recibos_never_sum_more_than_the_prima_nor_change():
    recibo = ReciboFactory(importe=Decimal("1000.00"))
    otro = ReciboFactory.build(poliza=recibo.poliza, importe=Decimal("200.01"))
    refused(otro, "sumarían más que la prima")
    recibo.importe = Decimal("1100.00")
    refused(recibo, "suman su prima")


# What is asked.


@given(
    datos=st.lists(
        st.tuples(
            st.sampled_from(EstadoPoliza),
            st.integers(0, 20),
            st.integers(0, 20),
            st.one_of(st.none(), st.integers(0, 20)),
        ),
        min_size=1,
        max_size=8,
    ),
    dia=st.integers(-2, 45),
)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_vigentes_asks_the_store_what_the_rule_says_of_each(datos, dia):
    Poliza.objects.all()._raw_delete("polizas")
    producto, cliente = ProductoFactory(), ClienteFactory()
    for estado, desde, dura, anulada in datos:
        inicio = HOY + timedelta(desde)
        sin = estado != "anulada"
        PolizaFactory(
            producto=producto,
            cliente=cliente,
            agente=None,
            estado=estado,
            inicio=inicio,
            fin=inicio + timedelta(dura),
            motivo_anulacion="" if sin else "otro",
            anulada_el=None if sin or anulada is None else inicio + timedelta(min(anulada, dura)),
        )
    hoy = HOY + timedelta(dia)
    cubren = {poliza.pk for poliza in Poliza.objects.all() if poliza.cubre(hoy)}
    assert {poliza.pk for poliza in Poliza.objects.vigentes(hoy)} == cubren
    cambian = {
        poliza.pk
        for poliza in Poliza.objects.all()
        if reglas.estado_en(poliza.estado, poliza.inicio, poliza.fin, hoy) != poliza.estado
    }
    assert {poliza.pk for poliza in Poliza.objects.por_actualizar(hoy)} == cambian


def test_vencen_entre_counts_both_days_and_leaves_out_the_renewed():
    poliza, renovada = EmitidaFactory(), EmitidaFactory()
    services.renovar(renovada.pk, dia=HOY)
    fin, un_dia = poliza.fin, timedelta(days=1)
    assert list(Poliza.objects.vencen_entre(fin, fin)) == [poliza]
    assert not Poliza.objects.vencen_entre(fin + un_dia, fin + 3 * un_dia).exists()


def test_recibos_tell_what_is_due_and_what_was_collected():
    recibo = EmitidaFactory().recibos.get()
    services.cobrar(recibo.pk, monto=Decimal("0.10"), metodo="efectivo", fecha=AHORA)
    services.cobrar(recibo.pk, monto=Decimal("0.20"), metodo="efectivo", fecha=AHORA)
    assert [r.cobrado for r in Recibo.objects.con_cobrado()] == [Decimal("0.30")]
    assert list(Recibo.objects.impagos(HOY)) == []
    assert list(Recibo.objects.impagos(HOY + timedelta(days=1))) == [recibo]
    assert list(Recibo.objects.vencen_entre(HOY, HOY)) == [recibo]


def test_polizas_of_another_store_cliente_are_found_both_ways():
    poliza = PolizaFactory()
    assert list(poliza.cliente.polizas.all()) == [poliza]
    assert list(Poliza.objects.filter(cliente__nombres=poliza.cliente.nombres)) == [poliza]
