"""The page of a cliente."""

import re
from collections import Counter
from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.contrib.auth.models import Permission, User
from django.core.exceptions import FieldDoesNotExist
from django.urls import reverse
from django.utils import timezone

from agentes.tests.factories import AgenteFactory
from bienes.tests.factories import BienFactory
from clientes.models import Cliente
from clientes.tests.factories import ClienteFactory, ConsentimientoFactory, DireccionFactory
from core.overview import declared
from core.testing import queries, silent
from polizas.models import Poliza, Recibo
from polizas.tests.factories import PolizaFactory, ReciboFactory
from reportes import ficha
from reportes.ficha import SHOWN, Owner, cards, newest, parts
from reportes.tests.cartera import UN_DIA, cliente_con_de_todo, de_todo, poliza_vigente
from siniestros.tests.factories import AprobadoFactory, ReclamoFactory

pytestmark = pytest.mark.django_db(databases="__all__")


def url(cliente: Cliente) -> str:
    return reverse("reportes:ficha", args=[cliente.pk])


def owner(cliente: Cliente, user: User) -> Owner:
    return Owner(Cliente, cliente.pk, user, timezone.localdate())


def by_model(cliente: Cliente, user: User) -> dict:
    return {part.section.model: part for part in parts(owner(cliente, user))}


def figures(cliente: Cliente, user: User) -> dict:
    whose = owner(cliente, user)
    return {str(card.label): card for card in cards(parts(whose), whose)}


def many_polizas(cliente: Cliente, count: int, **options) -> list[Poliza]:
    model = poliza_vigente(cliente=cliente, **options)
    fixed = ("cliente", "agente", "producto", "inicio", "fin", "moneda", "prima_neta", "impuestos")
    others = [
        Poliza(
            **{name: getattr(model, name) for name in fixed},
            recargos=model.recargos,
            suma_asegurada=model.suma_asegurada,
            estado="vigente",
            numero=f"{model.numero}-{place}",
        )
        for place in range(count - 1)
    ]
    return [model, *Poliza.objects.bulk_create(others)]


# What it shows.


def test_it_gathers_what_is_theirs_from_every_store(jefa):
    cliente = cliente_con_de_todo()
    cliente_con_de_todo()
    found = by_model(cliente, jefa)
    assert {model: len(part.rows) for model, part in found.items()} == {
        "polizas.Poliza": 1,
        "polizas.Recibo": 2,
        "polizas.Cobro": 1,
        "siniestros.Reclamo": 2,
        "siniestros.Pago": 1,
        "bienes.Bien": 1,
        "pedidos.Pedido": 1,
        "clientes.Contacto": 1,
        "clientes.Direccion": 1,
        "clientes.Beneficiario": 1,
        "clientes.Consentimiento": 1,
        "clientes.ServicioContratado": 1,
    }
    assert not any(part.problem or part.has_more for part in found.values())


def test_the_page_names_each_row_and_leads_to_it(admin_client):
    cliente = ClienteFactory(nombres="Íñigo", apellidos="Ibáñez")
    poliza = de_todo(cliente)
    page = admin_client.get(url(cliente)).content.decode()
    assert "Íñigo Ibáñez" in page
    for row in (poliza, *poliza.recibos.all(), *poliza.reclamos.all(), *cliente.bienes.all()):
        opts = row._meta
        assert reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[row.pk]) in page
    for words in ("Av. Arequipa 100", "+51 900", "Paquete Premium TV", "Documento firmado"):
        assert (words in page) == (words != "Documento firmado")


def test_what_they_only_insure_or_pay_is_theirs_too(jefa):
    cliente, other = ClienteFactory(), ClienteFactory()
    de_todo(other, asegurado=cliente)
    paid = poliza_vigente(cliente=other, pagador=cliente)
    ReciboFactory(poliza=paid)
    found = by_model(cliente, jefa)
    assert len(found["polizas.Poliza"].rows) == 2
    assert len(found["polizas.Recibo"].rows) == 3
    assert len(found["siniestros.Reclamo"].rows) == 2
    assert not found["bienes.Bien"].rows


