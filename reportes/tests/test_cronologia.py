"""What has happened to all that is of a cliente."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.contrib.auth.models import Permission, User
from django.urls import reverse
from django.utils import timezone

from clientes.models import Cliente
from clientes.tests.factories import ClienteFactory, ContactoFactory
from core.testing import queries, silent
from polizas import services
from polizas.models import Poliza
from polizas.tests.factories import HOY, CoberturaFactory, PolizaFactory
from reportes.cronologia import SHOWN, Moment, timeline
from reportes.ficha import Owner
from reportes.tests.cartera import cliente_con_de_todo, de_todo

pytestmark = pytest.mark.django_db(databases="__all__")


def told(cliente, user, before=None):
    return timeline(Owner(Cliente, cliente.pk, user, timezone.localdate()), before)


def every_page(cliente, user):
    """All events, read page after page."""
    events, before = [], None
    while True:
        page = told(cliente, user, before)
        events += page.events
        if page.next is None:
            return events
        before = Moment.parse(str(page.next))


def test_it_tells_what_happened_to_every_kind_of_row(jefa):
    cliente = cliente_con_de_todo()
    cliente_con_de_todo()
    kinds = [event.kind for event in every_page(cliente, jefa)]
    assert len(kinds) == 17
    assert {kind: kinds.count(kind) for kind in set(kinds)} == {
        "Cliente": 1,
        "Póliza": 1,
        "Cobertura": 1,
        "Beneficiario de póliza": 1,
        "Recibo": 2,
        "Cobro": 1,
        "Reclamo": 2,
        "Pago": 1,
        "Bien": 1,
        "Pedido": 1,
        "Contacto": 1,
        "Dirección": 1,
        "Consentimiento": 1,
        "Beneficiario": 1,
        "Servicio contratado": 1,
    }


def test_the_newest_comes_first(jefa):
    cliente = cliente_con_de_todo()
    cliente.telefono = "+51 900 000 001"
    cliente.save()
    events = every_page(cliente, jefa)
    assert (events[0].kind, events[0].what) == ("Cliente", "Cambio")
    assert [event.at for event in events] == sorted((e.at for e in events), reverse=True)
    assert (events[-1].kind, events[-1].what) == ("Cliente", "Alta")


def test_it_says_who_did_it_and_why(jefa):
    cliente = ClienteFactory()
    cliente._history_user = jefa
    cliente._change_reason = "Lo pidió por teléfono"
    cliente.save()
    page = told(cliente, jefa)
    (event, who), (_made, nobody) = page.lines
    assert who == jefa and nobody is None
    assert "Lo pidió por teléfono" in event.detail


def test_it_says_what_a_verb_led_to(jefa):
    poliza = PolizaFactory()
    services.emitir(poliza.pk, dia=HOY)
    cliente = Cliente.objects.get(pk=poliza.cliente_id)
    changes = [e for e in every_page(cliente, jefa) if e.kind == "Póliza"]
    assert [(e.what, e.detail) for e in changes] == [("Cambio", "Vigente"), ("Alta", "Cotizada")]
    assert {e.title for e in changes} == {poliza.numero}


def test_each_page_goes_on_where_the_last_ended(jefa):
    cliente = cliente_con_de_todo(times=4)
    events = every_page(cliente, jefa)
    assert len(events) == 1 + 16 * 4
    assert len({event.key for event in events}) == len(events)
    first = told(cliente, jefa)
    assert len(first.events) == SHOWN and first.events == events[:SHOWN]


def test_what_happened_at_one_instant_is_told_once_each(jefa):
    cliente = ClienteFactory()
    ContactoFactory.create_batch(SHOWN * 2, cliente=cliente)
    instant = datetime(2026, 1, 1, 12, tzinfo=UTC)
    type(cliente.contactos.first()).history.update(history_date=instant)
    events = every_page(cliente, jefa)
    assert len(events) == len({event.key for event in events}) == SHOWN * 2 + 1


def test_nothing_older_means_no_next_page(jefa):
    assert told(ClienteFactory(), jefa).next is None
    cliente = ClienteFactory()
    ContactoFactory.create_batch(SHOWN - 1, cliente=cliente)
    assert told(cliente, jefa).next is None
    ContactoFactory(cliente=cliente)
    assert told(cliente, jefa).next is not None


def test_what_was_removed_is_told_too(jefa):
    contacto = ContactoFactory()
    cliente = contacto.cliente
    contacto.delete()
    assert [(e.kind, e.what) for e in every_page(cliente, jefa)][:2] == [
        ("Contacto", "Baja"),
        ("Contacto", "Alta"),
    ]


def test_a_removed_quote_and_its_parts_are_told_without_failing(jefa):
    cobertura = CoberturaFactory()
    poliza = cobertura.poliza
    cliente = Cliente.objects.get(pk=poliza.cliente_id)
    poliza.delete()
    assert not Poliza.objects.exists()
    assert ("Póliza", "Baja") in {(e.kind, e.what) for e in every_page(cliente, jefa)}


def test_it_asks_the_same_whatever_has_happened(jefa):
    few, many = cliente_con_de_todo(), cliente_con_de_todo(times=8)
    told(few, jefa)
    with queries() as for_few:
        told(few, jefa)
    with queries() as for_many:
        told(many, jefa)
    assert for_many.total == for_few.total == 15, for_many.by_store


def test_an_agente_is_told_of_what_they_see_alone(vendedora, agente):
    cliente = ClienteFactory(agente=agente)
    mine, others = de_todo(cliente, agente=agente), de_todo(cliente)
    titles = " ".join(event.title for event in every_page(cliente, vendedora))
    assert mine.numero in titles
    assert others.numero not in titles


def test_an_agente_is_not_told_of_what_is_gone(vendedora, agente):
    cliente = ClienteFactory(agente=agente)
    ContactoFactory(cliente=cliente).delete()
    assert {event.kind for event in every_page(cliente, vendedora)} == {"Cliente"}


def test_what_somebody_may_not_view_is_not_told_to_them():
    user = User.objects.create_user("archivo", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_cliente"))
    assert {event.kind for event in every_page(cliente_con_de_todo(), user)} == {"Cliente"}


def test_a_silent_store_is_named_once_and_the_others_tell(jefa):
    cliente = cliente_con_de_todo()
    with silent("bienes"):
        page = told(cliente, jefa)
    assert len(page.problems) == 2  # bienes, pedidos
    assert "Póliza" in {event.kind for event in page.events}


def test_the_page_shows_it_and_leads_to_what_is_older(admin_client):
    cliente = cliente_con_de_todo(times=2)
    address = reverse("reportes:ficha", args=[cliente.pk])
    first = admin_client.get(address)
    following = first.context["timeline"].next
    assert "Ver lo anterior" in first.content.decode()
    second = admin_client.get(address, {"antes": str(following)})
    assert second.status_code == 200
    assert "sections" in second.context_data and not second.context_data["sections"]
    keys = {event.key for event in first.context["timeline"].events}
    assert not keys & {event.key for event in second.context["timeline"].events}
    assert "Volver a la ficha" in second.content.decode()


@pytest.mark.parametrize(
    "text", ["", "x", "2026-01-01", "2026-01-01T00:00:00~x", "~", "2026-99-01T00:00:00+00:00~x"]
)
def test_an_address_that_names_no_moment_shows_the_newest(text, admin_client):
    cliente = ClienteFactory()
    assert Moment.parse(text) is None
    answer = admin_client.get(reverse("reportes:ficha", args=[cliente.pk]), {"antes": text})
    assert answer.status_code == 200
    assert answer.context["timeline"].events


def test_a_moment_is_read_as_it_was_written():
    moment = Moment(datetime(2026, 3, 1, 12, 30, 1, 5, tzinfo=UTC), uuid4())
    assert Moment.parse(str(moment)) == moment
    assert Moment.parse(f"2026-03-01T12:30:01~{moment.key}") is None  # in no time zone


def test_events_lead_to_the_history_of_their_row(admin_client, jefa):
    cliente = cliente_con_de_todo()
    for event in every_page(cliente, jefa):
        if event.url:
            assert admin_client.get(event.url).status_code == 200, event.kind


def test_nothing_before_the_beginning(jefa):
    long_ago = Moment(timezone.now() - timedelta(days=36500), uuid4())
    page = told(cliente_con_de_todo(), jefa, long_ago)
    assert not page.events and page.next is None
