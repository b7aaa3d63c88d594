"""The page of an entity: what each one inherits."""

import pytest
from django.contrib import admin
from django.contrib.messages import get_messages
from django.urls import reverse

from agentes.models import Agente
from agentes.tests.factories import AgenteFactory
from bienes.tests.factories import BienFactory
from clientes.models import Cliente
from clientes.tests.factories import ClienteFactory
from core import lookups
from core.admin import EntityAdmin, paginator
from core.admin.actions import CONFIRMED
from core.admin.base import EntityChangeList
from core.admin.paginator import BoundedPaginator
from core.entities import Entity
from core.testing import queries
from polizas import services
from polizas.models import Poliza
from polizas.tests.factories import PolizaFactory

pytestmark = pytest.mark.django_db(databases="__all__")

CLIENTES = reverse("admin:clientes_cliente_changelist")
POLIZAS = reverse("admin:polizas_poliza_changelist")


def page(row, view="change"):
    opts = row._meta
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_{view}", args=[row.pk])


def told(response):
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def test_every_entity_in_the_back_office_has_an_entity_page():
    for model, model_admin in admin.site._registry.items():
        if issubclass(model, Entity):
            assert isinstance(model_admin, EntityAdmin), model


class TestList:
    def test_rows_past_the_limit_are_not_counted(self, monkeypatch, django_assert_num_queries):
        monkeypatch.setattr(paginator, "LIMIT", 3)
        ClienteFactory.create_batch(5)
        pages = BoundedPaginator(Cliente.objects.order_by("pk"), 2)
        with django_assert_num_queries(1, using="clientes") as asked:
            assert (pages.count, pages.is_bounded, pages.num_pages) == (3, True, 2)
        assert "LIMIT 4" in asked[0]["sql"]

    def test_a_bounded_list_says_so(self, admin_client, monkeypatch):
        monkeypatch.setattr(paginator, "LIMIT", 3)
        ClienteFactory.create_batch(5)
        assert "más de 3 clientes" in admin_client.get(CLIENTES).content.decode()

    def test_a_short_list_says_how_many(self, admin_client):
        ClienteFactory.create_batch(2)
        content = " ".join(admin_client.get(CLIENTES).content.decode().split())
        assert "2 clientes" in content

    def test_a_search_across_stores_that_finds_too_much_is_told(self, admin_client, monkeypatch):
        monkeypatch.setattr(lookups, "MAX_KEYS", 1)
        monkeypatch.setattr(
            type(admin.site._registry[Poliza]), "search_fields", ("cliente__nombres",)
        )
        PolizaFactory.create_batch(2, cliente__nombres="Ana")
        assert "afine" in admin_client.get(POLIZAS, {"q": "ana"}).content.decode()

    def test_so_does_one_in_an_autocomplete_without_an_error(self, admin_client, monkeypatch):
        monkeypatch.setattr(lookups, "MAX_KEYS", 1)
        PolizaFactory.create_batch(2, cliente__nombres="Ana")
        asked = {"app_label": "bienes", "model_name": "bien", "field_name": "poliza", "term": "ana"}
        answer = admin_client.get(reverse("admin:autocomplete"), asked)
        assert answer.json()["results"] == []

    def test_an_action_on_more_rows_than_the_list_counts_is_refused(
        self, admin_client, monkeypatch
    ):
        monkeypatch.setattr(paginator, "LIMIT", 1)
        clientes = ClienteFactory.create_batch(2)
        response = admin_client.post(
            CLIENTES,
            {"action": "delete_selected", "_selected_action": clientes[0].pk, "select_across": "1"},
        )
        assert "afine los filtros" in told(response)
        assert Cliente.objects.count() == 2

    def test_columns_of_other_stores_come_in_one_query_each(self):
        changes = EntityChangeList.__new__(EntityChangeList)
        changes.model_admin = admin.site._registry[Poliza]
        rows = changes.apply_select_related(Poliza.objects.all())
        assert "cliente" in rows._prefetch_related_lookups


