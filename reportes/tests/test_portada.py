"""The home."""

import re
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import Permission, User
from django.urls import reverse
from django.utils import timezone

from agentes.tests.factories import AgenteFactory
from clientes.tests.factories import ClienteFactory
from core.overview import declared
from core.testing import queries, silent
from ingestion.models import Job
from ingestion.overview import last_snapshot
from pedidos.tests.factories import PedidoFactory
from polizas.tests.factories import CobroFactory, PolizaFactory, ReciboFactory
from reportes import portada
from reportes.columnas import address_of_list
from reportes.portada import groups, read
from reportes.tests.cartera import UN_DIA, de_todo, poliza_vigente
from siniestros.tests.factories import PagoFactory, ReclamoFactory

pytestmark = pytest.mark.django_db(databases="__all__")

FIGURES = declared("FIGURES")
HOY = timezone.localdate


def shown(user) -> dict:
    return {str(card.label): card for group in groups(user, HOY()) for card in group.cards}


@pytest.fixture
def day() -> None:
    """A day with two rows, or so, in each figure, and as many that belong to none."""
    hoy, ahora = HOY(), timezone.now()
    PolizaFactory.create_batch(2)
    ending = poliza_vigente(fin=hoy + 30 * UN_DIA)
    poliza_vigente(fin=hoy)
    poliza_vigente(fin=hoy + 31 * UN_DIA)
    for days in (-40, -1, 0, 1, 7, 8):
        ReciboFactory(poliza=ending, vencimiento=hoy + days * UN_DIA)
    ReciboFactory(poliza=ending, vencimiento=hoy - UN_DIA, estado="anulado")
    for moment in (ahora, ahora, ahora - timedelta(days=2)):
        CobroFactory(fecha=moment)
        PagoFactory(fecha=moment)
    for estado in ("pendiente", "en_revision", "reabierto", "rechazado", "aprobado"):
        ReclamoFactory(estado=estado, reserva=Decimal("10.00"), fecha_ocurrencia=None)
    PedidoFactory.create_batch(2)
    PedidoFactory(estado="cancelado")
    AgenteFactory(registro_vence=hoy - UN_DIA)
    AgenteFactory(registro_vence=hoy)


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: str(figure.label))
def test_each_figure_leads_to_the_list_of_the_rows_it_counts(figure, day, admin_client, jefa):
    model = portada.apps.get_model(figure.model)
    count = read(figure, model, jefa, HOY()).count
    answer = admin_client.get(address_of_list(model, figure.query))
    assert answer.status_code == 200
    assert answer.context["cl"].result_count == count > 0
    everything = admin_client.get(address_of_list(model)).context["cl"].result_count
    assert count < everything, "a figure that counts every row would pass with no filter at all"
    listed = set(answer.context["cl"].queryset.values_list("pk", flat=True))
    assert listed == set(portada.rows(figure, model, jefa, HOY()).values_list("pk", flat=True))


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: str(figure.label))
def test_each_figure_is_one_query_that_reads_no_more_than_a_list_counts(figure, jefa, monkeypatch):
    model = portada.apps.get_model(figure.model)
    with queries() as asked:
        read(figure, model, jefa, HOY())
    (sql,) = [query for found in asked.by_store.values() for query in found]
    assert re.search(r"LIMIT 10001|'\$limit': 10001", sql)


def test_what_there_is_to_do_today(day, jefa):
    found = {label: card.value for label, card in shown(jefa).items()}
    assert found == {
        "Cotizaciones por emitir": "2",
        "Pólizas que cubren hoy": found["Pólizas que cubren hoy"],
        "Vencen en 30 días": "2",
        "Recibos vencidos": found["Recibos vencidos"],
        "Recibos que vencen hoy": "1",
        "Recibos que vencen en 7 días": "3",
        "Cobros de hoy": "2",
        "Reclamos por decidir": "3",
        "Reclamos en revisión": "1",
        "Reclamos por pagar": found["Reclamos por pagar"],
        "Pagos de hoy": "2",
        "Pedidos sin tomar": "2",
        "Agentes con el registro vencido": "1",
        "Último snapshot": "Ninguno todavía",
    }


def test_amounts_are_what_is_left_to_collect_by_currency(jefa):
    ayer = HOY() - UN_DIA
    for moneda in ("USD", "PEN"):
        poliza = poliza_vigente(moneda=moneda)
        recibo = ReciboFactory(poliza=poliza, vencimiento=ayer, importe=Decimal("1500.10"))
        ReciboFactory(poliza=poliza, vencimiento=ayer, importe=Decimal("0.20"))
    CobroFactory(recibo=recibo, monto=Decimal("500.00"))
    card = shown(jefa)["Recibos vencidos"]
    assert card.value == "4"
    assert card.details == ["1\xa0000,30 PEN", "1\xa0500,30 USD"]
    assert card.tone == "danger"


def test_past_what_is_counted_the_figure_says_so(jefa, monkeypatch):
    monkeypatch.setattr(portada, "LIMIT", 3)
    poliza = poliza_vigente()
    for days in range(1, 6):
        ReciboFactory(poliza=poliza, vencimiento=HOY() - days * UN_DIA)
    PolizaFactory.create_batch(3)
    found = shown(jefa)
    assert found["Recibos vencidos"].value == "3+"
    assert found["Recibos vencidos"].details == ["más de:", "400,00 USD"]
    assert found["Cotizaciones por emitir"].value == "3"


