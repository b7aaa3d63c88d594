"""The API of pedidos: the contract, and who attends to them."""

import pytest

from agentes.tests.factories import AgenteFactory
from clientes.tests.factories import ClienteFactory
from core.api.testing import ApiContract, of_role, signed_in
from empleados.tests.factories import EmpleadoFactory
from pedidos.api import PedidoViewSet
from pedidos.esquemas import TipoPedido
from pedidos.models import Pedido
from pedidos.tests.factories import DATOS, PedidoFactory, TomadoFactory
from polizas.tests.factories import PolizaFactory

pytestmark = pytest.mark.django_db(databases="__all__")

LIST = "/api/v1/pedidos/"


class TestPedidoApi(ApiContract):
    collection, viewset, factory = "pedidos", PedidoViewSet, PedidoFactory


def url(pedido, verb=""):
    return f"{LIST}{pedido.pk}/" + (f"{verb}/" if verb else "")


def post(address, body=None, user=None, **headers):
    return signed_in(user).post(address, body or {}, format="json", headers=headers)


def body_of(tipo="otro", **others):
    return {"cliente": str(ClienteFactory().pk), "tipo": tipo, "datos": DATOS[tipo]} | others


class TestWritten:
    @pytest.mark.parametrize("tipo", list(TipoPedido))
    def test_each_tipo_keeps_its_own_data(self, tipo):
        poliza = PolizaFactory()
        body = body_of(tipo, cliente=str(poliza.cliente_id), poliza=str(poliza.pk))
        answer = post(LIST, body)
        assert (answer.status_code, answer.data["datos"]) == (201, DATOS[tipo])
        assert answer.data["estado"] == "pendiente"

    def test_an_endoso_is_about_a_poliza(self):
        answer = post(LIST, body_of("endoso"))
        assert answer.data == {"poliza": ["Indique sobre qué póliza."]}

    def test_what_is_wrong_in_the_data_is_told_field_by_field(self):
        answer = post(LIST, body_of("cotizacion", datos={"ramo": "NAVAL", "presupuesto": "x"}))
        assert answer.status_code == 400
        assert set(answer.data) == {"datos.ramo", "datos.objeto", "datos.presupuesto"}

    def test_what_is_wrong_in_all_of_them_together_is_told_of_the_data(self):
        answer = post(LIST, body_of("cambio_datos", datos={}))
        assert answer.data == {"datos": ["Indique al menos un dato que cambia."]}

    @pytest.mark.parametrize("name", ["estado", "resultado"])
    def test_what_verbs_write_is_not_written_by_hand(self, name):
        answer = post(LIST, body_of(**{name: "terminado"}))
        assert (answer.data["estado"], answer.data["resultado"]) == ("pendiente", "")

    def test_a_closed_one_does_not_change(self):
        pedido = PedidoFactory(estado="cancelado")
        answer = signed_in().patch(url(pedido), {"fecha": "2026-05-01T00:00:00Z"}, format="json")
        assert answer.data == {"fecha": ["No se cambia: el pedido ya está cerrado."]}

    def test_a_finished_one_is_not_deleted(self):
        answer = signed_in().delete(url(PedidoFactory(estado="terminado")))
        assert answer.status_code == 409
        assert "ya está terminado" in answer.data["detail"]


