"""The report over the house: who has done how many, and what is of nobody."""

import json
from datetime import UTC, date, datetime, timedelta
from threading import Barrier, get_ident

import pytest
from django.contrib.auth.models import Permission
from django.db import connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clientes.tests.factories import ClienteFactory
from config.tests.cast import ROLES, person
from core import rights
from core.testing import queries, silent, undone
from empleados.models import Empleado
from empleados.tests.factories import EmpleadoFactory
from pedidos.models import Pedido
from pedidos.tests.factories import PedidoFactory
from reportes.operativo import informe
from reportes.operativo.casa import READS

pytestmark = pytest.mark.django_db(databases="__all__")

ADDRESS = "/reportes/dashboard"
HECHO = Pedido.Estado.TERMINADO


@pytest.fixture(autouse=True)
def in_turn(monkeypatch):
    """What a test has written is in its own transaction, which no other thread sees."""
    monkeypatch.setattr(informe, "at_once", lambda *reads: [read() for read in reads])


@pytest.fixture
def ask(client, settings):
    settings.OPEN_INTERFACES = ["reportes"]

    def get(**query):
        answer = client.get(ADDRESS, query)
        return answer.status_code, json.loads(answer.content)

    return get


def permission_to_view(model):
    return Permission.objects.get(codename=f"view_{model._meta.model_name}")


def rows(said):
    return {row["empleado"]: row["pedidos_realizados"] for row in said["detalle_por_vendedor"]}


def test_it_answers_as_the_service_before_it_did(ask):
    uno = EmpleadoFactory(codigo="S-01", rol="operario")
    PedidoFactory.create_batch(2, empleado=uno, estado=HECHO)
    assert ask() == (
        200,
        {
            "titulo": "Dashboard Operativo - Sprint 4",
            "metricas_globales": {"total_empleados": 1, "total_pedidos_procesados": 2},
            "detalle_por_vendedor": [
                {
                    "empleado": "S-01",
                    "rol": "operario",
                    "pedidos_realizados": 2,
                    "estado": "Activo",
                }
            ],
        },
    )


def test_its_title_is_a_setting(ask, settings):
    settings.REPORT_TITLE = "Lo nuestro"
    assert ask()[1]["titulo"] == "Lo nuestro"


def test_an_empleado_without_pedidos_is_there_with_none(ask):
    EmpleadoFactory(codigo="S-02", activo=False)
    [row] = ask()[1]["detalle_por_vendedor"]
    assert (row["pedidos_realizados"], row["estado"]) == (0, "Inactivo")


def test_pedidos_of_nobody_are_told_apart(ask):
    PedidoFactory(empleado=None, estado=HECHO)
    gone = EmpleadoFactory(codigo="S-09")
    PedidoFactory(empleado=gone, estado=HECHO)
    Empleado._base_manager.filter(pk=gone.pk)._raw_delete("polizas")
    assert ask()[1] == {
        "titulo": "Dashboard Operativo - Sprint 4",
        "metricas_globales": {"total_empleados": 0, "total_pedidos_procesados": 2},
        "detalle_por_vendedor": [
            {"empleado": None, "rol": None, "pedidos_realizados": 2, "estado": None}
        ],
    }


def test_only_what_is_terminado_is_done(ask):
    uno = EmpleadoFactory(codigo="S-01")
    for estado in Pedido.Estado:
        PedidoFactory(empleado=uno, estado=estado)
    assert rows(ask()[1]) == {"S-01": 1}
    assert rows(ask(estado="")[1]) == {"S-01": 1}
    for estado in Pedido.Estado:
        assert rows(ask(estado=estado)[1]) == {"S-01": 1}


