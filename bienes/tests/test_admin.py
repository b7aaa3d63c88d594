from decimal import Decimal

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from bienes.models import Bien
from bienes.tests.factories import DATOS, BienFactory
from clientes.tests.factories import ClienteFactory

pytestmark = pytest.mark.django_db(databases="__all__")

ALTA = "/admin/bienes/bien/add/"


def enviado(tipo: str, **otros: object) -> dict[str, object]:
    datos = {f"{tipo}-{campo}": valor for campo, valor in DATOS[tipo].items()}
    return {"cliente": ClienteFactory().pk, "tipo": tipo, "valor": "15000", **datos, **otros}


def pagina(bien: Bien) -> str:
    return reverse("admin:bienes_bien_change", args=[bien.pk])


def visibles(html: str) -> set[str]:
    return {tipo for tipo in Bien.Tipo.values if f'esquema esquema-{tipo}"' in html}


def test_nothing_is_asked_until_the_tipo_is_chosen(admin_client):
    html = admin_client.get(ALTA).content.decode()
    assert visibles(html) == set()
    assert all(f"esquema esquema-{tipo} hidden" in html for tipo in Bien.Tipo.values)
    assert "bienes/documento.js" in html


def test_the_fields_of_the_chosen_tipo_are_shown(admin_client):
    html = admin_client.get(ALTA, {"tipo": "hogar"}).content.decode()
    assert visibles(html) == {"hogar"}


@pytest.mark.parametrize("tipo", [tipo for tipo in Bien.Tipo.values if tipo != "vida"])
def test_a_bien_of_each_tipo_is_written_by_the_form(admin_client, tipo):
    answer = admin_client.post(ALTA, enviado(tipo))
    assert answer.status_code == 302, answer.context["errors"]
    bien = Bien.objects.get()
    assert (bien.tipo, bien.datos, bien.valor) == (tipo, DATOS[tipo], Decimal(15000))


def test_a_life_is_written_by_the_form(admin_client):
    datos = {"vida-nacimiento": "29/02/1980", "vida-fumador": "no"}
    assert admin_client.post(ALTA, enviado("vida", **datos)).status_code == 302
    assert Bien.objects.get().datos == DATOS["vida"]


def test_only_the_chosen_tipo_is_judged_and_kept(admin_client):
    sobras = {"auto-ejercicio": "mil", "vida-asegurado": "Ana"}
    assert admin_client.post(ALTA, enviado("hogar", **sobras)).status_code == 302
    assert Bien.objects.get().datos == DATOS["hogar"]


def test_a_fault_is_told_at_its_field_and_nothing_typed_is_lost(admin_client):
    answer = admin_client.post(
        ALTA, enviado("hogar", **{"hogar-metros": "muchos", "auto-marca": "Citroën"})
    )
    html = answer.content.decode()
    assert answer.status_code == 200
    assert not Bien.objects.exists()
    assert visibles(html) == {"hogar"}
    assert "Revise los datos" in html
    assert "Introduzca un número" in html
    assert 'value="muchos"' in html
    assert 'value="Citroën"' in html


def test_a_fault_of_no_field_is_told_above(admin_client):
    html = admin_client.post(ALTA, enviado("auto", **{"auto-placa": ""})).content.decode()
    assert "Indique la placa o el número de chasis." in html


def test_a_tipo_sent_without_its_fields_brings_them_and_keeps_the_others(admin_client):
    datos = enviado("auto", **{"auto-color": "rojo"}) | {"tipo": "hogar"}
    html = admin_client.post(ALTA, datos).content.decode()
    assert visibles(html) == {"hogar"}
    assert 'value="rojo"' in html
    assert not Bien.objects.exists()


def test_the_page_of_a_bien_shows_what_it_holds(admin_client):
    html = admin_client.get(pagina(BienFactory())).content.decode()
    assert visibles(html) == {"auto"}
    assert 'value="ABC123"' in html


def test_saving_an_unchanged_page_changes_no_datum(admin_client):
    bien = BienFactory(
        tipo="vida", datos={"asegurado": "Ana", "fumador": True, "nacimiento": "1980-02-29"}
    )
    form = admin_client.get(pagina(bien)).context["adminform"].form
    enviado = {
        campo.html_name: campo.value()
        for campo in form.documentos["vida"]
        if campo.value() is not None
    }
    enviado |= {"cliente": bien.cliente_id, "tipo": "vida", "valor": "1", "version_leida": 1}
    enviado["vida-nacimiento"] = "29/02/1980"
    enviado["vida-fumador"] = "si"
    assert admin_client.post(pagina(bien), enviado).status_code == 302
    assert Bien.objects.get().datos == bien.datos


def test_a_changed_tipo_leaves_nothing_of_the_old_one(admin_client):
    bien = BienFactory()
    answer = admin_client.post(
        pagina(bien), enviado("otro", cliente=bien.cliente_id, version_leida=bien.version)
    )
    assert answer.status_code == 302
    bien.refresh_from_db()
    assert (bien.tipo, bien.datos) == ("otro", DATOS["otro"])


def test_who_may_only_look_reads_the_datos_as_text():
    user = User.objects.create_user("ana", password="x", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_bien"))
    client = Client()
    client.force_login(user)
    html = client.get(pagina(BienFactory())).content.decode()
    assert "Toyota" in html
    assert "esquema-auto" not in html


def test_the_list_is_filtered_by_tipo_and_by_being_insured(admin_client):
    BienFactory(descripcion="Velero", tipo="otro")
    BienFactory(descripcion="Coche")
    url = reverse("admin:bienes_bien_changelist")
    por_tipo = admin_client.get(url, {"tipo__exact": "otro"}).content.decode()
    assert "Velero" in por_tipo
    assert "Coche" not in por_tipo
    assert "Velero" not in admin_client.get(url, {"seguro": "si"}).content.decode()
    assert "Velero" in admin_client.get(url, {"seguro": "no"}).content.decode()


def test_a_bien_is_found_by_its_placa(admin_client):
    BienFactory(datos={"placa": "ZZ999", "marca": "Seat", "modelo": "Ibiza"})
    BienFactory()
    html = admin_client.get(
        reverse("admin:bienes_bien_changelist"), {"q": "zz999"}
    ).content.decode()
    assert "Ibiza" in html
    assert "Yaris" not in html