def test_a_cliente_with_nothing_has_a_page(admin_client):
    answer = admin_client.get(url(ClienteFactory()))
    assert answer.status_code == 200
    assert "nada todavía" in answer.content.decode()


def test_the_newest_are_shown_and_the_list_has_the_rest(admin_client, jefa):
    cliente = ClienteFactory()
    many_polizas(cliente, SHOWN + 5)
    future = poliza_vigente(cliente=cliente, inicio=date(2090, 1, 1), fin=date(2090, 12, 31))
    part = by_model(cliente, jefa)["polizas.Poliza"]
    assert part.has_more and len(part.rows) == SHOWN
    assert part.rows[0].cells[0] == future.numero
    assert admin_client.get(part.all_url).context["cl"].result_count == SHOWN + 6


def test_ten_rows_are_all_of_them(jefa):
    cliente = ClienteFactory()
    DireccionFactory.create_batch(SHOWN, cliente=cliente)
    many_polizas(cliente, SHOWN)
    found = by_model(cliente, jefa)
    for model in ("clientes.Direccion", "polizas.Poliza"):
        assert len(found[model].rows) == SHOWN
        assert not found[model].has_more


@pytest.mark.parametrize(
    "section",
    [section for section in declared("SECTIONS") if section.columns],
    ids=lambda section: section.model,
)
def test_each_section_leads_to_the_list_of_the_same_rows(section, admin_client, jefa):
    cliente = cliente_con_de_todo(times=2)
    cliente_con_de_todo()
    part = by_model(cliente, jefa)[section.model]
    if not part.all_url:
        assert section.model in ("clientes.Contacto", "clientes.Direccion")
        return
    answer = admin_client.get(part.all_url)
    assert answer.status_code == 200
    assert answer.context["cl"].result_count == len(part.rows)


# Figures.


def test_the_figures_add_up_by_currency(jefa):
    cliente = ClienteFactory()
    de_todo(cliente)
    dolares = poliza_vigente(cliente=cliente, moneda="PEN", prima_neta=Decimal("800.00"))
    ReciboFactory(poliza=dolares, importe=Decimal("7.50"), vencimiento=timezone.localdate())
    PolizaFactory(cliente=cliente)  # cotizada
    found = figures(cliente, jefa)
    assert found["Pólizas vigentes"].value == "2"
    assert found["Pólizas vigentes"].details == [
        "1\xa0000,00 PEN de prima",
        "1\xa0200,00 USD de prima",
    ]
    assert found["Recibos pendientes"].value == "3"
    assert found["Recibos pendientes"].details == ["7,50 PEN", "110,00 USD"]
    assert found["Recibos vencidos"].value == "1"
    assert found["Recibos vencidos"].details == ["60,00 USD"]
    assert found["Reclamos abiertos"].details == ["1\xa0000,00 USD reclamado"]


def test_the_figures_count_far_more_rows_than_are_shown(jefa):
    cliente = ClienteFactory()
    many_polizas(cliente, 60)
    many_polizas(cliente, 3, moneda="PEN")
    card = figures(cliente, jefa)["Pólizas vigentes"]
    assert card.value == "63"
    assert card.details == ["3\xa0600,00 PEN de prima", "72\xa0000,00 USD de prima"]


def test_thousands_of_rows_are_not_brought(jefa):
    cliente = ClienteFactory()
    many_polizas(cliente, 300)
    section = next(s for s in declared("SECTIONS") if s.model == "polizas.Poliza")
    assert len(newest(section, owner(cliente, jefa))) == SHOWN + 1


def test_siniestralidad_is_what_is_paid_and_reserved_of_the_prima(jefa):
    cliente = ClienteFactory()
    poliza = poliza_vigente(cliente=cliente)
    AprobadoFactory(poliza=poliza, fecha_ocurrencia=None, monto=Decimal("300.00"))
    ReclamoFactory(poliza=poliza, fecha_ocurrencia=None)
    assert figures(cliente, jefa)["Siniestralidad"].value == "25,0 %"
    poliza_vigente(cliente=cliente, moneda="PEN")
    assert figures(cliente, jefa)["Siniestralidad"].value == "0,0 % PEN · 25,0 % USD"


