"""The API of clientes and of what is known of them: the contract, the model's words, and portfolios."""

from datetime import date

import pytest
from django.utils import timezone

from agentes.tests.factories import AgenteFactory
from clientes.api import (
    BeneficiarioViewSet,
    ClienteViewSet,
    ConsentimientoViewSet,
    ContactoViewSet,
    DireccionViewSet,
    ServicioViewSet,
    UsuarioViewSet,
)
from clientes.models import Cliente
from clientes.tests.factories import (
    BeneficiarioFactory,
    ClienteFactory,
    ConsentimientoFactory,
    ContactoFactory,
    DireccionFactory,
    EmpresaFactory,
    ServicioContratadoFactory,
    UsuarioFactory,
)
from core.api.testing import ApiContract, of_role, signed_in
from polizas.tests.factories import PolizaFactory

pytestmark = pytest.mark.django_db(databases="__all__")


class TestUsuarioApi(ApiContract):
    collection, viewset, factory = "usuarios", UsuarioViewSet, UsuarioFactory


class TestClienteApi(ApiContract):
    collection, viewset, factory = "clientes", ClienteViewSet, ClienteFactory


class TestContactoApi(ApiContract):
    collection, viewset, factory = "contactos", ContactoViewSet, ContactoFactory


class TestDireccionApi(ApiContract):
    collection, viewset, factory = "direcciones", DireccionViewSet, DireccionFactory


class TestBeneficiarioApi(ApiContract):
    collection, viewset, factory = "beneficiarios", BeneficiarioViewSet, BeneficiarioFactory


class TestServicioApi(ApiContract):
    collection, viewset, factory = "servicios", ServicioViewSet, ServicioContratadoFactory


class TestConsentimientoApi(ApiContract):
    collection, viewset, factory = "consentimientos", ConsentimientoViewSet, ConsentimientoFactory

    def payload(self):
        return ConsentimientoViewSet.serializer_class.Meta.example | {
            "cliente": str(ClienteFactory().pk)
        }


LIST = "/api/v1/clientes/"


def url(cliente):
    return f"{LIST}{cliente.pk}/"


def post(body, user=None):
    return signed_in(user).post(LIST, body, format="json")


class TestWhatIsWritten:
    def test_a_document_is_kept_as_its_country_writes_it(self):
        answer = post(
            {
                "nombres": "Ana",
                "tipo_documento": "CI",
                "pais_documento": "CL",
                "numero_documento": "12.345.678-5",
            }
        )
        assert answer.status_code == 201, answer.data
        assert answer.data["numero_documento"] == "123456785"

    def test_a_document_that_can_t_be_is_refused_by_its_field(self):
        answer = post(
            {
                "nombres": "Ana",
                "tipo_documento": "CI",
                "pais_documento": "CL",
                "numero_documento": "12.345.678-9",
            }
        )
        assert answer.status_code == 400
        assert set(answer.data) == {"numero_documento"}

    def test_a_document_without_its_kind_is_refused_as_a_whole(self):
        answer = post({"nombres": "Ana", "numero_documento": "1"})
        assert answer.status_code == 400
        assert answer.data == {
            "detail": ["El documento lleva tipo y número, o ninguno de los dos."]
        }

    def test_a_company_has_no_surname(self):
        answer = post({"tipo": "empresa", "nombres": "Transportes", "apellidos": "López"})
        assert answer.status_code == 400
        assert "Una empresa" in answer.data["detail"][0]

    def test_an_empty_name_in_the_service_is_none_so_that_many_may_lack_it(self):
        answers = [post({"nombres": f"Ana {n}", "nombre_sky": ""}) for n in range(2)]
        assert [answer.status_code for answer in answers] == [201, 201]
        assert [answer.data["nombre_sky"] for answer in answers] == [None, None]

    def test_a_name_in_the_service_is_of_one(self):
        ClienteFactory(nombre_sky="Maria Lopez")
        answer = post({"nombres": "Ana", "nombre_sky": "Maria Lopez"})
        assert answer.status_code == 400
        assert answer.data == {"nombre_sky": ["Ya hay un cliente con este nombre en el servicio."]}

    def test_a_birth_to_come_is_refused(self):
        answer = post({"nombres": "Ana", "nacimiento": "2999-01-01"})
        assert answer.status_code == 400
        assert answer.data == {"nacimiento": ["Esta fecha todavía no ha llegado."]}

    def test_every_mistake_is_told_at_once(self):
        answer = post({"tipo": "x", "nacimiento": "ayer", "email": "no", "expuesto": "quizá"})
        assert answer.status_code == 400
        assert set(answer.data) == {"tipo", "nombres", "nacimiento", "email", "expuesto"}
        assert all(isinstance(sentence, str) for said in answer.data.values() for sentence in said)

    def test_key_version_and_dates_are_not_for_writing(self):
        mine = {"id": "x", "version": 9, "creado": "x", "modificado": "x"}
        answer = post({"nombres": "Ana"} | mine)
        assert answer.status_code == 201
        assert answer.data["version"] == 1
        assert answer.data["id"] != "x"

    def test_who_did_it_is_in_its_history(self):
        user = of_role("Suscripción")
        answer = post({"nombres": "Ana"}, user)
        assert answer.status_code == 201, answer.data
        record = Cliente.objects.get(pk=answer.data["id"]).history.get()
        assert record.history_user_id == user.pk
        assert record.history_change_reason is None

    def test_a_part_that_is_changed_leaves_the_rest(self):
        cliente = ClienteFactory(email="ana@ejemplo.pe")
        answer = signed_in().patch(url(cliente), {"telefono": "1"}, format="json")
        assert (answer.data["telefono"], answer.data["email"]) == ("1", "ana@ejemplo.pe")

    def test_what_is_written_whole_needs_what_it_can_t_be_without(self):
        answer = signed_in().put(url(ClienteFactory()), {"telefono": "1"}, format="json")
        assert answer.status_code == 400
        assert set(answer.data) == {"nombres"}


