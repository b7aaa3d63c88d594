from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from agentes.tests.factories import AgenteFactory
from clientes.models import Cliente
from clientes.tests.factories import ClienteFactory
from core.tests.pages import JSON, PAGE, PageContract, person, signed_in

DOCUMENTO = {"tipo_documento": "RUT", "pais_documento": "CL", "numero_documento": "12.345.678-5"}


def agente_signed_in() -> tuple[Any, Client]:
    """Return an agente and the browser of their account."""
    user = person("Agente")
    agente = AgenteFactory(codigo="A-7", cuenta=user)
    client = Client()
    client.force_login(user)
    return agente, client


class TestPaginaDeClientes(PageContract):
    model, factory = Cliente, ClienteFactory
    address, text = "/clientes", "nombres"

    def payload(self) -> dict[str, Any]:
        return {"nombres": "Íñigo María", "apellidos": "Núñez de Ñandú", "telefono": "+51 900"}

    def test_any_name_is_kept_to_the_letter(self, admin_client):
        for name in ("Ñandú Íñigo", "李小龍", "محمد", "Zoë 😀", "O'Brien & Co <s>", "a" * 160):
            for headers in (JSON, PAGE):
                admin_client.post(self.address, {"nombres": name}, headers=headers)
            assert Cliente.objects.filter(nombres=name).count() == 2
            assert admin_client.get(self.address, headers=PAGE).status_code == 200

    def test_a_name_of_200_letters_is_told_that_it_is_too_long(self, admin_client):
        answer = admin_client.post(self.address, {"nombres": "ñ" * 200}, headers=PAGE)
        page = answer.content.decode()
        assert answer.status_code == 400 and "ñ" * 200 in page and "160" in page

    def test_a_sky_name_of_200_letters_is_kept(self, admin_client):
        form = self.form(nombre_sky="ñ" * 200)
        assert admin_client.post(self.address, form, headers=JSON).status_code == 201

    def test_what_no_store_can_hold_is_refused(self, admin_client):
        for body in ('{"nombres": "a\\u0000"}', '{"nombres": "\\ud800"}'):
            answer = admin_client.generic(
                "POST", self.address, body, content_type="application/json"
            )
            assert answer.status_code == 400
        assert admin_client.post(self.address, {"nombres": "a\0b"}, headers=JSON).status_code == 400
        assert admin_client.get(self.address, {"search": "a\0b"}).status_code == 200

    def test_a_company_has_no_date_of_birth(self, admin_client):
        form = self.form(tipo="empresa", apellidos="", nacimiento="1980-02-29")
        answer = admin_client.post(self.address, form, headers=PAGE)
        page = answer.content.decode()
        assert answer.status_code == 400
        assert "Una empresa no lleva apellidos" in page and 'value="1980-02-29"' in page

    def test_a_folded_group_opens_where_something_in_it_is_wrong(self, admin_client):
        right = admin_client.get(self.address, headers=PAGE).content.decode()
        wrong = admin_client.post(
            self.address, self.form(nacimiento="2999-01-01"), headers=PAGE
        ).content.decode()
        assert 'class="grupo" open' in wrong and 'class="grupo" open' not in right

    def test_a_checkbox_that_was_ticked_stays_ticked(self, admin_client):
        form = {"expuesto": "true", "nombres": ""}
        page = admin_client.post(self.address, form, headers=PAGE).content.decode()
        box = page.partition('name="expuesto"')[2].partition(">")[0]
        assert "checked" in box
        admin_client.post(self.address, self.form(expuesto="true"), headers=PAGE)
        assert Cliente.objects.get().expuesto

    def test_a_document_is_kept_as_its_country_writes_it(self, admin_client):
        admin_client.post(self.address, self.form(**DOCUMENTO), headers=PAGE)
        assert Cliente.objects.get().numero_documento == "123456785"
        page = admin_client.get(self.address, headers=PAGE).content.decode()
        assert "RUT 12.345.678-5" in page

    def test_a_repeated_document_is_registered_with_a_warning(self, admin_client):
        ClienteFactory(**DOCUMENTO)
        answer = admin_client.post(self.address, self.form(**DOCUMENTO), headers=PAGE)
        said = [str(one) for one in get_messages(answer.wsgi_request)]
        assert answer.status_code == 302
        assert said[1] == "Otro cliente tiene el mismo documento: RUT 12.345.678-5."

    def test_an_agente_is_named_by_code_or_by_key(self, admin_client):
        agente = AgenteFactory(codigo="AG-1")
        for said in ("AG-1", "ag-1", " AG-1 ", str(agente.pk)):
            for options in ({"headers": JSON}, {"content_type": "application/json"}):
                answer = admin_client.post(self.address, self.form(agente=said), **options)
                assert answer.status_code == 201, answer.content
                assert answer.json()["agente"] == str(agente.pk)

    def test_an_unknown_agente_is_named_in_the_refusal(self, admin_client):
        for said in ("AG-404", "AG-404\0"):
            body = self.payload() | {"agente": said.replace("\0", "")}
            answer = admin_client.post(self.address, body, content_type="application/json")
            assert answer.json() == {"agente": ["No hay ningún agente con código AG-404."]}
        answer = admin_client.post(self.address, self.form(agente="a\0"), headers=JSON)
        assert answer.status_code == 400

    @pytest.mark.parametrize("said", [[], {}, True, 1.5, ["AG-1"], {"id": 1}])
    def test_what_can_name_nobody_is_refused(self, admin_client, said):
        body = self.payload() | {"agente": said}
        answer = admin_client.post(self.address, body, content_type="application/json")
        assert (answer.status_code, [*answer.json()]) == (400, ["agente"])

    def test_who_is_registered_by_an_agente_is_theirs(self):
        agente, client = agente_signed_in()
        AgenteFactory(codigo="A-8")
        options = ({"content_type": "application/json"}, {"headers": JSON}, {"headers": PAGE})
        for position, option in enumerate(options):
            form = self.form(nombres=f"Nueva {position}")
            assert client.post(self.address, form, **option).status_code in (201, 302)
        assert {cliente.agente for cliente in Cliente.objects.all()} == {agente}
        page = client.get(self.address, headers=PAGE).content.decode()
        assert 'value="A-7"' in page

    def test_an_agente_sees_their_portfolio_alone(self):
        agente, client = agente_signed_in()
        ClienteFactory(nombres="Propia", agente=agente)
        ClienteFactory(nombres="Ajena", agente=AgenteFactory())
        data = client.get(self.address).json()
        page = client.get(self.address, headers=PAGE).content.decode()
        assert [one["nombres"] for one in data["results"]] == ["Propia"] and data["count"] == 1
        assert "Propia" in page and "Ajena" not in page
        assert client.get(self.address, {"search": "ajena"}).json()["count"] == 0

    def test_an_agente_registers_nobody_for_another(self):
        _agente, client = agente_signed_in()
        other = AgenteFactory(codigo="A-8")
        for said in ("A-8", str(other.pk)):
            answer = client.post(self.address, self.form(agente=said), headers=JSON)
            assert answer.status_code == 400 and "agente" in answer.json()
        assert not Cliente.objects.exists()

    def test_an_agente_without_a_portfolio_registers_nobody(self):
        client = signed_in("Agente")
        answer = client.post(self.address, self.form(), headers=JSON)
        assert answer.status_code == 400
        assert "fuera de su cartera" in answer.json()["detail"][0]
        page = client.post(self.address, self.form(), headers=PAGE)
        assert page.status_code == 400 and "Íñigo María" in page.content.decode()
        assert not Cliente.objects.exists()

    def test_the_agente_of_another_is_not_named_in_the_list(self):
        from polizas.tests.factories import PolizaFactory

        agente, client = agente_signed_in()
        other = AgenteFactory(codigo="AJENO-1")
        PolizaFactory(cliente=ClienteFactory(nombres="De los dos", agente=other), agente=agente)
        page = client.get(self.address, headers=PAGE).content.decode()
        assert "De los dos" in page and "AJENO-1" not in page

    def test_programs_may_bring_the_agente_with_the_cliente(self, admin_client):
        ClienteFactory(agente=AgenteFactory(codigo="AG-9"))
        data = admin_client.get(self.address, {"expand": "agente"}).json()
        assert data["results"][0]["agente"]["codigo"] == "AG-9"

    def test_the_form_that_is_open_to_anyone_links_to_no_office(self, settings, client):
        settings.OPEN_INTERFACES = ["pages"]
        answer = client.post(self.address, self.form(), headers=PAGE)
        page = client.get(self.address, headers=PAGE).content.decode()
        assert answer.status_code == 302 and "Se registró" in page and "/admin/clientes" not in page