def test_siniestralidad_of_no_prima_says_nothing(jefa):
    assert figures(ClienteFactory(), jefa)["Siniestralidad"].value == "–"


def test_a_figure_alerts_only_where_there_is_something(jefa):
    assert figures(ClienteFactory(), jefa)["Recibos vencidos"].tone == ""
    assert figures(cliente_con_de_todo(), jefa)["Recibos vencidos"].tone == "danger"


def test_each_figure_leads_to_a_list_with_as_many_rows(admin_client, jefa):
    cliente = cliente_con_de_todo(times=3)
    cliente_con_de_todo()
    de_todo(ClienteFactory(), asegurado=cliente)
    linked = [card for card in figures(cliente, jefa).values() if card.url]
    assert len(linked) == 4
    for card in linked:
        answer = admin_client.get(card.url)
        assert str(answer.context["cl"].result_count) == card.value, card.label


# By how many queries.


def test_it_asks_the_same_whatever_they_have(admin_client):
    few, many = cliente_con_de_todo(), cliente_con_de_todo(times=13)
    admin_client.get(url(few))
    with queries() as for_few:
        assert admin_client.get(url(few)).status_code == 200
    with queries() as for_many:
        assert admin_client.get(url(many)).status_code == 200
    assert for_many.total == for_few.total, for_many.by_store
    assert for_many.total <= 32, for_many.by_store


def test_it_asks_each_table_once(admin_client):
    cliente = cliente_con_de_todo(times=3)
    with queries() as asked:
        admin_client.get(url(cliente))
    tables = Counter(
        table
        for store, found in asked.by_store.items()
        if store != "default"
        for query in found
        # The table that a query is about, be it inside a subquery that numbers its rows.
        for table in re.findall(r'FROM "(\w+)"', query)[-1:]
        if "history" in table or "EXISTS" not in query
    )
    assert set(tables.values()) == {1}, tables


def test_it_asks_an_agente_the_same_whatever_they_have(browse, vendedora, agente):
    few, many = ClienteFactory(agente=agente), ClienteFactory(agente=agente)
    de_todo(few, agente=agente)
    for _time in range(13):
        de_todo(many, agente=agente)
    client = browse(vendedora)
    client.get(url(few))
    with queries() as for_few:
        assert client.get(url(few)).status_code == 200
    with queries() as for_many:
        assert client.get(url(many)).status_code == 200
    assert for_many.total == for_few.total, for_many.by_store


# To whom.


def test_who_has_not_signed_in_is_asked_to(client):
    answer = client.get(url(ClienteFactory()))
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("admin:login"))


def test_who_may_not_view_clientes_is_refused(browse):
    user = User.objects.create_user("nadie", is_staff=True)
    assert browse(user).get(url(ClienteFactory())).status_code == 403


def test_an_unknown_cliente_is_not_found(admin_client):
    address = reverse("reportes:ficha", args=[uuid4()])
    assert admin_client.get(address).status_code == 404
    assert admin_client.get("/admin/clientes/cliente/x/ficha/").status_code in (302, 404)


def test_an_agente_does_not_find_the_cliente_of_another(browse, vendedora):
    other = AgenteFactory()
    assert browse(vendedora).get(url(ClienteFactory(agente=other))).status_code == 404
    assert browse(vendedora).get(url(ClienteFactory())).status_code == 404


def test_an_agente_sees_of_a_shared_cliente_what_is_theirs(browse, vendedora, agente):
    cliente = ClienteFactory(agente=AgenteFactory())
    mine, others = de_todo(cliente, agente=agente), de_todo(cliente)
    found = by_model(cliente, vendedora)
    assert {model: len(found[model].rows) for model in found} == {
        "polizas.Poliza": 1,
        "polizas.Recibo": 2,
        "polizas.Cobro": 1,
        "siniestros.Reclamo": 2,
        "siniestros.Pago": 1,
        "bienes.Bien": 1,
        "pedidos.Pedido": 0,
        "clientes.Contacto": 2,
        "clientes.Direccion": 2,
        "clientes.Beneficiario": 2,
        "clientes.Consentimiento": 2,
        "clientes.ServicioContratado": 2,
    }
    assert figures(cliente, vendedora)["Pólizas vigentes"].value == "1"
    page = browse(vendedora).get(url(cliente)).content.decode()
    assert mine.numero in page
    assert others.numero not in page


