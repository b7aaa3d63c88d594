from typing import Any

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from clientes.models import Cliente, Consentimiento
from clientes.tests.factories import (
    BeneficiarioFactory,
    ClienteFactory,
    ConsentimientoFactory,
    EmpresaFactory,
    UsuarioFactory,
)
from core.testing import queries

pytestmark = pytest.mark.django_db(databases="__all__")

CLIENTES = reverse("admin:clientes_cliente_changelist")
SSN = {"tipo_documento": "SSN", "pais_documento": "US", "numero_documento": "536904399"}
PARTS = ("contactos", "direcciones", "consentimientos", "beneficiarios", "servicios")
NO_PARTS = {f"{part}-{count}": "0" for part in PARTS for count in ("TOTAL_FORMS", "INITIAL_FORMS")}


def shown(client: Client, page: str, **query: str) -> set[Any]:
    answer = client.get(reverse(f"admin:clientes_{page}_changelist"), query)
    assert answer.status_code == 200, query
    return set(answer.context["cl"].result_list)


def change(cliente: Cliente) -> str:
    return reverse("admin:clientes_cliente_change", args=[cliente.pk])


# Repeated documents.


def test_the_list_flags_and_filters_repeated_documents(admin_client: Client) -> None:
    repeated = {ClienteFactory(**SSN), ClienteFactory(**SSN)}
    missing = ClienteFactory()
    assert admin_client.get(CLIENTES).content.decode().count("Documento repetido") == 2
    assert shown(admin_client, "cliente", documento="repetido") == repeated
    assert shown(admin_client, "cliente", documento="falta") == {missing}


def test_the_page_of_a_cliente_names_who_else_has_the_document(admin_client: Client) -> None:
    cliente = ClienteFactory(**SSN)
    other = ClienteFactory(**SSN | {"nombres": "Ana <b>", "apellidos": "Ríos"})
    page = admin_client.get(change(cliente)).content.decode()
    assert f'href="{change(other)}">Ana &lt;b&gt; Ríos</a>' in page
    assert "El documento SSN 536-90-4399" in page


def test_a_cliente_alone_with_the_document_is_not_warned_of(admin_client: Client) -> None:
    answer = admin_client.get(change(ClienteFactory(**SSN)))
    assert not list(get_messages(answer.wsgi_request))


def test_naming_the_others_costs_the_same_whatever_their_number(admin_client: Client) -> None:
    cliente = ClienteFactory(**SSN)
    ClienteFactory(**SSN)
    admin_client.get(change(cliente))
    with queries() as few:
        admin_client.get(change(cliente))
    ClienteFactory.create_batch(9, **SSN)
    with queries() as many:
        page = admin_client.get(change(cliente)).content.decode()
    assert few.total == many.total, many.by_store
    assert " y otros." in page


@pytest.mark.parametrize("button", ["_save", "_addanother", "_continue"])
def test_registering_a_repeated_document_warns_once_and_goes_on(
    admin_client: Client, button: str
) -> None:
    ClienteFactory(**SSN)
    data = NO_PARTS | SSN | {"tipo": "persona", "nombres": "Ana", "apellidos": "Ríos", button: "1"}
    page = admin_client.post(reverse("admin:clientes_cliente_add"), data, follow=True)
    assert Cliente.objects.filter(**SSN).count() == 2
    assert page.content.decode().count("lo tienen también") == 1


# Registering.


def test_a_cliente_is_registered_with_what_is_known_of_them(admin_client: Client) -> None:
    data = NO_PARTS | {
        "tipo": "persona",
        "nombres": "Ana",
        "apellidos": "Ríos",
        "tipo_documento": "RUC",
        "pais_documento": "PE",
        "numero_documento": "20512333797",
        "contactos-TOTAL_FORMS": "1",
        "contactos-0-tipo": "movil",
        "contactos-0-valor": "999 888 777",
        "consentimientos-TOTAL_FORMS": "1",
        "consentimientos-0-finalidad": "comercial",
        "consentimientos-0-otorgado": "on",
        "consentimientos-0-fecha": "10/01/2026",
        "consentimientos-0-medio": "web",
    }
    answer = admin_client.post(reverse("admin:clientes_cliente_add"), data)
    assert answer.status_code == 302, answer.context["errors"]
    cliente = Cliente.objects.get()
    assert [str(row) for row in cliente.contactos.all()] == ["Móvil: 999 888 777"]
    assert [str(row) for row in cliente.consentimientos.all()] == [
        "Comunicaciones comerciales (10/01/2026)"
    ]
    assert cliente.nombre_sky is None


def test_the_form_tells_what_is_wrong_with_an_empresa_and_a_document(
    admin_client: Client,
) -> None:
    data = NO_PARTS | {
        "tipo": "empresa",
        "nombres": "Sol S. A.",
        "apellidos": "Ríos",
        "tipo_documento": "RUC",
        "pais_documento": "PE",
        "numero_documento": "20512333790",
    }
    page = admin_client.post(reverse("admin:clientes_cliente_add"), data).content.decode()
    assert "«20512333790» no vale como RUC de Perú" in page
    assert "Una empresa no lleva apellidos" in page
    assert not Cliente.objects.exists()