def test_empleados_come_by_their_codigo(ask):
    for codigo in ("S-10", "S-02", "A-99"):
        EmpleadoFactory(codigo=codigo)
    PedidoFactory(empleado=None, estado=HECHO)
    assert list(rows(ask()[1])) == ["A-99", "S-02", "S-10", None]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, 4),
        ({"desde": "2026-03-02"}, 3),
        ({"hasta": "2026-03-02"}, 2),
        ({"desde": "2026-03-02", "hasta": "2026-03-02"}, 1),
        ({"desde": "2026-03-04"}, 1),
        ({"hasta": "9999-12-31"}, 4),
        ({"desde": "2030-01-01"}, 0),
    ],
)
def test_days_are_of_the_clock_of_the_house(ask, query, found):
    """Lima is five hours behind UTC: each of these is the last or the first moment of a day there."""
    first = datetime(2026, 3, 2, 5, tzinfo=UTC)
    tick = timedelta(milliseconds=1)
    for fecha in (first - tick, first, first + timedelta(days=1), first + timedelta(days=2)):
        PedidoFactory(empleado=None, estado=HECHO, fecha=fecha)
    assert ask(**query)[1]["metricas_globales"]["total_pedidos_procesados"] == found


@pytest.mark.parametrize(
    ("query", "field", "said"),
    [
        ({"desde": "ayer"}, "desde", "Introduzca una fecha válida."),
        ({"hasta": "2026-02-30"}, "hasta", "Introduzca una fecha válida."),
        ({"estado": "hecho"}, "estado", "hecho no es una de las opciones"),
        (
            {"desde": "2026-03-02", "hasta": "2026-03-01"},
            "hasta",
            "No puede ser anterior a «desde».",
        ),
    ],
)
def test_a_filter_that_means_nothing_is_told_by_its_name(ask, query, field, said):
    status, answer = ask(**query)
    assert (status, list(answer)) == (400, [field])
    assert said in answer[field][0]


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(
        st.tuples(
            st.none() | st.integers(0, 3),
            st.sampled_from(Pedido.Estado.values),
            st.dates(date(2026, 1, 1), date(2026, 1, 9)),
        ),
        max_size=12,
    ),
    st.sampled_from(Pedido.Estado.values),
    st.dates(date(2026, 1, 1), date(2026, 1, 9)),
)
def test_what_it_tells_is_what_one_would_count_by_hand(ask, pedidos, estado, desde):
    with undone():
        people = [EmpleadoFactory(codigo=f"S-{n}") for n in range(4)]
        cliente = ClienteFactory()
        for who, state, day in pedidos:
            PedidoFactory(
                cliente=cliente,
                empleado=None if who is None else people[who],
                estado=state,
                fecha=datetime(day.year, day.month, day.day, 12, tzinfo=UTC),
            )
        counted = [who for who, state, day in pedidos if state == estado and day >= desde]
        expected = {f"S-{n}": counted.count(n) for n in range(4)}
        if None in counted:
            expected[None] = counted.count(None)
        said = ask(estado=estado, desde=str(desde))[1]
        assert rows(said) == expected
        assert said["metricas_globales"]["total_pedidos_procesados"] == len(counted)


def test_it_is_one_question_a_store_whatever_there_is(ask):
    def asked():
        with queries() as seen:
            ask()
        return {alias: len(sent) for alias, sent in seen.by_store.items() if sent}

    uno = EmpleadoFactory()
    PedidoFactory(empleado=uno, estado=HECHO)
    few = asked()
    EmpleadoFactory.create_batch(5)
    PedidoFactory.create_batch(20, empleado=uno, estado=HECHO)
    assert asked() == few == {"polizas": 1, "bienes": 1}


@pytest.mark.parametrize("alias", ["polizas", "bienes"])
def test_a_store_that_is_down_is_named(ask, client, alias):
    with silent(alias):
        assert ask() == (503, {"detail": f"El almacén «{alias}» no está disponible."})
        page = client.get(ADDRESS, headers={"accept": "text/html"})
    assert page.status_code == 503
    assert f"«{alias}»" in page.content.decode()
    assert ask()[0] == 200


# Who may.


def test_nobody_reads_it_where_it_is_not_open(client, settings):
    settings.OPEN_INTERFACES = ["sky", "analytics"]
    answer = client.get(ADDRESS)
    assert (answer.status_code, list(answer.json())) == (401, ["detail"])
    page = client.get(f"{ADDRESS}?estado=pendiente", headers={"accept": "text/html"})
    assert (page.status_code, page["Location"]) == (
        302,
        "/admin/login/?next=/reportes/dashboard%3Festado%3Dpendiente",
    )


