"""What every entity promises, as tests that an app inherits: class TestPoliza(EntityContract)."""

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from math import inf
from typing import Any, ClassVar

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.db import connections, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.entities import Entity, VersionConflict
from core.outages import breaker
from core.stores import store_for, store_of
from core.text import normalizar


def not_rolled_back() -> list[str]:
    """Return the stores where Django's own transactions do nothing."""
    return [alias for alias in connections if hasattr(connections[alias], "own_atomic")]


if not_rolled_back():
    from core.backends.mongodb.testing import (
        undone_documents,  # listens to each client made from here on
    )


@contextmanager
def undone_by_hand() -> Iterator[None]:
    """What the block writes in those stores is as if it had not been."""
    with ExitStack() as stack:
        for alias in not_rolled_back():
            stack.enter_context(undone_documents(alias))
        yield


@contextmanager
def undone() -> Iterator[None]:
    """What the block writes, in whatever store, is as if it had not been."""
    with undone_by_hand(), ExitStack() as stack:
        for alias in connections:
            stack.enter_context(transaction.atomic(using=alias))
            stack.callback(partial(transaction.set_rollback, rollback=True), using=alias)
        yield


@contextmanager
def silent(alias: str) -> Iterator[None]:
    """A block in which a store does not answer, whatever its engine."""
    breaker(alias).failed(rest=inf)
    try:
        yield
    finally:
        breaker(alias).answered()


class Queries:
    """The queries that a block sent, by store."""

    def __init__(self) -> None:
        self.by_store: dict[str, list[str]] = {}

    @property
    def total(self) -> int:
        return sum(len(queries) for queries in self.by_store.values())


@contextmanager
def queries() -> Iterator[Queries]:
    """Capture what the block asks of every store; transaction control is not counted."""
    seen = Queries()
    with ExitStack() as stack:
        contexts = {
            alias: stack.enter_context(CaptureQueriesContext(connections[alias]))
            for alias in connections
        }
        yield seen
    for alias, context in contexts.items():
        seen.by_store[alias] = [
            query["sql"]
            for query in context.captured_queries
            if not query["sql"].startswith(("BEGIN", "SAVEPOINT", "RELEASE", "COMMIT", "ROLLBACK"))
        ]


@pytest.mark.django_db(databases="__all__")
class EntityContract:
    """Inherit, and name the model and its factory."""

    model: ClassVar[type[Entity]]
    factory: ClassVar[Any]

    @property
    def page(self) -> Any:
        return admin.site._registry.get(self.model)

    def url(self, view: str, *args: Any) -> str:
        opts = self.model._meta
        return reverse(f"admin:{opts.app_label}_{opts.model_name}_{view}", args=args)

    def test_it_lives_in_the_store_that_its_app_declares(self) -> None:
        row = self.factory()
        store = store_of(self.model._meta.app_label)
        assert store == vars(type(apps.get_app_config(self.model._meta.app_label)))["store"]
        assert row._state.db == store == store_for(self.model).alias

    def test_it_has_an_order_and_spanish_names_for_one_and_many(self) -> None:
        assert self.model._meta.ordering
        assert {"verbose_name", "verbose_name_plural"} <= set(self.model._meta.original_attrs)

    def test_it_says_what_it_is(self) -> None:
        assert str(self.factory()).strip()

    def test_each_change_leaves_one_history_row_in_the_same_store(self) -> None:
        row = self.factory()
        key, before = row.pk, row.history.count()
        row.save()
        row.delete()
        history = self.model.history.filter(id=key).order_by("history_id")
        assert [record.history_type for record in history][before:] == ["~", "-"]
        assert history.db == store_for(self.model).alias

    def test_the_second_of_two_people_who_save_is_told(self) -> None:
        row = self.factory()
        first, second = (self.model._default_manager.get(pk=row.pk) for _ in range(2))
        first.save()
        with pytest.raises(VersionConflict):
            second.save()
        row.refresh_from_db()
        assert row.version == first.version

    def test_its_admin_list_asks_the_same_whatever_its_length(self, admin_client: Client) -> None:
        if self.page is None:
            return  # a part, edited inside the page of its whole
        self.factory.create_batch(2)
        admin_client.get(self.url("changelist"))
        with queries() as few:
            assert admin_client.get(self.url("changelist")).status_code == 200
        self.factory.create_batch(9)
        with queries() as many:
            assert admin_client.get(self.url("changelist")).status_code == 200
        assert many.total == few.total, many.by_store
        assert many.total <= 12, many.by_store
        # Frozen, so that one more is seen; if it is meant, write it into the file.
        frozen = json.loads((settings.BASE_DIR / "query_counts.json").read_text())
        label = self.model._meta.label
        assert many.total == frozen.get(label), f'"{label}": {many.total}'

    def test_its_admin_pages_open(self, admin_client: Client) -> None:
        if self.page is None:
            return
        row = self.factory()
        row.save()
        urls = [
            self.url("changelist") + "?q=" + "x",
            self.url("add"),
            self.url("change", row.pk),
            self.url("history", row.pk),
            self.url("delete", row.pk),
        ]
        answers = {url: admin_client.get(url).status_code for url in urls}
        assert set(answers.values()) <= {200, 403}, answers
        assert answers[urls[0]] == answers[urls[2]] == answers[urls[3]] == 200, answers

    def test_every_column_may_be_clicked_to_order_by_it(self, admin_client: Client) -> None:
        if self.page is None:
            return
        self.factory()
        columns = range(1, len(self.page.list_display) + 1)
        answers = {n: admin_client.get(self.url("changelist"), {"o": n}) for n in columns}
        assert {answer.status_code for answer in answers.values()} == {200}

    def test_an_address_with_no_key_is_not_found(self, admin_client: Client) -> None:
        if self.page is None:
            return
        for address in ("x/history/", "x/history/y/", "x/change/", "x/delete/"):
            answer = admin_client.get(self.url("changelist") + address)
            assert answer.status_code in (302, 403, 404), address

    def test_people_find_it_without_accents_or_case(self, admin_client: Client) -> None:
        if self.page is None or not self.model.search_terms:
            return
        row = self.factory()
        written = next(str(v) for name in self.model.search_terms if (v := getattr(row, name)))
        looked_for = normalizar(written).upper()
        found, not_found = (
            admin_client.get(self.url("changelist"), {"q": term}).content.decode()
            for term in (looked_for, "zzzz-no-hay-tal")
        )
        assert str(row.pk) in found
        assert str(row.pk) not in not_found
