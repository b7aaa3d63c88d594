from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from agentes.tests.factories import AgenteFactory
from clientes.tests.factories import ClienteFactory
from core.tests.pages import JSON, PAGE, PageContract, person
from polizas.models import Poliza
from polizas.tests.factories import PolizaFactory, ProductoFactory

DOCUMENTO = {"tipo_documento": "RUT", "pais_documento": "CL", "numero_documento": "123456785"}
MEDIA = {"content_type": "application/json"}, {"headers": JSON}


class TestPaginaDePolizas(PageContract):
    model, factory = Poliza, PolizaFactory
    address, text = "/polizas", "numero"

    def payload(self) -> dict[str, Any]:
        return {
            "cliente": str(ClienteFactory().pk),
            "agente": str(AgenteFactory().pk),
            "producto": str(ProductoFactory().pk),
            "inicio": "2026-03-01",
            "fin": "2027-02-28",
            "suma_asegurada": "50000.00",
        }

    @pytest.fixture
    def cliente(self) -> Any:
        return ClienteFactory(nombres="Ximena", apellidos="Ñáñez", **DOCUMENTO)

    @pytest.mark.parametrize(
        "said", ["123456785", "12.345.678-5", " RUT 12.345.678-5 ", "12345678-5", 123456785]
    )
    def test_its_cliente_is_named_by_document(self, admin_client, cliente, said):
        for options in MEDIA:
            answer = admin_client.post(self.address, self.form(cliente=said), **options)
            assert answer.status_code == 201, answer.content
            assert answer.json()["cliente"] == str(cliente.pk)
            assert answer.json()["pagador"] == str(cliente.pk)

    def test_its_cliente_is_named_by_key(self, admin_client, cliente):
        for options in MEDIA:
            answer = admin_client.post(self.address, self.form(cliente=str(cliente.pk)), **options)
            assert answer.json()["cliente"] == str(cliente.pk)

    def test_its_asegurado_and_pagador_are_named_by_document_too(self, admin_client, cliente):
        said = {"asegurado": "123456785", "pagador": "12.345.678-5"}
        data = admin_client.post(self.address, self.form(**said), headers=JSON).json()
        assert data["asegurado"] == data["pagador"] == str(cliente.pk) != data["cliente"]

    def test_its_agente_and_producto_are_named_by_code(self, admin_client):
        agente, producto = AgenteFactory(codigo="AG-1"), ProductoFactory(codigo="AUTO-TR")
        said = {"agente": "AG-1", "producto": "auto-tr"}
        for options in MEDIA:
            data = admin_client.post(self.address, self.form(**said), **options).json()
            assert (data["agente"], data["producto"]) == (str(agente.pk), str(producto.pk))

    def test_who_does_not_exist_is_named_in_the_refusal(self, admin_client):
        said = {"cliente": "40404040", "agente": "AG-404", "producto": "NADA"}
        for options in MEDIA:
            answer = admin_client.post(self.address, self.form(**said), **options)
            assert answer.status_code == 400
            assert answer.json() == {
                "cliente": ["No hay ningún cliente con documento 40404040."],
                "agente": ["No hay ningún agente con código AG-404."],
                "producto": ["No hay ningún producto con código NADA."],
            }
        page = admin_client.post(self.address, self.form(**said), headers=PAGE).content.decode()
        assert page.count("No hay ningún cliente con documento 40404040.") == 2
        assert 'value="40404040"' in page

    def test_a_key_of_nobody_is_named_in_the_refusal(self, admin_client):
        key = "01901b2c-7d3e-7000-8000-0000000000c1"
        answer = admin_client.post(self.address, self.form(cliente=key), headers=JSON)
        assert answer.status_code == 400 and key in answer.json()["cliente"][0]

    def test_a_document_of_several_asks_for_the_key_of_one(self, admin_client, cliente):
        other = ClienteFactory(nombres="Otra", **DOCUMENTO)
        for options in MEDIA:
            answer = admin_client.post(self.address, self.form(cliente="12.345.678-5"), **options)
            assert answer.status_code == 400
            (sentence,) = answer.json()["cliente"]
            assert "Varios clientes tienen el documento 12.345.678-5" in sentence
            assert str(cliente.pk) in sentence and str(other.pk) in sentence

    def test_clientes_without_a_document_are_named_by_none(self, admin_client):
        ClienteFactory.create_batch(2)
        for said in (" ", "-", "RUT", 0):
            body = self.form(cliente=said)
            answer = admin_client.post(self.address, body, content_type="application/json")
            assert (answer.status_code, [*answer.json()]) == (400, ["cliente"]), said

    def test_a_long_name_of_nobody_is_told_short(self, admin_client):
        answer = admin_client.post(self.address, self.form(cliente="9" * 5000), headers=JSON)
        assert answer.status_code == 400 and len(answer.json()["cliente"][0]) < 200

    def test_money_is_read_as_people_write_it(self, admin_client):
        form = self.form(suma_asegurada="1.234.567,89", prima_neta="1.000", impuestos="180,5")
        assert admin_client.post(self.address, form, headers=PAGE).status_code == 302
        poliza = Poliza.objects.get()
        assert poliza.suma_asegurada == Decimal("1234567.89")
        assert (poliza.prima_neta, poliza.impuestos) == (Decimal(1000), Decimal("180.50"))
        assert poliza.prima == Decimal("1180.50")

    def test_money_that_is_no_number_comes_back_as_it_was_typed(self, admin_client):
        form = self.form(suma_asegurada="mil <b>pesos</b>", inicio="2026-02-30")
        answer = admin_client.post(self.address, form, headers=PAGE)
        page = answer.content.decode()
        assert answer.status_code == 400
        assert 'value="mil &lt;b&gt;pesos&lt;/b&gt;"' in page
        assert 'id="error-suma_asegurada"' in page and 'id="error-inicio"' in page

    def test_the_model_judges_as_everywhere(self, admin_client):
        form = self.form(inicio="2027-02-28", fin="2026-03-01")
        told = [
            admin_client.post(address, form, content_type="application/json").json()
            for address in (self.address, "/api/v1/polizas/")
        ]
        assert told[0] == told[1] and told[0]

    def test_an_agente_who_has_left_sells_nothing(self, admin_client):
        AgenteFactory(codigo="AG-OUT", activo=False)
        answer = admin_client.post(self.address, self.form(agente="AG-OUT"), headers=JSON)
        assert answer.json() == {"agente": ["El agente no está activo."]}

    def test_the_list_names_cliente_producto_and_agente(self, admin_client, cliente):
        PolizaFactory(cliente=cliente, agente=AgenteFactory(codigo="AG-1"))
        page = admin_client.get(self.address, headers=PAGE).content.decode()
        assert "Ximena Ñáñez" in page and "AG-1 · " in page and "Auto todo riesgo" in page
        assert "1\xa0200,00 USD" in page and "01/03/2026" in page

    def test_it_is_found_by_the_name_of_its_cliente(self, admin_client, cliente):
        poliza = PolizaFactory(cliente=cliente)
        PolizaFactory()
        found = admin_client.get(self.address, {"search": "nanez"}).json()
        assert [one["id"] for one in found["results"]] == [str(poliza.pk)]

    def test_it_is_filtered_by_estado_ramo_and_days(self, admin_client):
        PolizaFactory(numero="P-1")
        for asked, count in (
            ({"estado": "cotizada"}, 1),
            ({"estado": "vigente"}, 0),
            ({"ramo": "VIDA"}, 0),
            ({"fin__gte": "2027-02-28"}, 1),
            ({"fin__lt": "2027-02-28"}, 0),
        ):
            assert admin_client.get(self.address, asked).json()["count"] == count, asked
            page = admin_client.get(self.address, asked, headers=PAGE).content.decode()
            assert ("P-1" in page) is bool(count)

    def test_a_producto_that_is_not_sold_is_not_offered(self, admin_client):
        ProductoFactory(nombre="De antes", activo=False)
        ProductoFactory(nombre="De ahora")
        page = admin_client.get(self.address, headers=PAGE).content.decode()
        assert "De ahora" in page and "De antes" not in page

    def test_with_too_many_productos_their_code_is_typed(self, admin_client):
        ProductoFactory.create_batch(201)
        page = admin_client.get(self.address, headers=PAGE).content.decode()
        assert '<input id="campo-producto"' in page

    def test_an_agente_registers_and_sees_their_own(self):
        user = person("Agente")
        agente = AgenteFactory(codigo="A-7", cuenta=user)
        propio = ClienteFactory(agente=agente, **DOCUMENTO)
        PolizaFactory(numero="AJENA")
        form = self.form(cliente="123456785", agente="")
        client = Client()
        client.force_login(user)
        data = client.post(self.address, form, headers=JSON).json()
        assert (data["cliente"], data["agente"]) == (str(propio.pk), str(agente.pk))
        listed = client.get(self.address).json()
        assert [one["id"] for one in listed["results"]] == [data["id"]]
        assert "AJENA" not in client.get(self.address, headers=PAGE).content.decode()

    def test_an_agente_does_not_learn_who_has_a_document(self):
        ClienteFactory(agente=AgenteFactory(), **DOCUMENTO)
        user = person("Agente")
        AgenteFactory(codigo="A-7", cuenta=user)
        form = self.form(cliente="123456785", agente="")
        client = Client()
        client.force_login(user)
        answer = client.post(self.address, form, headers=JSON)
        assert answer.json() == {"cliente": ["No hay ningún cliente con documento 123456785."]}

    def test_programs_may_bring_who_is_in_it(self, admin_client, cliente):
        PolizaFactory(cliente=cliente)
        data = admin_client.get(self.address, {"expand": "cliente,agente"}).json()["results"][0]
        assert data["cliente"]["nombres"] == "Ximena" and data["agente"]["codigo"]