@pytest.mark.parametrize("role", ROLES)
def test_a_role_reads_it_that_may_see_what_it_tells(client, settings, role):
    settings.OPEN_INTERFACES = []
    user = person(role)
    client.force_login(user)
    may = all(rights.may(user, "view", model) for model in READS)
    assert (client.get(ADDRESS).status_code == 200) is may
    assert may or client.get(ADDRESS).status_code == 403


def test_an_agente_counts_the_pedidos_of_their_own(client, settings, agente, vendedora):
    settings.OPEN_INTERFACES = []
    for model in READS:
        vendedora.user_permissions.add(permission_to_view(model))
    uno = EmpleadoFactory(codigo="S-01")
    PedidoFactory(empleado=uno, estado=HECHO, cliente=ClienteFactory(agente=agente))
    PedidoFactory.create_batch(3, empleado=uno, estado=HECHO)
    client.force_login(vendedora)
    assert rows(client.get(ADDRESS).json()) == {"S-01": 1}


def test_only_reading_is_offered(client, settings):
    settings.OPEN_INTERFACES = ["reportes"]
    assert client.post(ADDRESS).status_code == 405


# The page.


@pytest.fixture
def page(client, settings):
    settings.OPEN_INTERFACES = ["reportes"]

    def get(**query):
        answer = client.get(ADDRESS, query, headers={"accept": "text/html,*/*;q=0.8"})
        assert answer["Content-Type"].startswith("text/html")
        return answer.status_code, answer.content.decode()

    return get


def test_a_browser_gets_charts_and_the_same_figures(page):
    uno = EmpleadoFactory(codigo="S-01", rol="operario")
    PedidoFactory.create_batch(3, empleado=uno, estado=HECHO)
    PedidoFactory(empleado=None, estado=HECHO)
    status, text = page()
    assert status == 200
    assert '{"kind": "rows", "labels": ["S-01", "Sin empleado conocido"]' in text
    for said in ("Operario", "Activo", "Pedidos: terminado", '<option value="terminado" selected>'):
        assert said in text
    assert "admin" not in text


def test_an_empty_house_says_so(page):
    _status, text = page()
    assert "Todavía no hay empleados." in text
    assert "No hay ningún pedido que contar." in text


def test_what_is_wrong_with_a_filter_is_told_beside_it(page):
    status, text = page(desde="2026-03-02", hasta="2026-03-01")
    assert status == 400
    assert "No puede ser anterior a «desde»." in text
    assert 'value="2026-03-02"' in text
    assert "Pedidos por empleado" not in text


def test_the_chart_leaves_out_those_who_do_not_fit_and_says_so(page):
    uno, *_rest = [EmpleadoFactory(codigo=f"S-{n:02}") for n in range(17)]
    PedidoFactory(empleado=uno, estado=HECHO)
    text = page()[1]
    assert "deja fuera a 2 empleados" in text
    assert all(f"S-{n:02}" in text for n in range(17))


def test_who_works_in_the_office_goes_back_to_it(admin_client):
    answer = admin_client.get(ADDRESS, headers={"accept": "text/html"})
    assert 'href="/admin/"' in answer.content.decode()
    assert ADDRESS in admin_client.get("/admin/").content.decode()


# Two reads at once.


class TestAtOnce:
    @pytest.fixture(autouse=True)
    def really(self, monkeypatch, in_turn):
        monkeypatch.undo()

    def test_both_are_read_at_the_same_time(self):
        both = Barrier(2, timeout=30)
        assert informe.at_once(
            lambda: both.wait() is not None, lambda: both.wait() is not None
        ) == (
            True,
            True,
        )

    @pytest.mark.parametrize("place", [0, 1])
    def test_what_one_raises_is_raised(self, place):
        def fail():
            raise LookupError("no")

        reads = [lambda: 1, lambda: 2]
        reads[place] = fail
        with pytest.raises(LookupError):
            informe.at_once(*reads)

    def test_the_thread_leaves_no_connection_open(self, monkeypatch):
        closed_by = []
        monkeypatch.setattr(connections, "close_all", lambda: closed_by.append(get_ident()))
        reader, _here = informe.at_once(get_ident, lambda: None)
        assert closed_by == [reader] != [get_ident()]