def test_clientes_are_found_by_the_document_as_people_write_it(admin_client: Client) -> None:
    cliente = ClienteFactory(**SSN)
    ClienteFactory()
    for written in ("536-90-4399", "536904399"):
        assert shown(admin_client, "cliente", q=written) == {cliente}


def test_clientes_are_filtered_by_what_they_consent_to(admin_client: Client) -> None:
    given = ConsentimientoFactory().cliente
    ConsentimientoFactory(otorgado=False)
    assert shown(admin_client, "cliente", consiente="comercial") == {given}
    assert shown(admin_client, "cliente", consiente="salud") == set()


# Usuarios.


def test_usuarios_who_are_not_clientes_yet_are_found_and_registered(admin_client: Client) -> None:
    waiting = UsuarioFactory()
    cliente = ClienteFactory(usuario=UsuarioFactory())
    assert shown(admin_client, "usuario", es_cliente="no") == {waiting}
    assert shown(admin_client, "usuario", es_cliente="si") == {cliente.usuario}
    page = admin_client.get(reverse("admin:clientes_usuario_change", args=[waiting.pk]))
    add = f"{reverse('admin:clientes_cliente_add')}?usuario={waiting.pk}"
    assert add in page.content.decode() and "Todavía no es cliente." in page.content.decode()
    assert waiting.username in admin_client.get(add).content.decode()


def test_the_page_of_a_usuario_leads_to_their_clientes(admin_client: Client) -> None:
    cliente = ClienteFactory(usuario=UsuarioFactory())
    page = admin_client.get(reverse("admin:clientes_usuario_change", args=[cliente.usuario.pk]))
    assert f'href="{change(cliente)}">{cliente}</a>' in page.content.decode()


# Parts.


def test_beneficiarios_who_are_minors_are_flagged(admin_client: Client) -> None:
    BeneficiarioFactory(nacimiento="1980-01-01")
    page = reverse("admin:clientes_beneficiario_changelist")
    assert "Menor de edad" not in admin_client.get(page).content.decode()
    BeneficiarioFactory(nacimiento="2020-01-01")
    assert "Menor de edad" in admin_client.get(page).content.decode()


def test_beneficiarios_are_found_by_the_name_of_their_cliente(admin_client: Client) -> None:
    beneficiario = BeneficiarioFactory(cliente=EmpresaFactory(nombres="Panadería Ñandú"))
    BeneficiarioFactory()
    assert shown(admin_client, "beneficiario", q="nandu") == {beneficiario}


@pytest.mark.parametrize(
    ("vigencia", "which"), [("vigente", "given"), ("retirado", "back"), ("negado", "denied")]
)
def test_consentimientos_are_filtered_by_where_they_stand(
    admin_client: Client, vigencia: str, which: str
) -> None:
    rows = {
        "given": ConsentimientoFactory(),
        "back": ConsentimientoFactory(retirado="2026-02-01"),
        "denied": ConsentimientoFactory(otorgado=False),
    }
    assert shown(admin_client, "consentimiento", vigencia=vigencia) == {rows[which]}


def test_retirar_asks_first_and_tells_what_it_could_not_do(admin_client: Client) -> None:
    given, denied = ConsentimientoFactory(), ConsentimientoFactory(otorgado=False)
    url = reverse("admin:clientes_consentimiento_changelist")
    data = {"action": "retirar", ACTION_CHECKBOX_NAME: [str(given.pk), str(denied.pk)]}
    assert "¿Anotar que estos clientes" in admin_client.post(url, data).content.decode()
    page = admin_client.post(url, data | {"_confirmado": "1"}, follow=True).content.decode()
    assert "Este consentimiento no está vigente" in page and "Hecho en 1 fila." in page
    assert Consentimiento.objects.get(pk=given.pk).retirado is not None


def test_the_delete_page_of_a_cliente_names_the_consentimiento_that_keeps_it(
    admin_client: Client,
) -> None:
    consentimiento = ConsentimientoFactory()
    url = reverse("admin:clientes_cliente_delete", args=[consentimiento.cliente_id])
    assert admin_client.post(url, {"post": "yes"}).status_code == 200
    page = admin_client.get(url).content.decode()
    assert "mientras existan estos registros" in page and str(consentimiento) in page
    own = reverse("admin:clientes_consentimiento_delete", args=[consentimiento.pk])
    assert admin_client.post(own, {"post": "yes"}).status_code == 403
    inline = admin_client.get(change(consentimiento.cliente)).content.decode()
    assert 'name="consentimientos-0-DELETE"' not in inline
    assert Consentimiento.objects.get() == consentimiento