class TestWhatIsAsked:
    def test_words_are_found_without_accents_or_case(self):
        maria, _other = ClienteFactory(apellidos="Ñúñez Lopez"), ClienteFactory(nombres="Juan")
        client = signed_in()
        for text in ("maria nunez", "NÚÑEZ", "lopez maría"):
            found = client.get(LIST, {"search": text}).data["results"]
            assert [row["id"] for row in found] == [str(maria.pk)], text
        assert client.get(LIST, {"search": "maria zzz"}).data["results"] == []

    def test_a_word_with_the_signs_of_a_pattern_is_only_a_word(self):
        ClienteFactory()
        for text in ("%", "_", "a%b", "' OR 1=1 --", "\\"):
            assert signed_in().get(LIST, {"search": text}).status_code == 200

    def test_filters_stand_together(self):
        agente = AgenteFactory()
        wanted = ClienteFactory(agente=agente, nacimiento=date(1990, 5, 1))
        ClienteFactory(agente=agente)
        EmpresaFactory(agente=agente)
        found = signed_in().get(
            LIST, {"agente": str(agente.pk), "tipo": "persona", "nacimiento__gte": "1990-01-01"}
        )
        assert [row["id"] for row in found.data["results"]] == [str(wanted.pk)]

    def test_a_reference_to_nobody_finds_nobody(self):
        ClienteFactory()
        nobody = "01901b2c-7d3e-7000-8000-00000000dead"
        assert signed_in().get(LIST, {"agente": nobody}).data["results"] == []

    @pytest.mark.parametrize(
        "query",
        ["agente=zz", "tipo=zz", "expuesto=quiza", "nacimiento__gte=ayer", "creado__gte=x",
         "limit=0", "limit=201", "limit=x", "limit=-1", "limit=1e2", "cursor=x", "ordering=zz",
         "ordering=", "search=", "expand=zz", "format=xml", "tipo=persona&tipo=empresa"],
    )  # fmt: skip
    def test_a_bad_value_is_refused_by_its_name(self, query):
        ClienteFactory()
        answer = signed_in().get(f"{LIST}?{query}")
        assert answer.status_code == 400
        assert set(answer.data) == {query.partition("=")[0]}

    def test_parts_come_with_their_cliente_in_one_query_each(self):
        for cliente in ClienteFactory.create_batch(3, agente=AgenteFactory()):
            ContactoFactory.create_batch(2, cliente=cliente)
            DireccionFactory(cliente=cliente)
        rows = signed_in().get(LIST, {"expand": "contactos,direcciones,agente"}).data["results"]
        assert [len(row["contactos"]) for row in rows] == [2, 2, 2]
        assert [len(row["direcciones"]) for row in rows] == [1, 1, 1]
        assert all(row["agente"]["codigo"] for row in rows)

    def test_what_is_not_asked_for_does_not_come(self):
        row = signed_in().get(url(ClienteFactory(agente=AgenteFactory()))).data
        assert "contactos" not in row
        assert isinstance(str(row["agente"]), str)

    def test_what_may_not_be_viewed_does_not_come_with_the_rest(self):
        user = of_role()
        from django.contrib.auth.models import Permission

        user.user_permissions.add(Permission.objects.get(codename="view_cliente"))
        cliente = ClienteFactory(agente=AgenteFactory())
        ContactoFactory(cliente=cliente)
        row = signed_in(user).get(url(cliente), {"expand": "contactos,agente"}).data
        assert "contactos" not in row
        assert str(row["agente"]) == str(cliente.agente_id)


