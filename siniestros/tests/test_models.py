from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import ProtectedError

from bienes.tests.factories import BienFactory
from core.stores import atomic
from polizas.tests.factories import PolizaFactory
from siniestros.models import Pago, Reclamo
from siniestros.tests.factories import DIA, AprobadoFactory, PagoFactory, ReclamoFactory

pytestmark = pytest.mark.django_db(databases=["clientes", "polizas", "bienes"])

E = Reclamo.Estado


def refused(reclamo: Reclamo) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as refusal:
        reclamo.full_clean()
    return refusal.value.message_dict


def nuevo(**campos: object) -> Reclamo:
    """One that is not saved, of a póliza that is."""
    poliza = PolizaFactory(**{"estado": "vigente", **campos.pop("poliza", {})})
    return ReclamoFactory.build(poliza=poliza, **campos)


def test_a_reclamo_of_what_was_covered_is_valid():
    nuevo().full_clean()


# Numbers.


def test_reclamos_without_a_number_take_the_next_of_their_poliza():
    poliza = PolizaFactory(numero="AU-9", estado="vigente")
    numeros = [ReclamoFactory(poliza=poliza).numero for _vez in range(3)]
    assert numeros == ["AU-9-R1", "AU-9-R2", "AU-9-R3"]


def test_a_number_that_is_taken_is_passed_over():
    poliza = PolizaFactory(numero="AU-9", estado="vigente")
    ReclamoFactory(poliza=poliza, numero="AU-9-R2")
    assert ReclamoFactory(poliza=poliza).numero == "AU-9-R3"


def test_after_one_is_deleted_no_number_repeats():
    poliza = PolizaFactory(numero="AU-9", estado="vigente")
    primero, segundo = ReclamoFactory(poliza=poliza), ReclamoFactory(poliza=poliza)
    primero.delete()
    assert ReclamoFactory(poliza=poliza).numero not in {segundo.numero}


def test_a_number_that_went_with_its_reclamo_to_another_poliza_is_passed_over():
    poliza = PolizaFactory(numero="AU-9", estado="vigente")
    movido = ReclamoFactory(poliza=poliza)
    movido.poliza = PolizaFactory(estado="vigente")
    movido.full_clean()
    movido.save()
    ReclamoFactory(numero="AU-9-R3")
    assert [ReclamoFactory(poliza=poliza).numero for _vez in range(2)] == ["AU-9-R4", "AU-9-R5"]


def test_reclamos_made_together_take_a_number_each():
    poliza = PolizaFactory(numero="AU-9", estado="vigente")
    ReclamoFactory(poliza=poliza)
    dados = ("", "AU-9-R2", "")
    hechos = Reclamo.objects.bulk_create(
        ReclamoFactory.build(poliza=poliza, numero=numero) for numero in dados
    )
    assert [reclamo.numero for reclamo in hechos] == ["AU-9-R3", "AU-9-R2", "AU-9-R4"]
    assert Reclamo.objects.get(busqueda__contains="au-9-r4") == hechos[-1]


def test_a_repeated_number_is_told_in_words():
    otro = ReclamoFactory()
    assert refused(nuevo(numero=otro.numero))["numero"] == ["Ya existe un reclamo con ese número."]


# What doesn't change.


def test_a_reclamo_with_pagos_stays_in_its_poliza_although_reabierto():
    reclamo = ReclamoFactory(estado=E.REABIERTO, reserva=400, pagado=400)
    reclamo.poliza = PolizaFactory(estado="vigente")
    assert refused(reclamo) == {"poliza": ["No se cambia: el reclamo ya tiene pagos."]}
    sin_pagos = ReclamoFactory(estado=E.REABIERTO)
    sin_pagos.poliza = PolizaFactory(estado="vigente")
    sin_pagos.full_clean()


# Coverage.


@pytest.mark.parametrize(
    ("poliza", "dia"),
    [
        ({"estado": "cotizada"}, DIA),
        ({}, date(2026, 2, 28)),
        ({"fin": date(2026, 3, 31)}, DIA),
        (
            {"estado": "anulada", "motivo_anulacion": "impago", "anulada_el": DIA},
            DIA,
        ),
    ],
)
def test_what_the_poliza_did_not_cover_is_refused_at_the_day(poliza, dia):
    assert set(refused(nuevo(poliza=poliza, fecha_ocurrencia=dia))) == {"fecha_ocurrencia"}


def test_an_anulada_poliza_covers_what_happened_before():
    poliza = {
        "estado": "anulada",
        "motivo_anulacion": "fallecimiento",
        "anulada_el": DIA + timedelta(1),
    }
    nuevo(poliza=poliza).full_clean()


def test_an_imported_reclamo_of_an_anulada_poliza_is_stored_and_edited():
    poliza = PolizaFactory(estado="anulada", motivo_anulacion="impago")
    fuera = ReclamoFactory.build(
        poliza=poliza, numero="10000001", fecha_ocurrencia=date(2020, 2, 2), estado=E.PAGADO
    )
    fuera.reserva = fuera.pagado = fuera.monto
    Reclamo.objects.bulk_create([fuera])
    guardado = Reclamo.objects.get()
    guardado.descripcion = "Con su comprobante"
    guardado.full_clean()
    guardado.save()
    assert guardado.history.count() == 2


