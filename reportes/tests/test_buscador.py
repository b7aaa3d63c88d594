"""The search over every store."""

from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import Permission, User
from django.urls import reverse

from agentes.tests.factories import AgenteFactory
from bienes.tests.factories import BienFactory
from clientes.tests.factories import (
    BeneficiarioFactory,
    ClienteFactory,
    ContactoFactory,
    EmpresaFactory,
    UsuarioFactory,
)
from core.overview import declared
from core.testing import queries, silent
from empleados.tests.factories import EmpleadoFactory
from pedidos.tests.factories import PedidoFactory
from polizas.tests.factories import PolizaFactory
from reportes import buscador
from reportes.buscador import EXACT, SHOWN, SUGGESTED, search
from siniestros.tests.factories import ReclamoFactory

pytestmark = pytest.mark.django_db(databases="__all__")

PAGE, SUGGESTIONS = "reportes:buscar", "reportes:sugerencias"


def found(user, term):
    """The titles that a search finds, by kind."""
    return {kind.title: [hit.title for hit in kind.hits] for kind in search(user, term)}


DNI = {"tipo_documento": "DNI", "pais_documento": "ES", "numero_documento": "12345678-Z"}
RUT = {"tipo_documento": "RUT", "pais_documento": "CL", "numero_documento": "12.531.909-2"}


@pytest.mark.parametrize("term", ["ibanez", "IBÁÑEZ", "iñigo", "Ibáñez Íñigo", "  íñigo   ib "])
def test_a_name_is_found_without_accents_case_or_order(term, jefa):
    ClienteFactory(nombres="Íñigo", apellidos="Ibáñez")
    ClienteFactory(nombres="Ana", apellidos="López")
    assert found(jefa, term) == {"Clientes": ["Íñigo Ibáñez"]}


@pytest.mark.parametrize(
    "term", ["12345678Z", "12345678-z", "12.345.678-Z", "DNI 12345678Z", "345678"]
)
def test_a_document_is_found_with_separators_or_without(term, jefa):
    ClienteFactory(nombres="Ana", apellidos="", **DNI)
    assert found(jefa, term) == {"Clientes": ["Ana"]}


@pytest.mark.parametrize("term", ["12531909-2", "12.531.909-2", "125319092", "12531909"])
def test_a_rut_is_found_however_it_is_written(term, jefa):
    ClienteFactory(nombres="Ana", apellidos="", **RUT)
    assert found(jefa, term) == {"Clientes": ["Ana"]}


@pytest.mark.parametrize(
    "term", ["900000123", "900 000 123", "+51900000123", "900-000-123", "(51) 900"]
)
def test_a_phone_is_found_however_it_is_spaced(term, jefa):
    ClienteFactory(nombres="Ana", apellidos="", telefono="+51 900 000 123")
    assert found(jefa, term) == {"Clientes": ["Ana"]}


@pytest.mark.parametrize("term", ["ana@correo.test", "ANA@CORREO", "correo.test"])
def test_an_e_mail_is_found(term, jefa):
    ClienteFactory(nombres="Ana", apellidos="", email="ana@correo.test")
    assert found(jefa, term) == {"Clientes": ["Ana"]}


def test_another_phone_of_a_cliente_leads_to_the_cliente(jefa):
    contacto = ContactoFactory(valor="+54 9 11 5555-0000")
    (kind,) = search(jefa, "1155550000")
    assert kind.title == "Contactos"
    assert kind.hits[0].url == reverse("reportes:ficha", args=[contacto.cliente_id])
    assert str(contacto.cliente) in kind.hits[0].detail


@pytest.mark.parametrize("term", ["ABC123", "abc-123", "ABC 123", "toyota yaris"])
def test_an_auto_is_found_by_its_placa(term, jefa):
    BienFactory()
    assert list(found(jefa, term)) == ["Bienes"]


def test_each_kind_is_found_by_what_identifies_it(jefa):
    poliza = PolizaFactory(numero="POL-2026/77", agente=AgenteFactory(codigo="AG-77"))
    reclamo = ReclamoFactory(numero="REC-77-A", poliza__numero="OTRA-1")
    empleado = EmpleadoFactory(codigo="EM-77")
    usuario = UsuarioFactory(username="lucia77")
    for term, kind, row in (
        ("pol-2026/77", "Pólizas", poliza),
        ("POL202677", "Pólizas", poliza),
        ("rec-77-a", "Reclamos", reclamo),
        ("ag-77", "Agentes", poliza.agente),
        ("em77", "Empleados", empleado),
        ("lucia77", "Usuarios", usuario),
    ):
        assert found(jefa, term) == {kind: [str(row)]}, term