class TestVerbos:
    def test_taken_finished_and_kept(self):
        pedido, empleado = PedidoFactory(), EmpleadoFactory()
        taken = post(url(pedido, "tomar"), {"empleado": str(empleado.pk)})
        assert (taken.status_code, taken.data["estado"]) == (200, "en_proceso")
        assert str(taken.data["empleado"]) == str(empleado.pk)
        done = post(url(pedido, "terminar"), {"resultado": " Enviado "})
        assert (done.data["estado"], done.data["resultado"]) == ("terminado", "Enviado")
        assert done["ETag"] == f'"{done.data["version"]}"'

    def test_who_asks_takes_it_if_they_name_nobody(self):
        user = of_role("Siniestros")
        suyo = EmpleadoFactory(cuenta=user)
        answer = post(url(PedidoFactory(), "tomar"), user=user)
        assert str(answer.data["empleado"]) == str(suyo.pk)

    def test_an_account_of_no_empleado_says_who(self):
        answer = post(url(PedidoFactory(), "tomar"))
        assert answer.status_code == 400
        assert answer.data == {"empleado": ["Su cuenta no es de ningún empleado: indique uno."]}

    def test_who_left_takes_none(self):
        left = EmpleadoFactory(activo=False)
        answer = post(url(PedidoFactory(), "tomar"), {"empleado": str(left.pk)})
        assert (answer.status_code, set(answer.data)) == (400, {"empleado"})

    def test_the_second_of_two_who_take_it_is_told(self):
        pedido = PedidoFactory()
        seen = signed_in().get(url(pedido))["ETag"]
        answers = [
            post(
                url(pedido, "tomar"), {"empleado": str(EmpleadoFactory().pk)}, **{"If-Match": seen}
            ).status_code
            for _ in range(2)
        ]
        assert answers == [200, 412]

    def test_cancelar_wants_a_reason(self):
        pedido = TomadoFactory()
        assert set(post(url(pedido, "cancelar")).data) == {"motivo"}
        answer = post(url(pedido, "cancelar"), {"motivo": "Ya no lo quiere"})
        assert (answer.data["estado"], answer.data["resultado"]) == (
            "cancelado",
            "Ya no lo quiere",
        )

    @pytest.mark.parametrize(
        ("verb", "body", "estado", "sentence"),
        [
            ("terminar", {}, "pendiente", "no se termina: antes alguien lo toma."),
            ("cancelar", {"motivo": "x"}, "terminado", "no se cancela."),
        ],
    )
    def test_what_comes_too_early_or_too_late_is_refused_in_words(
        self, verb, body, estado, sentence
    ):
        answer = post(url(PedidoFactory(estado=estado), verb), body)
        assert answer.data == {"detail": [f"Un pedido {estado} {sentence}"]}

    @pytest.mark.parametrize("verb", ["tomar", "terminar", "cancelar"])
    @pytest.mark.parametrize(("role", "enters"), [("Cobros", True), ("Agente", False)])
    def test_each_takes_the_right_to_attend(self, verb, role, enters):
        answer = post(url(PedidoFactory(), verb), {"nada": 1}, of_role(role))
        assert answer.status_code == (400 if enters else 403)


def test_they_are_asked_for_by_who_what_and_when():
    empleado = EmpleadoFactory()
    pedido = TomadoFactory(empleado=empleado, cliente__apellidos="Zárate")
    PedidoFactory(tipo="otro", fecha="2026-03-01T00:00:00Z")
    client = signed_in()
    for asked in (
        {"cliente": pedido.cliente_id},
        {"empleado": empleado.pk},
        {"empleado__isnull": "false"},
        {"tipo": "cotizacion"},
        {"estado__in": "en_proceso,terminado"},
        {"fecha__gte": "2026-04-01"},
        {"search": "yaris"},
        {"search": "zarate"},
    ):
        rows = client.get(LIST, asked).data["results"]
        assert [row["id"] for row in rows] == [str(pedido.pk)], asked


def test_they_come_with_what_they_are_about():
    pedido = TomadoFactory(tipo="endoso")
    told = signed_in().get(url(pedido), {"expand": "cliente,poliza,empleado"}).data
    assert told["cliente"]["nombres"] == "María"
    assert told["poliza"]["id"] == str(pedido.poliza_id)
    assert told["empleado"]["codigo"] == pedido.empleado.codigo


def test_an_agente_asks_for_their_clientes_alone():
    mine = AgenteFactory(cuenta=of_role("Agente"))
    own = ClienteFactory(agente=mine)
    PedidoFactory()
    assert post(LIST, body_of(cliente=str(own.pk)), mine.cuenta).status_code == 201
    refused = post(LIST, body_of(), mine.cuenta)
    assert (refused.status_code, set(refused.data)) == (400, {"cliente"})
    rows = signed_in(mine.cuenta).get(LIST).data["results"]
    assert [str(row["cliente"]) for row in rows] == [str(own.pk)]
    assert Pedido.objects.count() == 2
