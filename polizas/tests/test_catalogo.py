from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import ProtectedError
from django.urls import reverse

from core.stores import atomic
from polizas.models import Producto
from polizas.tests.factories import (
    AseguradoraFactory,
    PolizaFactory,
    ProductoFactory,
    TipoCoberturaFactory,
)

pytestmark = pytest.mark.django_db(databases="__all__")


def refused(fila, sentencia):
    with pytest.raises(ValidationError, match=sentencia):
        fila.full_clean()


def test_what_is_there_already_is_told_in_words():
    producto = ProductoFactory()
    refused(
        AseguradoraFactory.build(nombre=producto.aseguradora.nombre),
        "Ya existe una aseguradora con ese nombre",
    )
    refused(
        ProductoFactory.build(codigo=producto.codigo, aseguradora=producto.aseguradora),
        "Ya existe un producto con ese código",
    )
    tipo = TipoCoberturaFactory(producto=producto)
    refused(
        TipoCoberturaFactory.build(producto=producto, nombre=tipo.nombre),
        "El producto ya tiene esa cobertura",
    )


def test_an_aseguradora_is_known_by_a_document_that_is_checked():
    aseguradora = AseguradoraFactory.build(
        tipo_documento="RUC", pais_documento="PE", numero_documento="20100041954"
    )
    refused(aseguradora, "no vale como RUC")
    aseguradora.numero_documento = " 20 10004195 3 "
    aseguradora.full_clean()
    assert aseguradora.numero_documento == "20100041953"


@pytest.mark.parametrize(
    ("fabrica", "campo"),
    [
        (ProductoFactory, "prima_base"),
        (TipoCoberturaFactory, "limite"),
        (TipoCoberturaFactory, "deducible"),
    ],
)
def test_no_tarifa_is_below_zero(fabrica, campo):
    fila = fabrica()
    setattr(fila, campo, Decimal("-0.01"))
    refused(fila, "no pueden ser negativos")
    with pytest.raises(IntegrityError), atomic(Producto):
        fila.save()


def test_a_producto_may_cost_nothing_and_cover_without_deducible():
    ProductoFactory(prima_base=Decimal("0.00")).full_clean()
    TipoCoberturaFactory(deducible=Decimal("0.00")).full_clean()


def test_what_is_sold_is_not_deleted():
    poliza = PolizaFactory()
    for fila in (poliza.producto, poliza.producto.aseguradora):
        with pytest.raises(ProtectedError), atomic(Producto):
            fila.delete()


def test_the_page_that_deletes_a_producto_names_the_polizas_that_hold_it(admin_client):
    poliza = PolizaFactory(numero="RET-77")
    url = reverse("admin:polizas_producto_delete", args=[poliza.producto_id])
    assert "RET-77" in admin_client.get(url).content.decode()


def test_a_producto_and_its_coberturas_are_written_on_one_page(admin_client):
    respuesta = admin_client.post(
        reverse("admin:polizas_producto_add"),
        {
            "codigo": "HOG-1",
            "nombre": "Hogar familiar",
            "aseguradora": AseguradoraFactory().pk,
            "ramo": "HOGAR",
            "moneda": "PEN",
            "prima_base": "450.00",
            "activo": "on",
            "tipos_cobertura-TOTAL_FORMS": "2",
            "tipos_cobertura-INITIAL_FORMS": "0",
            "tipos_cobertura-0-nombre": "Incendio",
            "tipos_cobertura-0-limite": "90000",
            "tipos_cobertura-0-deducible": "0",
            "tipos_cobertura-1-nombre": "Robo",
            "tipos_cobertura-1-limite": "8000",
            "tipos_cobertura-1-deducible": "150",
        },
    )
    assert respuesta.status_code == 302, respuesta.context["errors"]
    producto = Producto.objects.get(codigo="HOG-1")
    assert [tipo.nombre for tipo in producto.tipos_cobertura.all()] == ["Incendio", "Robo"]


@pytest.mark.parametrize("busca", ["AUTO-ESPECIAL", "todo riesgo", "clásicos"])
def test_a_producto_is_found_by_code_name_or_description(admin_client, busca):
    producto = ProductoFactory(codigo="AUTO-ESPECIAL", descripcion="Para vehículos clásicos")
    ProductoFactory(nombre="Otro")
    url = reverse("admin:polizas_producto_changelist")
    assert list(admin_client.get(url, {"q": busca}).context["cl"].result_list) == [producto]