def test_pedidos_and_beneficiarios_are_found(jefa):
    BeneficiarioFactory(nombres="Zoé", apellidos="Quiñones")
    PedidoFactory()
    assert found(jefa, "quinones zoe") == {"Beneficiarios": ["Zoé Quiñones"]}
    assert "Pedidos" in found(jefa, "yaris de 2021")


def test_every_word_must_be_there(jefa):
    ClienteFactory(nombres="Ana", apellidos="López")
    assert not found(jefa, "ana pérez")
    assert found(jefa, "ana lópez")


@pytest.mark.parametrize("term", ["1%0", "a_a", "%%", "__", "'; --", '"ana"', "\\\\", "a\x00na"])
def test_signs_mean_nothing_but_themselves(term, jefa):
    ClienteFactory(nombres="Aba", apellidos="1990")
    assert not found(jefa, term)


# What comes first.


def test_what_is_named_exactly_comes_first(jefa):
    near = [ClienteFactory(telefono=f"{n} 12345678Z") for n in range(3)]
    exact = ClienteFactory(nombres="Ana", apellidos="", **DNI)
    newer = ClienteFactory(telefono="+34 12345678Z")
    (kind,) = search(jefa, "12345678-Z")
    assert kind.rank == EXACT
    assert kind.hits[0].title == str(exact)
    assert len(kind.hits) == len(near) + 2
    assert kind.hits[1].title == str(newer)


def test_the_kind_of_what_is_named_exactly_comes_first(jefa):
    ClienteFactory(nombres="Empresa AG-77")
    AgenteFactory(codigo="AG-77", nombres="Lucía", apellidos="Núñez")
    assert list(found(jefa, "AG-77")) == ["Agentes", "Clientes"]
    assert list(found(jefa, "ag-7")) == ["Clientes", "Agentes"]


def test_what_begins_so_comes_before_what_has_it_inside(jefa):
    ClienteFactory(nombres="Mariana", apellidos="Ana")
    ClienteFactory(nombres="Ana", apellidos="Paz")
    ClienteFactory(nombres="Susana", apellidos="Paz")
    assert found(jefa, "ana")["Clientes"][0] == "Ana Paz"


def test_of_many_some_are_shown_and_the_list_has_them_all(jefa, admin_client):
    ClienteFactory.create_batch(SHOWN + 3, nombres="Ana", apellidos="Paz")
    (kind,) = search(jefa, "ana paz")
    assert len(kind.hits) == SHOWN
    answer = admin_client.get(kind.more_url)
    assert answer.context["cl"].result_count == SHOWN + 3


def test_as_many_as_are_shown_are_all(jefa):
    ClienteFactory.create_batch(SHOWN, nombres="Ana")
    assert search(jefa, "ana")[0].more_url == ""


@pytest.mark.parametrize("term", ["POL-7", "POL/7", "ana@correo", "900 000", "12.345"])
def test_the_list_understands_what_the_search_does(term, admin_client):
    ClienteFactory(nombres="POL-7", telefono="+51 900000", email="ana@correo.test", **DNI)
    address = reverse("admin:clientes_cliente_changelist")
    expected = 0 if term == "POL/77" else 1
    assert admin_client.get(address, {"q": term}).context["cl"].result_count == expected


# To whom, and how much it asks.


def test_an_agente_finds_only_what_is_theirs(vendedora, agente):
    mine = PolizaFactory(numero="MIA-1", agente=agente)
    others = PolizaFactory(numero="SUYA-1", agente=AgenteFactory())
    for poliza in (mine, others):
        BienFactory(cliente=poliza.cliente, poliza=poliza)
        ContactoFactory(cliente=poliza.cliente, valor="+51 999")
        ReclamoFactory(poliza=poliza, fecha_ocurrencia=None)
    assert found(vendedora, "mia-1") and not found(vendedora, "suya-1")
    for term in ("yaris", "+51 999", "choque en un cruce"):
        assert [len(titles) for titles in found(vendedora, term).values()] == [1], term


