"""What is asked of a MongoDB to refuse by itself."""

import pytest
from django.apps import apps
from django.db import connections

from core.history import is_history
from core.stores import store_of

STORE = next((alias for alias in connections if connections[alias].vendor == "mongodb"), None)

pytestmark = [
    pytest.mark.skipif(STORE is None, reason="no store is on MongoDB"),
    pytest.mark.django_db(databases=[STORE or "default"]),
]


def models():
    return [model for model in apps.get_models() if store_of(model._meta.app_label) == STORE]


def guard(monkeypatch, *unmade):
    """Run what follows a migration, as if the collections of some models were not there."""
    from core.backends.mongodb.guards import keep_guards

    connection = connections[STORE]
    there = [m._meta.db_table for m in models() if m not in unmade]
    monkeypatch.setattr(connection.introspection, "table_names", lambda: there)
    for label in {model._meta.app_label for model in models()}:
        keep_guards(apps.get_app_config(label), using=STORE)


@pytest.mark.parametrize("model", models(), ids=lambda model: model._meta.label)
def test_a_collection_says_what_its_documents_are(model):
    options = connections[STORE].database[model._meta.db_table].options()
    said = options["validator"]["$jsonSchema"]
    own = {field.column for field in model._meta.concrete_fields}
    assert {*said["required"]} == {*said["properties"]} == own


def test_a_history_has_each_version_of_a_row_once(monkeypatch):
    guard(monkeypatch)
    histories = [model for model in models() if is_history(model)]
    assert histories
    for model in histories:
        index = connections[STORE].database[model._meta.db_table].index_information()
        assert index["una_por_version"]["unique"]
        assert index["una_por_version"]["key"] == [("id", 1), ("version", 1)]


def test_what_a_collection_says_follows_its_model_once_a_migration_has_made_it(monkeypatch):
    asked = []
    database = connections[STORE].database
    other = type(database["otra"])
    monkeypatch.setattr(other, "options", lambda self: {"validator": {"era": "otro"}})
    monkeypatch.setattr(type(database), "command", lambda self, *args, **kwargs: asked.append(args))
    first, *rest = models()
    guard(monkeypatch, *rest)
    assert asked == [("collMod", first._meta.db_table)]