def test_moving_an_imported_reclamo_judges_the_new_day():
    reclamo = ReclamoFactory(fecha_ocurrencia=date(2020, 1, 1))
    reclamo.full_clean()
    reclamo.fecha_ocurrencia = date(2020, 1, 2)
    assert set(refused(reclamo)) == {"fecha_ocurrencia"}


def test_an_unknown_day_is_not_judged():
    nuevo(fecha_ocurrencia=None, poliza={"estado": "cotizada"}).full_clean()


def test_a_reclamo_made_before_what_it_claims_for_is_refused():
    assert "anterior" in refused(nuevo(fecha_ocurrencia=DIA + timedelta(5)))["fecha_ocurrencia"][0]


def test_a_poliza_that_is_not_there_is_refused_and_not_thrown():
    reclamo = nuevo()
    reclamo.poliza_id = reclamo.pk
    assert "poliza" in refused(reclamo)


# The bien.


def test_the_bien_is_of_somebody_of_the_poliza():
    reclamo = nuevo()
    reclamo.bien = BienFactory(cliente=reclamo.poliza.asegurado)
    reclamo.full_clean()
    reclamo.bien = BienFactory()
    assert set(refused(reclamo)) == {"bien"}


def test_a_bien_that_is_claimed_for_is_not_deleted():
    bien = BienFactory()
    ReclamoFactory(bien=bien, numero="R-5")
    with pytest.raises(ProtectedError, match="R-5"):
        bien.delete()


# What may not be changed by hand.


@pytest.mark.parametrize(("campo", "valor"), [("estado", E.PAGADO), ("pagado", Decimal("1.00"))])
def test_estado_and_pagado_change_by_their_verbs_alone(campo, valor):
    reclamo = ReclamoFactory(reserva=Decimal(5))
    setattr(reclamo, campo, valor)
    assert set(refused(reclamo)) == {campo}


@pytest.mark.parametrize("estado", [E.APROBADO, E.PAGADO, E.RECHAZADO, E.CERRADO])
def test_what_was_decided_on_does_not_change(estado):
    reclamo = ReclamoFactory(estado=estado)
    reclamo.monto = reclamo.reserva = Decimal(2000)
    assert set(refused(reclamo)) == {"monto", "reserva"}


@pytest.mark.parametrize("estado", [E.PENDIENTE, E.EN_REVISION, E.REABIERTO])
def test_until_it_is_decided_it_may_be_corrected(estado):
    reclamo = ReclamoFactory(estado=estado)
    reclamo.monto, reclamo.reserva = Decimal(2000), Decimal(1500)
    reclamo.full_clean()


@pytest.mark.parametrize("estado", [estado for estado in E if estado != E.PENDIENTE])
def test_one_that_somebody_has_looked_at_is_not_deleted(estado):
    reclamo = ReclamoFactory(estado=estado)
    with pytest.raises(ProtectedError, match="ya se ha tramitado"):
        Reclamo.objects.filter(pk=reclamo.pk).delete()


# What the database holds by itself.


@pytest.mark.parametrize(
    "campos",
    [
        {"monto": "-1"},
        {"reserva": "-1"},
        {"reserva": "10", "pagado": "10.01"},
        {"estado": "perdido"},
    ],
)
def test_the_database_refuses_what_cannot_be(campos):
    with pytest.raises(IntegrityError), atomic(Reclamo):
        ReclamoFactory(**campos)


def test_the_same_is_told_in_words_by_the_forms():
    reclamo = nuevo(reserva=Decimal("10.00"), pagado=Decimal("10.01"))
    assert refused(reclamo)["__all__"] == ["Lo pagado no puede pasar de la reserva."]


@pytest.mark.parametrize("monto", [0, -1])
def test_the_database_refuses_a_pago_of_nothing(monto):
    with pytest.raises(IntegrityError), atomic(Pago):
        PagoFactory(monto=monto)


# Pagos.


def test_a_pago_that_was_made_does_not_change():
    pago = PagoFactory()
    pago.referencia = "OP-18"
    pago.full_clean()
    pago.monto, pago.metodo = Decimal(1), "cheque"
    with pytest.raises(ValidationError) as refusal:
        pago.full_clean()
    assert set(refusal.value.message_dict) == {"monto", "metodo"}


def test_a_pago_that_was_made_stays():
    pago = PagoFactory()
    with pytest.raises(ProtectedError, match="ya se ha hecho"):
        pago.delete()
    with pytest.raises(ProtectedError):
        pago.reclamo.delete()


# Named filters.


def test_open_ones_and_those_to_be_paid_are_told_apart():
    abiertos = {ReclamoFactory(estado=estado) for estado in (E.PENDIENTE, E.REABIERTO)}
    aprobado = AprobadoFactory()
    ReclamoFactory(estado=E.CERRADO)
    assert set(Reclamo.objects.abiertos()) == abiertos
    assert list(Reclamo.objects.por_pagar()) == [aprobado]
