"""What domains declare of themselves, and the words in which it is looked for."""

from decimal import Decimal

import pytest
from django.apps import apps
from django.contrib import admin
from django.core.exceptions import FieldDoesNotExist
from django.urls import reverse
from django.utils import translation

from clientes.models import Cliente
from clientes.tests.factories import ClienteFactory
from core import formats, overview
from core.overview import declared, page, pages_of
from core.text import compactar, formas, indexar
from polizas.tests.factories import PolizaFactory

pytestmark = pytest.mark.django_db(databases="__all__")

DECLARED = [
    declaration
    for name in ("SECTIONS", "FINDERS", "FIGURES", "NOTICES")
    for declaration in declared(name)
]


def named(declaration) -> str:
    return f"{type(declaration).__name__}-{declaration.model}"


@pytest.mark.parametrize("declaration", DECLARED, ids=named)
def test_each_declaration_is_of_a_model_of_its_own_app(declaration):
    assert apps.get_model(declaration.model)
    app = declaration.model.partition(".")[0]
    module = __import__(f"{app}.overview", fromlist=["overview"])
    assert any(declaration in found for found in vars(module).values() if isinstance(found, list))


@pytest.mark.parametrize("section", declared("SECTIONS"), ids=named)
def test_a_section_leads_to_whose_it_is_inside_its_own_store(section):
    model = apps.get_model(section.model)
    for path in section.of:
        *steps, last = path.split("__")
        for step in steps:
            model_field = model._meta.get_field(step)
            assert "Store" not in type(model_field).__name__, path
            model = model_field.related_model
        assert model._meta.get_field(last).related_model is Cliente
        model = apps.get_model(section.model)


@pytest.mark.parametrize("finder", declared("FINDERS"), ids=named)
def test_what_is_found_has_words_to_be_found_by(finder):
    assert apps.get_model(finder.model).search_terms


def test_parts_of_ratios_are_totals_of_sections():
    totals = {
        f"{section.model}.{total.name}"
        for section in declared("SECTIONS")
        for total in section.totals
    }
    for ratio in declared("RATIOS"):
        assert {ratio.part, ratio.whole} <= totals


def test_what_is_counted_at_home_has_a_list_to_be_read_in():
    for item in (*declared("FIGURES"), *declared("NOTICES")):
        assert admin.site._registry.get(apps.get_model(item.model)), item


def test_an_app_that_declares_nothing_adds_nothing():
    assert declared("NADA") == ()


# Pages that gather.


def test_a_row_whose_model_has_a_page_leads_to_it():
    cliente = ClienteFactory()
    address = reverse("reportes:ficha", args=[cliente.pk])
    assert page(Cliente, cliente.pk) == address
    assert list(pages_of(cliente)) == [(None, address)]


def test_a_row_leads_to_the_pages_of_what_it_refers_to_once_each():
    poliza = PolizaFactory()
    assert [field.name for field, _url in pages_of(poliza)] == ["cliente"]
    poliza.pagador = ClienteFactory()
    assert [field.name for field, _url in pages_of(poliza)] == ["cliente", "pagador"]


def test_without_a_registered_page_there_is_none(monkeypatch):
    monkeypatch.setattr(overview, "PAGES", {})
    cliente = ClienteFactory()
    assert page(Cliente, cliente.pk) is None
    assert list(pages_of(cliente)) == []


# Words.


@pytest.mark.parametrize(
    ("term", "kept"),
    [
        ("María José", "maria jose"),
        ("12.531.909-2", "12.531.909-2 125319092"),
        ("+51 900 000 123", "+51 900 000 123 51 51900000123"),
        ("ana@correo.test", "ana@correo.test anacorreotest"),
        ("Calle 5", "calle 5"),
        ("-", "-"),
        ("", ""),
    ],
)
def test_what_is_searched_is_kept_with_signs_and_without(term, kept):
    assert indexar([term]) == kept


def test_each_term_is_kept_apart():
    assert indexar(["900 100", "200"]) == "900 100 900100 200"


def test_a_typed_word_is_looked_for_as_it_is_and_without_signs():
    assert formas("12.345-K") == {"12.345-k", "12345k"}
    assert formas("Ñandú") == {"nandu"}
    assert formas("--") == {"--"}
    assert compactar(" Á-1 b ") == "a1b"


@pytest.mark.parametrize("term", ["12345678z", "12345678-Z", "12.345.678-z", "ana 1234"])
def test_rows_match_whatever_the_separators(term):
    cliente = ClienteFactory(
        nombres="Ana", tipo_documento="DNI", pais_documento="ES", numero_documento="12345678Z"
    )
    ClienteFactory(nombres="Ana")
    assert list(Cliente.objects.matching(term)) == [cliente]


def test_no_words_match_everything_and_many_are_cut():
    ClienteFactory(nombres="Ana")
    assert Cliente.objects.matching("  ").count() == 1
    assert Cliente.objects.matching("ana " * 100).count() == 1


def test_words_on_another_store_are_asked_of_one_row():
    """«Ana Paz» is not the Ana of one cliente and the Paz of another, nor two lookups."""
    poliza = PolizaFactory(cliente=ClienteFactory(nombres="Ana", apellidos="Paz"))
    found = type(poliza).objects.matching("ana paz", ("cliente__busqueda",))
    assert list(found) == [poliza]
    assert not type(poliza).objects.matching("ana luz", ("cliente__busqueda",))


# Figures.


def test_money_and_numbers_are_written_as_people_read_them():
    assert formats.money(Decimal("1234567.5"), "PEN") == "1\xa0234\xa0567,50 PEN"
    assert formats.whole(1234567) == "1\xa0234\xa0567"
    assert formats.money(Decimal(0), "") == "0,00"
    with translation.override("en"):
        assert formats.money(Decimal("1234567.5"), "PEN") == "1,234,567.50 PEN"


def test_a_model_that_is_not_there_is_noticed():
    with pytest.raises((LookupError, FieldDoesNotExist)):
        apps.get_model("polizas.Nada")