class TestVersion:
    def form(self, admin_client, row):
        form = admin_client.get(page(row)).context["adminform"].form
        return {name: form[name].value() for name in form.fields if form[name].value() is not None}

    def test_the_version_that_was_seen_goes_with_the_page(self, admin_client):
        especialidad = AgenteFactory().especialidad
        content = admin_client.get(page(especialidad)).content.decode()
        assert 'name="version_leida"' in content

    def test_who_saves_second_is_told_and_keeps_what_they_typed(self, admin_client):
        especialidad = AgenteFactory().especialidad
        mine = self.form(admin_client, especialidad) | {"nombre": "La mía"}
        especialidad.nombre = "La de otra persona"
        especialidad.save()
        response = admin_client.post(page(especialidad), mine)
        content = response.content.decode()
        assert response.status_code == 200
        assert "Otra persona ha guardado" in content
        assert "La mía" in content
        especialidad.refresh_from_db()
        assert especialidad.nombre == "La de otra persona"

    def test_who_has_compared_may_send_it_again(self, admin_client):
        especialidad = AgenteFactory().especialidad
        mine = self.form(admin_client, especialidad) | {"nombre": "La mía"}
        especialidad.save()
        form = admin_client.post(page(especialidad), mine).context["adminform"].form
        again = {name: form[name].value() or "" for name in form.fields}
        assert admin_client.post(page(especialidad), again).status_code == 302
        especialidad.refresh_from_db()
        assert especialidad.nombre == "La mía"

    def test_who_saves_alone_saves(self, admin_client):
        especialidad = AgenteFactory().especialidad
        mine = self.form(admin_client, especialidad) | {"nombre": "La mía"}
        assert admin_client.post(page(especialidad), mine).status_code == 302
        especialidad.refresh_from_db()
        assert especialidad.nombre == "La mía"

    def test_history_says_which_account_saved(self, admin_client, admin_user):
        especialidad = AgenteFactory().especialidad
        admin_client.post(page(especialidad), self.form(admin_client, especialidad))
        assert especialidad.history.first().history_user_id == admin_user.pk


class TestBadAddresses:
    @pytest.mark.parametrize("query", ["?cliente=zz", "?producto=1", "?agente=", "?nada=1"])
    def test_what_can_not_be_a_key_fills_in_nothing(self, admin_client, query):
        url = reverse("admin:polizas_poliza_add") + query
        assert admin_client.get(url).status_code == 200

    def test_a_key_fills_in_its_field(self, admin_client):
        cliente = ClienteFactory()
        answer = admin_client.get(reverse("admin:polizas_poliza_add"), {"cliente": cliente.pk})
        assert str(answer.context["adminform"].form["cliente"].value()) == str(cliente.pk)


class TestDelete:
    def test_the_page_names_who_holds_the_row_and_offers_no_button(self, admin_client):
        poliza = PolizaFactory(numero="P-77")
        bien = BienFactory(cliente=poliza.cliente, poliza=None)
        content = admin_client.get(page(poliza.cliente, "delete")).content.decode()
        assert "P-77" in content
        assert str(bien) in content
        assert 'name="post"' not in content

    def test_sending_it_all_the_same_is_told_not_thrown(self, admin_client):
        cliente = PolizaFactory(numero="P-77").cliente
        admin_client.post(page(cliente, "delete"), {"post": "yes"})
        assert Cliente.objects.filter(pk=cliente.pk).exists()

    def test_the_selection_names_the_holders_too(self, admin_client):
        cliente = PolizaFactory(numero="P-77").cliente
        response = admin_client.post(
            CLIENTES, {"action": "delete_selected", "_selected_action": cliente.pk}
        )
        assert "P-77" in response.content.decode()

    def test_a_free_row_is_deleted(self, admin_client):
        cliente = ClienteFactory()
        admin_client.post(page(cliente, "delete"), {"post": "yes"})
        assert not Cliente.objects.filter(pk=cliente.pk).exists()


