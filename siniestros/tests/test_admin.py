from decimal import Decimal

import pytest
from django.urls import reverse

from bienes.tests.factories import BienFactory
from clientes.tests.factories import ClienteFactory
from polizas.tests.factories import PolizaFactory
from siniestros.models import Pago, Reclamo
from siniestros.tests.factories import AprobadoFactory, PagoFactory, ReclamoFactory

pytestmark = pytest.mark.django_db(databases="__all__")

E = Reclamo.Estado
LISTA = "/admin/siniestros/reclamo/"


def pagina(reclamo: Reclamo) -> str:
    return reverse("admin:siniestros_reclamo_change", args=[reclamo.pk])


def accion(client, nombre: str, *reclamos: Reclamo, **form: object):
    """Ask for the action and, where it asks back, confirm it."""
    datos = {"action": nombre, "_selected_action": [str(r.pk) for r in reclamos]}
    if form.pop("sin_confirmar", False):
        return client.post(LISTA, datos, follow=True)
    return client.post(LISTA, {**datos, "_confirmado": "1", **form}, follow=True)


def test_a_reclamo_is_written_by_the_form(admin_client):
    poliza = PolizaFactory(estado="vigente", numero="AU-1")
    bien = BienFactory(cliente=poliza.cliente)
    answer = admin_client.post(
        LISTA + "add/",
        {
            "poliza": poliza.pk,
            "bien": bien.pk,
            "fecha_ocurrencia": "01/04/2026",
            "fecha_reclamo_0": "02/04/2026",
            "fecha_reclamo_1": "10:00:00",
            "causa": "robo",
            "monto": "1500.50",
            "reserva": "0",
            "pagos-TOTAL_FORMS": "0",
            "pagos-INITIAL_FORMS": "0",
        },
    )
    assert answer.status_code == 302, answer.context["errors"]
    reclamo = Reclamo.objects.get()
    assert (reclamo.numero, reclamo.bien, reclamo.monto) == ("AU-1-R1", bien, Decimal("1500.50"))


def test_what_was_not_covered_is_told_at_the_day(admin_client):
    poliza = PolizaFactory()
    answer = admin_client.post(
        LISTA + "add/",
        {
            "poliza": poliza.pk,
            "fecha_ocurrencia": "01/04/2026",
            "fecha_reclamo_0": "02/04/2026",
            "fecha_reclamo_1": "10:00:00",
            "causa": "robo",
            "monto": "1500.50",
            "reserva": "0",
            "pagos-TOTAL_FORMS": "0",
            "pagos-INITIAL_FORMS": "0",
        },
    )
    assert "La póliza está cotizada" in answer.content.decode()


def test_a_day_off_the_calendar_is_told_at_its_field(admin_client):
    answer = admin_client.post(
        LISTA + "add/",
        {
            "poliza": PolizaFactory(estado="vigente").pk,
            "fecha_ocurrencia": "01/04/2026",
            "fecha_reclamo_0": "31/12/9999",
            "fecha_reclamo_1": "23:00:00",
            "causa": "robo",
            "monto": "1500.50",
            "reserva": "0",
            "pagos-TOTAL_FORMS": "0",
            "pagos-INITIAL_FORMS": "0",
        },
    )
    assert answer.context["errors"] == [["Esta fecha no cabe en el calendario."]]


def test_the_actions_take_a_reclamo_from_pendiente_to_cerrado(admin_client):
    reclamo = ReclamoFactory()
    accion(admin_client, "revisar", reclamo, sin_confirmar=True)
    accion(admin_client, "aprobar", reclamo, reserva="")
    accion(admin_client, "pagar", reclamo, monto="", metodo="cheque", beneficiario="Ana")
    accion(admin_client, "cerrar", reclamo)
    reclamo.refresh_from_db()
    assert (reclamo.estado, reclamo.pagado) == (E.CERRADO, 1000)
    assert Pago.objects.get().beneficiario == "Ana"


@pytest.mark.parametrize(
    ("nombre", "campo"),
    [
        ("aprobar", "reserva"),
        ("rechazar", "motivo"),
        ("pagar", "monto"),
        ("cerrar", "motivo"),
        ("reabrir", "motivo"),
    ],
)
def test_an_action_asks_before_it_decides(admin_client, nombre, campo):
    reclamo = AprobadoFactory()
    html = accion(admin_client, nombre, reclamo, sin_confirmar=True).content.decode()
    assert f'name="{campo}"' in html
    assert reclamo.numero in html
    reclamo.refresh_from_db()
    assert reclamo.estado == E.APROBADO


@pytest.mark.parametrize("nombre", ["rechazar", "reabrir"])
def test_a_motivo_is_asked_for_until_it_is_given(admin_client, nombre):
    reclamo = ReclamoFactory()
    html = accion(admin_client, nombre, reclamo, motivo="").content.decode()
    assert 'name="motivo"' in html
    reclamo.refresh_from_db()
    assert reclamo.estado == E.PENDIENTE


