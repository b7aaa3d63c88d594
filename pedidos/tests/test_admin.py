import pytest
from django.urls import reverse

from clientes.tests.factories import ClienteFactory
from empleados.tests.factories import EmpleadoFactory
from pedidos.models import Pedido
from pedidos.tests.factories import DATOS, PedidoFactory, TomadoFactory

pytestmark = pytest.mark.django_db(databases="__all__")

E = Pedido.Estado
LISTA = "/admin/pedidos/pedido/"


def accion(client, nombre: str, *pedidos: Pedido, **form: object) -> str:
    datos = {"action": nombre, "_selected_action": [str(p.pk) for p in pedidos], "_confirmado": "1"}
    return client.post(LISTA, datos | form, follow=True).content.decode()


def test_a_pedido_is_written_by_the_form(admin_client):
    answer = admin_client.post(
        LISTA + "add/",
        {
            "cliente": ClienteFactory().pk,
            "tipo": "cotizacion",
            "fecha_0": "01/04/2026",
            "fecha_1": "10:00:00",
            "cotizacion-ramo": "AUTO",
            "cotizacion-objeto": "Un Yaris de 2021",
            "cotizacion-presupuesto": "900.00",
            "otro-detalle": "se queda fuera",
        },
    )
    assert answer.status_code == 302, answer.context["errors"]
    assert Pedido.objects.get().datos == DATOS["cotizacion"]


def test_who_presses_tomar_takes_it(admin_client, admin_user):
    propio, pedido = EmpleadoFactory(cuenta=admin_user), PedidoFactory()
    accion(admin_client, "tomar", pedido, empleado="")
    pedido.refresh_from_db()
    assert (pedido.empleado, pedido.estado) == (propio, E.EN_PROCESO)


def test_a_pedido_is_given_to_somebody_else(admin_client):
    otro, pedido = EmpleadoFactory(), PedidoFactory()
    accion(admin_client, "tomar", pedido, empleado=otro.pk)
    pedido.refresh_from_db()
    assert pedido.empleado == otro


def test_a_cuenta_of_no_empleado_is_told_to_choose_one(admin_client):
    html = accion(admin_client, "tomar", PedidoFactory(), empleado="")
    assert "Su cuenta no es de ningún empleado" in html


def test_a_pedido_is_finished_and_another_cancelled(admin_client):
    uno, otro = TomadoFactory(), PedidoFactory()
    accion(admin_client, "terminar", uno, resultado="Enviada")
    accion(admin_client, "cancelar", otro, motivo="Repetido")
    assert {(p.estado, p.resultado) for p in Pedido.objects.all()} == {
        (E.TERMINADO, "Enviada"),
        (E.CANCELADO, "Repetido"),
    }


def test_a_closed_pedido_is_read_only(admin_client):
    pedido = TomadoFactory(estado=E.TERMINADO)
    html = admin_client.get(
        reverse("admin:pedidos_pedido_change", args=[pedido.pk])
    ).content.decode()
    assert "Un Yaris de 2021" in html
    assert 'name="cotizacion-objeto"' not in html
    assert "esquema-cotizacion" not in html


def test_a_terminado_pedido_is_not_deleted(admin_client):
    terminado, abierto = TomadoFactory(estado=E.TERMINADO), PedidoFactory()
    for pedido, status in ((terminado, 403), (abierto, 302)):
        url = reverse("admin:pedidos_pedido_delete", args=[pedido.pk])
        assert admin_client.post(url, {"post": "yes"}).status_code == status
    assert Pedido.objects.get() == terminado


def test_the_list_tells_whose_turn_it_is(admin_client, admin_user):
    PedidoFactory(tipo="otro")
    mio = TomadoFactory(empleado=EmpleadoFactory(cuenta=admin_user))
    ajeno = TomadoFactory()
    listas = {
        valor: admin_client.get(LISTA, {"tramite": valor}).content.decode()
        for valor in ("sin_tomar", "mios", "abiertos")
    }
    for valor, esperado in {
        "sin_tomar": (False, False),
        "mios": (True, False),
        "abiertos": (True, True),
    }.items():
        assert (str(mio.pk) in listas[valor], str(ajeno.pk) in listas[valor]) == esperado, valor


def test_the_page_offers_what_the_estado_allows(admin_client):
    def verbos(pedido: Pedido) -> list[str]:
        url = reverse("admin:pedidos_pedido_change", args=[pedido.pk])
        return [nombre for nombre, _rotulo in admin_client.get(url).context["verbs"]]

    assert verbos(PedidoFactory()) == ["tomar", "cancelar"]
    assert verbos(TomadoFactory()) == ["terminar", "cancelar"]
    assert verbos(TomadoFactory(estado=E.TERMINADO)) == []


def test_a_pedido_is_found_by_the_name_of_its_cliente(admin_client):
    suyo = PedidoFactory(cliente=ClienteFactory(nombres="Ana Íñiguez"))
    ajeno = PedidoFactory()
    html = admin_client.get(LISTA, {"q": "iniguez yaris"}).content.decode()
    assert (str(suyo.pk) in html, str(ajeno.pk) in html) == (True, False)