def test_a_section_that_they_may_not_view_is_not_there(browse):
    user = User.objects.create_user("archivo", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_cliente"))
    cliente = cliente_con_de_todo()
    assert not by_model(cliente, user)
    assert not figures(cliente, user)
    page = browse(user).get(url(cliente)).content.decode()
    assert str(cliente) in page
    assert "Recibos" not in page.partition("rep-caja")[2]


def test_each_role_is_offered_what_it_may_do(browse, with_role):
    cliente = ClienteFactory()
    offered = {}
    for role in ("Suscripción", "Siniestros", "Consulta"):
        found = browse(with_role(role)).get(url(cliente)).context["buttons"]
        offered[role] = [str(button.label) for button in found]
    assert offered == {
        "Suscripción": ["Cotizar", "Nuevo bien", "Nuevo pedido", "Editar"],
        "Siniestros": ["Declarar reclamo", "Nuevo pedido"],
        "Consulta": [],
    }


def test_a_button_begins_a_row_for_this_cliente(admin_client):
    cliente = ClienteFactory()
    buttons = {str(b.label): b.url for b in admin_client.get(url(cliente)).context["buttons"]}
    assert list(buttons) == ["Cotizar", "Declarar reclamo", "Nuevo bien", "Nuevo pedido", "Editar"]
    for label in ("Cotizar", "Nuevo bien", "Nuevo pedido"):
        form = admin_client.get(buttons[label]).context["adminform"].form
        assert str(form["cliente"].value()) == str(cliente.pk), label
    assert admin_client.get(buttons["Declarar reclamo"]).status_code == 200


# What to know before talking to them.


def header(cliente, client):
    return client.get(url(cliente)).context["header"]


def test_the_top_tells_who_they_are(admin_client):
    cliente = ClienteFactory(
        tipo_documento="DNI",
        pais_documento="ES",
        numero_documento="12345678-Z",
        telefono="+51 900 000 123",
        email="ana@correo.test",
        agente=AgenteFactory(codigo="AG-7"),
        nacimiento=date(1980, 2, 29),
    )
    facts = {label: (value, link) for label, value, link in header(cliente, admin_client).facts}
    assert facts["Documento"][0] == "DNI 12345678Z"
    assert facts["Teléfono"] == ("+51 900 000 123", "tel:+51900000123")
    assert facts["Correo"][1] == "mailto:ana@correo.test"
    assert facts["Agente"][0].startswith("AG-7")
    assert "(29/02/1980)" in facts["Edad"][0]


def test_what_is_not_known_is_not_named(admin_client):
    facts = {label for label, _v, _l in header(ClienteFactory(nacimiento=None), admin_client).facts}
    assert not facts & {"Edad", "Teléfono", "Correo", "Agente", "Ocupación"}


def test_it_warns_of_documents_exposure_and_consents(admin_client):
    documento = {"tipo_documento": "DNI", "pais_documento": "ES", "numero_documento": "12345678Z"}
    cliente = ClienteFactory(expuesto=True, **documento)
    ClienteFactory(**documento)
    warnings = " ".join(header(cliente, admin_client).warnings)
    for words in ("mismo documento", "expuesta", "gestionar", "publicidad"):
        assert words in warnings


def test_it_warns_of_nothing_where_all_is_in_order(admin_client):
    cliente = ClienteFactory(
        tipo_documento="DNI", pais_documento="ES", numero_documento="12345678Z"
    )
    for finalidad in ("gestion", "comercial"):
        ConsentimientoFactory(cliente=cliente, finalidad=finalidad)
    assert not header(cliente, admin_client).warnings


def test_a_withdrawn_consent_counts_no_more(admin_client):
    cliente = ClienteFactory(numero_documento="X1", tipo_documento="OTRO", pais_documento="ES")
    ConsentimientoFactory(cliente=cliente, finalidad="gestion")
    ConsentimientoFactory(cliente=cliente, retirado=timezone.localdate())
    assert header(cliente, admin_client).warnings == [
        "No ha consentido que se le envíe publicidad."
    ]


# When a store does not answer.


def test_the_rest_is_shown_when_a_store_is_silent(admin_client):
    cliente = cliente_con_de_todo()
    with silent("bienes"):
        answer = admin_client.get(url(cliente))
    found = {part.section.model: part for part, _add in answer.context["sections"]}
    assert answer.status_code == 200
    assert "no responde" in found["bienes.Bien"].problem
    assert "no responde" in found["pedidos.Pedido"].problem
    assert found["polizas.Poliza"].rows and found["clientes.Contacto"].rows
    assert answer.content.decode().count("no responde") >= 2


def test_figures_of_a_silent_store_say_so(admin_client):
    cliente = cliente_con_de_todo()
    with silent("polizas"):
        answer = admin_client.get(url(cliente))
    found = {str(card.label): card for card in answer.context["cards"]}
    assert answer.status_code == 200
    assert (
        found["Recibos vencidos"].value == "–"
        and "no responde" in found["Recibos vencidos"].problem
    )
    assert "Siniestralidad" not in found


def test_without_the_store_of_clientes_the_others_still_tell(admin_client):
    cliente = cliente_con_de_todo()
    with silent("clientes"):
        answer = admin_client.get(url(cliente))
    assert answer.status_code == 200
    assert answer.context["header"] is None and "no responde" in answer.context["problem"]
    assert {p.section.model: p for p, _ in answer.context["sections"]}["polizas.Poliza"].rows


def test_an_agente_sees_nothing_that_nobody_can_say_is_theirs(browse, vendedora, agente):
    cliente = ClienteFactory(agente=agente)
    de_todo(cliente, agente=agente)
    with silent("clientes"):
        answer = browse(vendedora).get(url(cliente))
    assert answer.status_code == 200
    assert "sections" not in answer.context_data
    assert "no responde" in answer.content.decode()


# How one comes to it.


def test_the_list_of_clientes_leads_to_it(admin_client):
    cliente = ClienteFactory()
    page = admin_client.get(reverse("admin:clientes_cliente_changelist")).content.decode()
    assert url(cliente) in page


def test_their_own_page_and_those_of_what_is_theirs_lead_to_it(admin_client):
    cliente = ClienteFactory()
    poliza = PolizaFactory(cliente=cliente, pagador=ClienteFactory())
    bien = BienFactory(cliente=cliente)
    for row in (cliente, poliza, bien):
        opts = row._meta
        address = reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[row.pk])
        assert url(cliente) in admin_client.get(address).content.decode(), row
    lists = reverse("admin:polizas_poliza_changelist"), reverse("admin:polizas_recibo_changelist")
    ReciboFactory(poliza=poliza)
    for address in lists:
        assert url(cliente) in admin_client.get(address).content.decode(), address


def test_a_column_that_no_longer_exists_is_seen_here():
    for section in declared("SECTIONS"):
        model = ficha.apps.get_model(section.model)
        try:
            ficha.columnas.headers(model, section.columns)
        except (AttributeError, FieldDoesNotExist) as failure:
            pytest.fail(f"{section.model}: {failure}")


def test_what_people_wrote_is_text_and_no_markup(admin_client):
    cliente = ClienteFactory(nombres="<b>Ana</b>")
    DireccionFactory(cliente=cliente, linea="<script>alert(1)</script>")
    page = admin_client.get(url(cliente)).content.decode()
    assert "<script>alert" not in page
    assert "<b>Ana</b>" not in page


def test_the_recibos_of_yesterday_are_vencidos_and_those_of_today_are_not(jefa):
    hoy = timezone.localdate()
    poliza = poliza_vigente()
    ReciboFactory(poliza=poliza, vencimiento=hoy)
    cliente = Cliente.objects.get(pk=poliza.cliente_id)
    assert figures(cliente, jefa)["Recibos vencidos"].value == "0"
    recibo = Recibo.objects.get()
    recibo.vencimiento = hoy - UN_DIA
    recibo.save()
    assert figures(cliente, jefa)["Recibos vencidos"].value == "1"