def test_thousands_are_written_as_people_read_them():
    assert portada._counted(10_000) == "10\xa0000"
    assert portada._counted(10_001) == "10\xa0000+"


def test_nothing_to_do_is_no_alarm(jefa):
    found = shown(jefa)
    assert found["Recibos vencidos"].value == "0" and not found["Recibos vencidos"].details
    assert not [card for label, card in found.items() if card.tone and label != "Último snapshot"]


# The same for all, and to each their own.


def test_it_asks_the_same_whatever_there_is(admin_client):
    admin_client.get(reverse("admin:index"))
    with queries() as nothing:
        admin_client.get(reverse("admin:index"))
    for _time in range(3):
        de_todo(ClienteFactory())
    with queries() as much:
        assert admin_client.get(reverse("admin:index")).status_code == 200
    assert much.total == nothing.total
    assert much.total - len(FIGURES) <= 4, much.by_store


def test_the_home_of_an_agente_counts_what_is_theirs(browse, vendedora, agente):
    PolizaFactory.create_batch(2, agente=agente)
    PolizaFactory.create_batch(3)
    for whose in (agente, AgenteFactory()):
        poliza = poliza_vigente(agente=whose)
        ReciboFactory(poliza=poliza, vencimiento=HOY() - UN_DIA)
        ReclamoFactory(poliza=poliza, fecha_ocurrencia=None)
        PedidoFactory(cliente=ClienteFactory(agente=whose))
    found = shown(vendedora)
    assert found["Cotizaciones por emitir"].value == "2"
    for label in ("Recibos vencidos", "Reclamos por decidir", "Pedidos sin tomar"):
        assert found[label].value == "1", label
    assert "Último snapshot" not in found
    client = browse(vendedora)
    for card in found.values():
        answer = client.get(card.url)
        assert str(answer.context["cl"].result_count) == card.value, card.label


def test_each_role_has_the_figures_of_what_it_may_view(with_role):
    assert "Último snapshot" in shown(with_role("Administración"))
    assert "Último snapshot" not in shown(with_role("Cobros"))
    assert "Recibos vencidos" in shown(with_role("Consulta"))


def test_who_may_see_nothing_is_told_what_to_do(browse):
    user = User.objects.create_user("nadie", is_staff=True)
    page = browse(user).get(reverse("admin:index")).content.decode()
    assert "pida a la administración" in page


def test_only_figures_of_what_they_may_view(browse):
    user = User.objects.create_user("archivo", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_pedido"))
    assert list(shown(User.objects.get(pk=user.pk))) == ["Pedidos sin tomar"]


def test_the_figures_of_a_silent_store_say_so_and_the_others_count(admin_client):
    PolizaFactory()
    with silent("bienes"):
        answer = admin_client.get(reverse("admin:index"))
    cards = {str(c.label): c for group in answer.context["groups"] for c in group.cards}
    assert answer.status_code == 200
    assert cards["Pedidos sin tomar"].value == "–"
    assert "No disponible" in cards["Pedidos sin tomar"].problem
    assert cards["Cotizaciones por emitir"].value == "1"
    assert "No disponible" in answer.content.decode()


def test_the_page_names_each_figure_and_leads_to_it(day, admin_client):
    page = admin_client.get(reverse("admin:index")).content.decode()
    for figure in FIGURES:
        assert str(figure.label) in page
        address = address_of_list(portada.apps.get_model(figure.model), figure.query)
        assert address.replace("&", "&amp;") in page


def test_figures_of_one_group_stand_together(jefa):
    titles = [str(group.title) for group in groups(jefa, HOY())]
    assert titles == [
        "Producción",
        "Cobranza",
        "Siniestros",
        "Clientes",
        "Red comercial",
        "Lago de datos",
    ]


# The last snapshot.


def export(estado: str, minutes_ago: int) -> Job:
    moment = timezone.now() - timedelta(minutes=minutes_ago)
    kind = Job.Kind.EXPORTACION
    return Job.objects.create(kind=kind, estado=estado, creado=moment, terminado=moment)


def test_a_lake_with_no_snapshot_says_so():
    assert last_snapshot().value == "Ninguno todavía"
    assert last_snapshot().tone == "warning"
    export("en_curso", 1)
    assert last_snapshot().tone == "warning"


def test_the_last_snapshot_says_when():
    export("terminado", 90)
    export("fallido", 100)
    news = last_snapshot()
    assert news.detail == "" and news.tone == ""
    moment = timezone.localtime(Job.objects.get(estado="terminado").terminado)
    assert news.value == f"{moment:%d/%m/%Y %H:%M}"


def test_failures_since_the_last_snapshot_are_counted():
    export("terminado", 90)
    export("fallido", 60)
    export("cancelado", 50)
    assert last_snapshot().detail == "1 intento fallido después"
    export("fallido", 40)
    Job.objects.create(kind=Job.Kind.VERIFICACION, estado="fallido")
    news = last_snapshot()
    assert news.detail == "2 intentos fallidos después" and news.tone == "danger"


def test_failures_with_no_snapshot_at_all_are_an_alarm():
    export("fallido", 40)
    assert last_snapshot().tone == "danger"


def test_a_figure_that_fails_for_another_reason_is_not_hidden(jefa, monkeypatch):
    broken = replace(FIGURES[0], rows=lambda rows, day: rows.filter(no_hay=1))
    monkeypatch.setattr(portada, "declared", lambda name: (broken,) if name == "FIGURES" else ())
    with pytest.raises(Exception, match="no_hay"):
        groups(jefa, HOY())