def test_a_kind_that_somebody_may_not_view_is_not_asked():
    user = User.objects.create_user("archivo", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_cliente"))
    user = User.objects.get(pk=user.pk)
    ClienteFactory(nombres="Toyota")
    BienFactory()
    assert list(found(user, "toyota")) == ["Clientes"]
    with queries() as asked:
        found(user, "toyota")
    assert len(asked.by_store["clientes"]) == 1 and not asked.by_store["bienes"]


def test_it_asks_one_query_for_each_kind(jefa):
    rows = ("Ana", 30)
    with queries() as nothing:
        search(jefa, "ana")
    ClienteFactory.create_batch(rows[1], nombres=rows[0])
    BeneficiarioFactory.create_batch(12, nombres="Ana")
    ContactoFactory.create_batch(12, valor="ana", tipo="otro")
    ReclamoFactory(descripcion="ana")
    with queries() as many:
        search(jefa, "ana")
    assert many.total == nothing.total == len(declared("FINDERS")), many.by_store


@pytest.mark.parametrize("finder", declared("FINDERS"), ids=lambda finder: finder.model)
def test_what_identifies_a_row_has_an_index(finder):
    model = buscador.apps.get_model(finder.model)
    for name in finder.exact:
        field = model._meta.get_field(name)
        assert field.unique or field.db_index, f"{finder.model}.{name}"


def test_a_silent_store_says_so_and_the_others_answer(jefa):
    ClienteFactory(nombres="Toyota")
    BienFactory()
    with silent("bienes"):
        kinds = {kind.title: kind for kind in search(jefa, "toyota")}
    assert kinds["Clientes"].hits
    assert "no responde" in kinds["Bienes"].problem and not kinds["Bienes"].hits


# The pages.


@pytest.mark.parametrize(
    ("term", "words"),
    [
        ("", "Escriba un nombre"),
        ("   ", "Escriba un nombre"),
        ("a", "al menos dos"),
        ("-.", "al menos dos"),
        ("zzzz", "No hay nada con «zzzz»"),
    ],
)
def test_where_there_is_nothing_a_sentence_says_why(term, words, admin_client):
    ClienteFactory(nombres="Ana")
    page = admin_client.get(reverse(PAGE), {"q": term})
    assert words in page.content.decode()
    answer = admin_client.get(reverse(SUGGESTIONS), {"q": term}).json()
    assert words in answer["sentence"] and not answer["kinds"]


def test_the_page_shows_what_is_found_and_keeps_the_term(admin_client):
    cliente = ClienteFactory(nombres="Ana", apellidos="Paz", telefono="+51 900")
    page = admin_client.get(reverse(PAGE), {"q": "ana paz"}).content.decode()
    assert reverse("reportes:ficha", args=[cliente.pk]) in page
    assert 'value="ana paz"' in page and "+51 900" in page


def test_what_people_typed_or_wrote_is_text_and_no_markup(admin_client):
    ClienteFactory(nombres="<script>alert(1)</script>")
    for term in ("script", '"><script>alert(2)</script>'):
        page = admin_client.get(reverse(PAGE), {"q": term}).content.decode()
        assert "<script>alert" not in page


def test_suggestions_are_the_best_few_and_lead_to_the_page(admin_client):
    EmpresaFactory.create_batch(SHOWN, nombres="Ávila & Hijos")
    answer = admin_client.get(reverse(SUGGESTIONS), {"q": "ávila & hijos"}).json()
    (kind,) = answer["kinds"]
    assert len(kind["hits"]) == SUGGESTED and kind["more_url"]
    assert answer["page"] == f"{reverse(PAGE)}?{urlencode({'q': 'ávila & hijos'})}"
    assert set(kind["hits"][0]) == {"title", "detail", "url"}


def test_who_has_not_signed_in_is_asked_to(client):
    for name in (PAGE, SUGGESTIONS):
        answer = client.get(reverse(name), {"q": "ana"})
        assert answer.status_code == 302 and answer.url.startswith(reverse("admin:login"))


def test_every_page_of_the_back_office_has_the_box(admin_client):
    cliente = ClienteFactory()
    for name, args in (
        ("admin:index", ()),
        ("admin:clientes_cliente_changelist", ()),
        ("admin:clientes_cliente_change", (cliente.pk,)),
        ("admin:ingestion_job_changelist", ()),
        (PAGE, ()),
    ):
        page = admin_client.get(reverse(name, args=args)).content.decode()
        assert "data-buscar" in page and "reportes/buscar.js" in page, name


def test_a_window_that_chooses_one_row_has_no_box(admin_client):
    address = reverse("admin:clientes_cliente_changelist")
    assert "data-buscar" not in admin_client.get(address, {"_popup": "1"}).content.decode()


def test_a_very_long_text_is_cut_short(admin_client):
    answer = admin_client.get(reverse(PAGE), {"q": "palabra " * 5000})
    assert answer.status_code == 200