class TestConsentimientos:
    def test_retirar_takes_it_back_today_once(self):
        consentimiento = ConsentimientoFactory()
        client = signed_in()
        address = f"/api/v1/consentimientos/{consentimiento.pk}/retirar/"
        answer = client.post(address)
        assert (answer.status_code, answer.data["retirado"]) == (
            200,
            timezone.localdate().isoformat(),
        )
        assert client.post(address).status_code == 400

    def test_a_proof_is_not_deleted_nor_whose_it_is(self):
        consentimiento = ConsentimientoFactory()
        client = signed_in()
        own = client.delete(f"/api/v1/consentimientos/{consentimiento.pk}/")
        whole = client.delete(url(consentimiento.cliente))
        assert (own.status_code, whole.status_code) == (405, 409)
        assert whole.data["detail"]

    def test_a_cliente_with_polizas_says_who_holds_it(self):
        poliza = PolizaFactory()
        answer = signed_in().delete(url(poliza.cliente))
        assert answer.status_code == 409
        assert str(poliza) in answer.data["detail"]


class TestPortfolio:
    """What an agente may do: with theirs, and as if the rest were not there."""

    @pytest.fixture
    def mine(self):
        return AgenteFactory(cuenta=of_role("Agente"))

    def test_they_see_those_they_attend_and_those_of_their_polizas(self, mine):
        ClienteFactory()
        attended, insured = ClienteFactory(agente=mine), PolizaFactory(agente=mine).cliente
        found = signed_in(mine.cuenta).get(LIST).data["results"]
        assert {row["id"] for row in found} == {str(attended.pk), str(insured.pk)}

    def test_somebody_else_s_is_not_found_by_any_door(self, mine):
        other = ClienteFactory(agente=AgenteFactory(), numero_documento="77", tipo_documento="DNI")
        client = signed_in(mine.cuenta)
        assert client.get(url(other)).status_code == 404
        assert client.patch(url(other), {"telefono": "1"}, format="json").status_code == 404
        assert client.get(LIST, {"numero_documento": "77"}).data["results"] == []
        assert client.get(LIST, {"search": "77"}).data["results"] == []
        assert client.get("/api/v1/contactos/", {"cliente": str(other.pk)}).data["results"] == []

    def test_one_made_outside_their_portfolio_is_refused_and_not_kept(self, mine):
        answer = post({"nombres": "Ana"}, mine.cuenta)
        assert answer.status_code == 400
        assert "cartera" in answer.data["detail"][0]
        assert not Cliente.objects.exists()

    def test_one_made_for_themselves_is_kept(self, mine):
        answer = post({"nombres": "Ana", "agente": str(mine.pk)}, mine.cuenta)
        assert answer.status_code == 201, answer.data

    def test_one_is_not_given_to_somebody_they_don_t_see(self, mine):
        cliente, other = ClienteFactory(agente=mine), AgenteFactory()
        client = signed_in(mine.cuenta)
        answer = client.patch(url(cliente), {"agente": str(other.pk)}, format="json")
        assert answer.status_code == 400
        assert set(answer.data) == {"agente"}
        given = client.patch(url(cliente), {"agente": None}, format="json")
        assert given.status_code == 400
        assert Cliente.objects.get(pk=cliente.pk).agente_id == mine.pk

    def test_a_reference_they_don_t_see_stays_when_the_row_is_put_back(self, mine):
        other = AgenteFactory()
        cliente = PolizaFactory(agente=mine).cliente
        cliente.agente = other
        cliente.save()
        client = signed_in(mine.cuenta)
        read = client.get(url(cliente)).data
        answer = client.put(url(cliente), read | {"telefono": "1"}, format="json")
        assert answer.status_code == 200, answer.data
        assert str(answer.data["agente"]) == str(other.pk)

    def test_a_part_is_not_moved_to_a_cliente_they_don_t_see(self, mine):
        contacto = ContactoFactory(cliente=ClienteFactory(agente=mine))
        address = f"/api/v1/contactos/{contacto.pk}/"
        body = {"cliente": str(ClienteFactory().pk)}
        answer = signed_in(mine.cuenta).patch(address, body, format="json")
        assert answer.status_code == 400
        assert set(answer.data) == {"cliente"}

    def test_a_key_that_is_nobody_s_and_one_they_don_t_see_are_refused_alike(self, mine):
        hidden, nobody = str(AgenteFactory().pk), "01901b2c-7d3e-7000-8000-00000000dead"
        client = signed_in(mine.cuenta)
        said = [
            client.post(LIST, {"nombres": "Ana", "agente": key}, format="json").data["agente"][0]
            for key in (hidden, nobody)
        ]
        assert said[0].replace(hidden, "") == said[1].replace(nobody, "")

    def test_the_registered_are_nobody_s_portfolio(self, mine):
        UsuarioFactory()
        assert signed_in(mine.cuenta).get("/api/v1/usuarios/").status_code == 403
