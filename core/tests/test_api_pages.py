"""Pages of a list: whole, in order and without repeats, whatever its ties and whoever writes meanwhile."""

from datetime import timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.signing import Signer
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from agentes.models import Agente
from clientes.models import Cliente, Contacto
from clientes.tests.factories import ClienteFactory, ContactoFactory
from core.api.pages import total_order
from core.api.testing import signed_in
from core.testing import queries

pytestmark = pytest.mark.django_db(databases="__all__")

LIST = "/api/v1/clientes/"


def walk(client, address, link="next"):
    """Yield the pages from `address` on."""
    while address:
        answer = client.get(address)
        assert answer.status_code == 200, answer.data
        yield answer.data
        address = answer.data[link]


def keys(pages):
    return [row["id"] for page in pages for row in page["results"]]


def in_order(*order):
    return [str(key) for key in Cliente.objects.order_by(*order).values_list("pk", flat=True)]


class TestTies(TestCase):
    """Many rows with the same name, and some without: each comes once, in either direction."""

    databases = "__all__"

    @settings(max_examples=25, deadline=None)
    @given(
        names=st.lists(st.sampled_from(["Ana", "Eva", "Íñigo", "ana"]), max_size=12),
        size=st.integers(1, 5),
        order=st.sampled_from(["nombres", "-nombres", "-creado", "nombres,-creado", "apellidos"]),
    )
    def test_every_row_comes_once_and_in_order(self, names, size, order):
        Cliente.objects.all().delete()
        moment = timezone.now()
        for position, name in enumerate(names):
            ClienteFactory(nombres=name, apellidos="", creado=moment + timedelta(days=position % 3))
        client = signed_in()
        address = f"{LIST}?limit={size}&ordering={order}"
        pages = list(walk(client, address))
        columns = order.split(",")
        last = "-id" if columns[0].startswith("-") else "id"
        assert keys(pages) == in_order(*columns, last)
        assert all(len(page["results"]) == size for page in pages[:-1])
        back = list(walk(client, self.last_address(client, address), "previous"))
        assert keys(back[::-1]) == keys(pages)

    def last_address(self, client, address):
        while following := client.get(address).data["next"]:
            if not client.get(following).data["results"]:
                break
            address = following
        return address


def test_the_default_order_is_newest_first():
    ClienteFactory.create_batch(5)
    assert keys(walk(signed_in(), f"{LIST}?limit=2")) == in_order("-creado", "-id")


def test_a_page_has_fifty_rows_unless_it_is_asked_for_others():
    ClienteFactory.create_batch(52)
    client = signed_in()
    assert len(client.get(LIST).data["results"]) == 50
    assert len(client.get(LIST, {"limit": 200}).data["results"]) == 52


def test_the_only_page_leads_nowhere():
    ClienteFactory()
    page = signed_in().get(LIST).data
    assert (page["next"], page["previous"]) == (None, None)
    assert set(page) == {"next", "previous", "results"}


def test_an_empty_list_leads_nowhere():
    assert signed_in().get(LIST).data == {"next": None, "previous": None, "results": []}


def test_nothing_is_counted():
    ClienteFactory.create_batch(3)
    client = signed_in()
    client.get(LIST)
    with queries() as asked:
        client.get(f"{LIST}?limit=2")
    sent = [sql for statements in asked.by_store.values() for sql in statements]
    assert not [sql for sql in sent if "COUNT(" in sql.upper()]


def test_a_row_written_between_two_pages_moves_none_of_the_others():
    ClienteFactory.create_batch(4)
    client = signed_in()
    expected = in_order("-creado", "-id")
    first = client.get(f"{LIST}?limit=2").data
    ClienteFactory()
    Cliente.objects.get(pk=first["results"][0]["id"]).delete()
    second = client.get(first["next"]).data
    assert keys([first, second]) == expected


def test_filters_words_and_expansions_stay_from_page_to_page():
    for cliente in ClienteFactory.create_batch(5, nombres="Ana"):
        ContactoFactory(cliente=cliente)
    ClienteFactory(nombres="Eva")
    pages = list(walk(signed_in(), f"{LIST}?limit=2&search=ana&tipo=persona&expand=contactos"))
    rows = [row for page in pages for row in page["results"]]
    assert [len(page["results"]) for page in pages] == [2, 2, 1]
    assert {row["nombres"] for row in rows} == {"Ana"}
    assert all(len(row["contactos"]) == 1 for row in rows)


def test_a_page_that_others_emptied_still_leads_back():
    ClienteFactory.create_batch(3)
    client = signed_in()
    first = client.get(f"{LIST}?limit=2").data
    Cliente.objects.exclude(pk__in=[row["id"] for row in first["results"]]).first().delete()
    second = client.get(first["next"]).data
    assert second["results"] == []
    assert second["next"] is None
    assert keys([client.get(second["previous"]).data]) == keys([first])


class TestCursor:
    def asked(self, cursor, **more):
        return signed_in().get(LIST, {"cursor": cursor} | more)

    def test_one_that_was_not_made_here_is_refused_in_a_sentence(self):
        forged = Signer(salt="otra").sign_object([["-creado", "-id"], ["x", "y"], False])
        for cursor in ("x", "a:b", "cD0xJnI9MQ==", forged, "á"):
            answer = self.asked(cursor)
            assert answer.status_code == 400
            assert answer.data == {
                "cursor": ["Este cursor no es de esta lista en este orden: empiece sin él."]
            }

    def test_one_of_another_order_is_refused(self):
        ClienteFactory.create_batch(2)
        page = signed_in().get(LIST, {"limit": 1}).data
        assert signed_in().get(f"{page['next']}&ordering=nombres").status_code == 400

    def test_a_signed_value_that_is_no_value_is_refused_too(self):
        pages = Signer(salt="core.api.pages")
        for made in ([["-creado", "-id"], ["x", "y"], False], {"a": 1}, [1], "x"):
            assert self.asked(pages.sign_object(made)).status_code == 400


class TestTotalOrder:
    def test_the_key_ends_it_in_the_direction_of_the_first(self):
        assert total_order(Cliente, ["nombres"]) == ["nombres", "id"]
        assert total_order(Cliente, ["-nombres", "creado"]) == ["-nombres", "creado", "-id"]
        assert total_order(Cliente, ["-creado", "-id"]) == ["-creado", "-id"]
        assert total_order(Cliente, []) == ["id"]

    def test_a_reference_is_ordered_by_its_own_column(self):
        assert total_order(Contacto, Contacto._meta.ordering) == ["cliente_id", "tipo", "id"]

    def test_a_column_that_may_hold_nothing_is_no_order(self):
        with pytest.raises(ImproperlyConfigured, match="nulls"):
            total_order(Cliente, ["nacimiento"])
        with pytest.raises(ImproperlyConfigured, match="nulls"):
            total_order(Agente, ["especialidad"])

    def test_nor_is_one_that_there_is_not(self):
        with pytest.raises(ImproperlyConfigured, match="no column"):
            total_order(Cliente, ["edad"])