class TestHistory:
    def test_it_shows_who_changed_what_from_what_to_what(self, admin_client, admin_user):
        agente = AgenteFactory(nombres="Antes")
        agente.nombres = "Después"
        agente._history_user = admin_user
        agente.save()
        content = admin_client.get(page(agente, "history")).content.decode()
        assert "Antes" in content
        assert "Después" in content
        assert admin_user.username in content

    def test_it_shows_a_change_of_reference_across_stores(self, admin_client):
        poliza = PolizaFactory(agente=AgenteFactory(codigo="A-1"))
        poliza.agente = AgenteFactory(codigo="A-2")
        poliza.save()
        content = admin_client.get(page(poliza, "history")).content.decode()
        assert "A-1" in content
        assert "A-2" in content

    def test_it_shows_what_only_a_verb_changes(self, admin_client):
        poliza = PolizaFactory(estado=Poliza.Estado.COTIZADA)
        services.emitir(poliza.pk, dia=poliza.inicio)
        content = admin_client.get(page(poliza, "history")).content.decode()
        assert "Cotizada" in content
        assert "Vigente" in content
        assert "modificado" not in content

    def test_a_past_state_opens_and_can_not_be_written_back(self, admin_client):
        agente = AgenteFactory()
        record = agente.history.first()
        url = reverse("admin:agentes_agente_simple_history", args=[agente.pk, record.pk])
        response = admin_client.get(url)
        assert response.status_code == 200
        assert response.context["revert_disabled"]

    def test_its_queries_do_not_grow_with_the_changes(self, admin_client, admin_user):
        poliza, asked = PolizaFactory(), []
        for changes in (3, 9):
            for _ in range(changes):
                poliza._history_user = admin_user
                poliza.save()
            with queries() as seen:
                admin_client.get(page(poliza, "history"))
            asked.append(seen.total)
        assert asked[0] == asked[1]


class TestConfirmed:
    """Shown on the verb anular of a póliza, which needs a form."""

    def post(self, admin_client, poliza, **data):
        return admin_client.post(
            POLIZAS, {"action": "anular", "_selected_action": poliza.pk} | data
        )

    def test_it_asks_first_and_does_nothing_yet(self, admin_client):
        poliza = PolizaFactory()
        content = self.post(admin_client, poliza).content.decode()
        assert str(poliza) in content
        assert CONFIRMED in content
        assert Poliza.objects.get(pk=poliza.pk).version == poliza.version

    def test_a_form_that_lacks_something_is_shown_again_with_its_sentence(self, admin_client):
        poliza = PolizaFactory()
        content = self.post(admin_client, poliza, **{CONFIRMED: "1"}).content.decode()
        assert "Este campo es requerido" in content
        assert Poliza.objects.get(pk=poliza.pk).version == poliza.version

    def test_a_refusal_names_the_row_and_says_why(self, admin_client):
        cotizada = PolizaFactory(estado=Poliza.Estado.COTIZADA)
        response = admin_client.post(
            POLIZAS, {"action": "renovar", "_selected_action": cotizada.pk, CONFIRMED: "1"}
        )
        assert str(cotizada) in told(response)

    def test_it_leads_back_to_the_page_that_it_was_asked_from(self, admin_client):
        poliza = PolizaFactory(estado=Poliza.Estado.COTIZADA)
        data = {"action": "renovar", "_selected_action": poliza.pk, CONFIRMED: "1"}
        answer = admin_client.post(POLIZAS, data | {"_back": page(poliza)})
        assert answer["Location"] == page(poliza)
        answer = admin_client.post(POLIZAS, data | {"_back": "https://example.com/"})
        assert "example.com" not in answer["Location"]

    def test_the_page_of_a_row_offers_its_verbs(self, admin_client):
        content = admin_client.get(page(PolizaFactory())).content.decode()
        assert 'value="emitir"' in content


def test_an_agente_without_accents_is_found(admin_client):
    agente = AgenteFactory(nombres="Íñigo", apellidos="Peñaranda")
    url = reverse("admin:agentes_agente_changelist")
    for term in ("inigo", "PENARANDA", "íñigo peña"):
        assert str(agente.pk) in admin_client.get(url, {"q": term}).content.decode()
    assert Agente.objects.count() == 1
