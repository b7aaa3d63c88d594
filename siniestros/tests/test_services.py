from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import OperationalError, connections

from polizas.tests.factories import PolizaFactory
from siniestros import services
from siniestros.models import Pago, Reclamo
from siniestros.tests.factories import AprobadoFactory, ReclamoFactory

pytestmark = pytest.mark.django_db(databases=["clientes", "polizas", "bienes"])

E = Reclamo.Estado


def leido(reclamo: Reclamo) -> Reclamo:
    return Reclamo.objects.get(pk=reclamo.pk)


def test_a_reclamo_goes_from_pendiente_to_cerrado():
    reclamo = ReclamoFactory()
    services.revisar(reclamo.pk)
    services.aprobar(reclamo.pk, reserva=Decimal("900.00"))
    services.pagar(reclamo.pk, monto=Decimal("400.00"), metodo="cheque")
    assert leido(reclamo).estado == E.APROBADO
    services.pagar(reclamo.pk, monto=Decimal("500.00"), metodo="cheque")
    assert leido(reclamo).estado == E.PAGADO
    services.cerrar(reclamo.pk)
    final = leido(reclamo)
    assert (final.estado, final.reserva, final.pagado) == (E.CERRADO, 900, 900)
    assert [record.estado for record in final.history.all()][::-1] == [
        "pendiente",
        "en_revision",
        "aprobado",
        "aprobado",
        "pagado",
        "cerrado",
    ]


def test_the_verbs_return_what_they_made():
    reclamo = ReclamoFactory()
    assert services.revisar(reclamo.pk) == reclamo
    assert services.aprobar(reclamo.pk).reserva == reclamo.monto
    pago = services.pagar(
        reclamo.pk,
        metodo="transferencia",
        fecha=datetime(2026, 5, 1, tzinfo=UTC),
        beneficiario="Taller Núñez",
        referencia="OP-1",
    )
    assert Pago.objects.get() == pago
    assert (pago.monto, pago.beneficiario, pago.fecha.year) == (1000, "Taller Núñez", 2026)


def test_rechazar_and_reabrir_say_why():
    reclamo = ReclamoFactory(estado=E.EN_REVISION, reserva=Decimal(300))
    services.rechazar(reclamo.pk, motivo=" Sin cobertura de granizo ")
    rechazado = leido(reclamo)
    assert (rechazado.estado, rechazado.reserva) == (E.RECHAZADO, 0)
    assert rechazado.motivo == "Sin cobertura de granizo"
    services.reabrir(reclamo.pk, motivo="Apareció el peritaje")
    assert leido(reclamo).motivo == "Apareció el peritaje"


@pytest.mark.parametrize("verbo", [services.rechazar, services.reabrir])
def test_a_decision_without_its_motivo_is_refused(verbo):
    with pytest.raises(ValidationError, match="motivo"):
        verbo(ReclamoFactory(estado=E.REABIERTO).pk, motivo="  ")


def test_a_reopened_reclamo_is_reviewed_and_paid_some_more():
    reclamo = AprobadoFactory(monto=Decimal("500.00"))
    services.pagar(reclamo.pk, metodo="cheque")
    services.reabrir(reclamo.pk, motivo="Daños ocultos")
    services.revisar(reclamo.pk)
    services.aprobar(reclamo.pk, reserva=Decimal("700.00"))
    pago = services.pagar(reclamo.pk, metodo="cheque")
    assert (pago.monto, leido(reclamo).pagado) == (200, 700)


def test_aprobar_wants_to_know_when_it_happened():
    reclamo = ReclamoFactory(estado=E.EN_REVISION, fecha_ocurrencia=None)
    with pytest.raises(ValidationError, match="fecha de ocurrencia"):
        services.aprobar(reclamo.pk)


def test_aprobar_judges_the_cobertura_of_an_imported_one():
    poliza = PolizaFactory(estado="cotizada")
    reclamo = ReclamoFactory(estado=E.EN_REVISION, poliza=poliza)
    with pytest.raises(ValidationError, match="cotizada"):
        services.aprobar(reclamo.pk)
    assert leido(reclamo).estado == E.EN_REVISION


def test_aprobar_stays_within_the_suma_asegurada():
    poliza = PolizaFactory(estado="vigente", suma_asegurada=Decimal(999))
    reclamo = ReclamoFactory(estado=E.EN_REVISION, poliza=poliza)
    with pytest.raises(ValidationError, match="suma asegurada"):
        services.aprobar(reclamo.pk)


@pytest.mark.parametrize("monto", ["1000.01", "0", "-1", "0.001"])
def test_a_refused_pago_leaves_everything_as_it_was(monto):
    reclamo = AprobadoFactory()
    with pytest.raises(ValidationError):
        services.pagar(reclamo.pk, monto=Decimal(monto), metodo="cheque")
    assert (leido(reclamo).pagado, Pago.objects.count()) == (0, 0)


def test_an_unknown_metodo_is_refused_and_nothing_is_paid():
    reclamo = AprobadoFactory()
    with pytest.raises(ValidationError):
        services.pagar(reclamo.pk, metodo="trueque")
    assert (leido(reclamo).estado, leido(reclamo).pagado) == (E.APROBADO, 0)


@pytest.mark.parametrize("estado", [estado for estado in E if estado != E.APROBADO])
def test_only_an_aprobado_is_paid(estado):
    reclamo = ReclamoFactory(estado=estado, reserva=Decimal(1000))
    with pytest.raises(ValidationError, match="no se paga"):
        services.pagar(reclamo.pk, monto=Decimal(1), metodo="cheque")


def test_a_reserva_of_many_cents_is_paid_exactly():
    reclamo = AprobadoFactory(monto=Decimal("1.00"))
    for _vez in range(10):
        services.pagar(reclamo.pk, monto=Decimal("0.10"), metodo="efectivo")
    assert (leido(reclamo).estado, leido(reclamo).pagado) == (E.PAGADO, Decimal("1.00"))


def a_la_vez(tarea: Callable[[], object], veces: int) -> int:
    """Run `tarea` in as many threads as `veces`; return how many were not refused."""

    def una(_vez: int) -> bool:
        try:
            while True:
                try:
                    tarea()
                except OperationalError:
                    continue  # the embedded store of the tests, in memory, refuses instead of waiting
                except ValidationError:
                    return False
                return True
        finally:
            connections.close_all()

    with ThreadPoolExecutor(veces) as pool:
        return sum(pool.map(una, range(veces)))


@pytest.mark.django_db(databases=["clientes", "polizas", "bienes"], transaction=True)
def test_pagos_made_at_once_never_pass_the_reserva():
    reclamo = AprobadoFactory()
    hechos = a_la_vez(
        lambda: services.pagar(reclamo.pk, monto=Decimal("300.00"), metodo="cheque"), 8
    )
    montos = Pago.objects.filter(reclamo=reclamo).values_list("monto", flat=True)
    assert (hechos, len(montos), sum(montos)) == (3, 3, 900)
    assert leido(reclamo).pagado == 900


@pytest.mark.django_db(databases=["clientes", "polizas", "bienes"], transaction=True)
def test_reclamos_made_at_once_take_different_numbers():
    poliza = PolizaFactory(estado="vigente", numero="AU-9")
    assert a_la_vez(lambda: ReclamoFactory(poliza=poliza), 4) == 4
    numeros = Reclamo.objects.values_list("numero", flat=True)
    assert sorted(numeros) == ["AU-9-R1", "AU-9-R2", "AU-9-R3", "AU-9-R4"]