def test_of_several_rows_the_good_ones_are_done_and_the_others_told(admin_client):
    bueno, malo = AprobadoFactory(), ReclamoFactory()
    html = accion(admin_client, "pagar", bueno, malo, monto="", metodo="cheque").content.decode()
    assert "Hecho en 1 fila" in html
    assert f"{malo.numero}: Un reclamo pendiente no se paga" in html


def test_a_pago_above_the_reserva_is_told_in_the_list(admin_client):
    html = accion(
        admin_client, "pagar", AprobadoFactory(), monto="1000.01", metodo="cheque"
    ).content.decode()
    assert "pasa de lo que queda de la reserva" in html
    assert not Pago.objects.exists()


def test_what_was_decided_on_is_read_only(admin_client):
    abierto = admin_client.get(pagina(ReclamoFactory())).content.decode()
    decidido = admin_client.get(pagina(AprobadoFactory())).content.decode()
    for campo in ("poliza", "monto", "reserva", "fecha_ocurrencia"):
        assert f'name="{campo}"' in abierto
        assert f'name="{campo}"' not in decidido
    assert 'name="descripcion"' in decidido


def test_the_page_shows_the_pagos_and_lets_nobody_touch_them(admin_client):
    pago = PagoFactory()
    html = admin_client.get(pagina(pago.reclamo)).content.decode()
    assert "Taller Núñez" in html
    assert 'name="pagos-0-monto"' not in html
    url = reverse("admin:siniestros_pago_change", args=[pago.pk])
    assert 'name="monto"' not in admin_client.get(url).content.decode()
    assert admin_client.post(url, {"monto": "1"}).status_code == 403
    for otra in ("delete", "add"):
        args = [pago.pk] if otra == "delete" else []
        assert (
            admin_client.get(reverse(f"admin:siniestros_pago_{otra}", args=args)).status_code == 403
        )


def test_a_reclamo_is_found_by_its_poliza(admin_client):
    ReclamoFactory(numero="R-77", poliza=PolizaFactory(numero="AU-123", estado="vigente"))
    ReclamoFactory(numero="R-88")
    html = admin_client.get(LISTA, {"q": "au-123"}).content.decode()
    assert "R-77" in html
    assert "R-88" not in html


def test_the_list_is_filtered_by_the_cliente_of_another_store(admin_client):
    ana = ClienteFactory()
    ReclamoFactory(numero="R-77", poliza=PolizaFactory(cliente=ana, estado="vigente"))
    ReclamoFactory(numero="R-88")
    html = admin_client.get(LISTA, {"poliza__cliente__id__exact": str(ana.pk)}).content.decode()
    assert "R-77" in html
    assert "R-88" not in html


def test_the_list_tells_what_is_still_to_do(admin_client):
    ReclamoFactory(numero="R-77")
    AprobadoFactory(numero="R-88")
    abiertos = admin_client.get(LISTA, {"tramite": "abiertos"}).content.decode()
    por_pagar = admin_client.get(LISTA, {"tramite": "por_pagar"}).content.decode()
    assert ("R-77" in abiertos, "R-88" in abiertos) == (True, False)
    assert ("R-77" in por_pagar, "R-88" in por_pagar) == (False, True)


def test_a_reclamo_is_found_by_the_name_of_its_cliente(admin_client):
    ana = ClienteFactory(nombres="Ana Íñiguez")
    ReclamoFactory(numero="R-77", poliza=PolizaFactory(cliente=ana, estado="vigente"))
    ReclamoFactory(numero="R-88")
    html = admin_client.get(LISTA, {"q": "iñiguez ana"}).content.decode()
    assert "R-77" in html
    assert "R-88" not in html


def test_the_page_offers_what_the_estado_allows(admin_client):
    def verbos(reclamo: Reclamo) -> list[str]:
        return [nombre for nombre, _rotulo in admin_client.get(pagina(reclamo)).context["verbs"]]

    assert verbos(ReclamoFactory()) == ["revisar", "rechazar"]
    assert verbos(AprobadoFactory()) == ["pagar", "cerrar"]


def test_a_reclamo_in_hand_is_not_deleted(admin_client):
    pendiente, tramitado = ReclamoFactory(), AprobadoFactory()
    for reclamo, status in ((pendiente, 302), (tramitado, 403)):
        url = reverse("admin:siniestros_reclamo_delete", args=[reclamo.pk])
        assert admin_client.post(url, {"post": "yes"}).status_code == status
    assert list(Reclamo.objects.all()) == [tramitado]


def test_of_the_chosen_rows_none_is_deleted_if_one_is_in_hand(admin_client):
    filas = ReclamoFactory(), AprobadoFactory()
    datos = {"action": "delete_selected", "_selected_action": [r.pk for r in filas], "post": "yes"}
    admin_client.post(LISTA, datos, follow=True)
    assert Reclamo.objects.count() == 2
