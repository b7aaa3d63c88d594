"""The API of bienes: the contract, and documents judged field by field."""

import re

import pytest

from agentes.tests.factories import AgenteFactory
from bienes.api import BienViewSet, describir
from bienes.documento import limpiar
from bienes.esquemas import ESQUEMAS, TipoBien
from bienes.models import Bien
from bienes.tests.factories import DATOS, BienFactory
from clientes.tests.factories import ClienteFactory
from core.api.testing import ApiContract, of_role, signed_in
from pedidos.esquemas import ESQUEMAS as DE_PEDIDOS
from pedidos.tests.factories import DATOS as DATOS_DE_PEDIDOS
from polizas.tests.factories import PolizaFactory

pytestmark = pytest.mark.django_db(databases="__all__")

LIST = "/api/v1/bienes/"


class TestBienApi(ApiContract):
    collection, viewset, factory = "bienes", BienViewSet, BienFactory


def url(bien):
    return f"{LIST}{bien.pk}/"


def post(datos, tipo="auto", user=None, **others):
    cliente = others.pop("cliente", None) or ClienteFactory()
    body = {"cliente": str(cliente.pk), "tipo": tipo, "datos": datos, "valor": "1.00"} | others
    return signed_in(user).post(LIST, body, format="json")


@pytest.mark.parametrize("tipo", list(TipoBien))
def test_each_tipo_keeps_the_data_of_its_own(tipo):
    answer = post(DATOS[tipo], tipo)
    assert (answer.status_code, answer.data["datos"]) == (201, DATOS[tipo])


def test_data_are_kept_as_the_schema_reads_them():
    answer = post({"placa": "abc-123", "marca": " Fiat ", "modelo": "Uno", "color": ""})
    assert answer.data["datos"] == {"placa": "ABC123", "marca": "Fiat", "modelo": "Uno"}


@pytest.mark.parametrize(
    ("datos", "names"),
    [
        ({}, {"datos.marca", "datos.modelo"}),
        ({"placa": "A1", "marca": "x", "modelo": "y", "ejercicio": "ayer"}, {"datos.ejercicio"}),
        ({"placa": "A1", "marca": "x" * 61, "modelo": "y"}, {"datos.marca"}),
        ({"marca": "x", "modelo": "y"}, {"datos"}),
        ({"placa": "A1", "marca": "x", "modelo": "y", "alas": 2}, {"datos.alas"}),
        ({"placa": ["A1"], "marca": "x", "modelo": "y"}, {"datos.placa"}),
        ([], {"datos"}),
        ("ABC123", {"datos"}),
        (None, {"datos"}),
    ],
)
def test_what_is_wrong_in_the_data_is_told_field_by_field(datos, names):
    answer = post(datos)
    assert (answer.status_code, set(answer.data)) == (400, names)
    assert all(isinstance(one, str) for said in answer.data.values() for one in said)
    assert not Bien.objects.exists()


def test_the_data_and_the_rest_are_judged_together():
    answer = post({}, poliza=str(PolizaFactory().pk))
    assert set(answer.data) == {"datos.marca", "datos.modelo", "poliza"}


def test_an_unknown_tipo_is_refused_by_its_own_field():
    answer = post({"x": 1}, "barco")
    assert (answer.status_code, set(answer.data)) == (400, {"tipo"})


def test_another_tipo_wants_other_data():
    bien = BienFactory()
    refused = signed_in().patch(url(bien), {"tipo": "vida"}, format="json")
    assert refused.status_code == 400
    assert "datos.placa" in refused.data
    taken = signed_in().patch(
        url(bien), {"tipo": "vida", "datos": {"asegurado": "Ana Íñiguez"}}, format="json"
    )
    assert (taken.status_code, taken.data["datos"]) == (200, {"asegurado": "Ana Íñiguez"})


def test_data_are_written_whole():
    bien = BienFactory()
    answer = signed_in().patch(url(bien), {"datos": {"placa": "Z9"}}, format="json")
    assert (answer.status_code, set(answer.data)) == (400, {"datos.marca", "datos.modelo"})


def test_the_poliza_is_one_in_which_the_cliente_takes_part():
    answer = post(DATOS["auto"], poliza=str(PolizaFactory().pk))
    assert answer.data == {
        "poliza": ["El cliente no es tomador, asegurado ni pagador de esta póliza."]
    }


def test_they_are_asked_for_by_cliente_tipo_and_whether_they_are_insured():
    suyo, otro = BienFactory(valor="500.00"), BienFactory(tipo="hogar", valor="900.00")
    client = signed_in()
    for asked in (
        {"cliente": suyo.cliente_id},
        {"tipo": "auto"},
        {"tipo__in": "auto,vida"},
        {"valor__lt": "600"},
        {"search": "abc123"},
        {"search": "toyota yaris"},
    ):
        rows = client.get(LIST, asked).data["results"]
        assert [row["id"] for row in rows] == [str(suyo.pk)], asked
    assert len(client.get(LIST, {"poliza__isnull": "true"}).data["results"]) == 2
    assert client.get(LIST, {"poliza__isnull": "false"}).data["results"] == []
    assert otro.valor


def test_they_are_found_by_the_words_of_their_cliente():
    bien, _other = BienFactory(cliente__apellidos="Zárate"), BienFactory()
    rows = signed_in().get(LIST, {"search": "ZARATE"}).data["results"]
    assert [row["id"] for row in rows] == [str(bien.pk)]


def test_an_agente_writes_for_their_clientes_alone():
    mine = AgenteFactory(cuenta=of_role("Agente"))
    own = ClienteFactory(agente=mine)
    assert post(DATOS["auto"], user=mine.cuenta, cliente=own).status_code == 201
    refused = post(DATOS["auto"], user=mine.cuenta)
    assert (refused.status_code, set(refused.data)) == (400, {"cliente"})


class TestDescribed:
    """What the documentation says of a document is what is taken."""

    EVERY = [
        *((tipo, ESQUEMAS[tipo], DATOS[tipo]) for tipo in ESQUEMAS),
        *((tipo, DE_PEDIDOS[tipo], DATOS_DE_PEDIDOS[tipo]) for tipo in DE_PEDIDOS),
    ]

    @pytest.mark.parametrize(("tipo", "esquema", "datos"), EVERY)
    def test_what_is_kept_is_as_described(self, tipo, esquema, datos):
        described, kept = describir(tipo, esquema), limpiar(esquema, datos)
        assert described["title"] == tipo
        assert {*described["required"]} <= kept.keys() <= described["properties"].keys()
        for name, value in kept.items():
            told = described["properties"][name]
            assert isinstance(value, {"boolean": bool, "integer": int, "string": str}[told["type"]])
            assert value in told.get("enum", [value])
            assert re.search(told.get("pattern", ""), str(value))
            assert len(str(value)) <= told.get("maxLength", 2000)

    @pytest.mark.parametrize(("tipo", "esquema", "datos"), EVERY)
    def test_every_field_has_its_label(self, tipo, esquema, datos):
        properties = describir(tipo, esquema)["properties"]
        assert properties.keys() == esquema.base_fields.keys()
        assert all(described["title"] for described in properties.values())
