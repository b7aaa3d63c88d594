"""What keeps the house as it is described."""

import ast
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib import admin

from core.entities import Entity

pytestmark = pytest.mark.any_engine

DOMAINS = (
    "especialidades", "agentes", "clientes", "polizas", "bienes", "siniestros", "empleados", "pedidos",
)  # fmt: skip
OURS = (*DOMAINS, "core", "bitacora", "ingestion", "analitica", "reportes", "compat", "config")
GLOSSARY = (settings.BASE_DIR / "docs" / "glosario.md").read_text().casefold()

ENTITIES = [
    model
    for model in apps.get_models()
    if issubclass(model, Entity) and not hasattr(model, "instance_type")
]


def modules():
    for app in OURS:
        for path in sorted((settings.BASE_DIR / app).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


@pytest.mark.parametrize("model", ENTITIES, ids=lambda model: model._meta.label)
def test_the_glossary_says_what_each_entity_is(model):
    assert f"**{model._meta.verbose_name}**".casefold() in GLOSSARY


@pytest.mark.parametrize("app", DOMAINS)
def test_each_domain_says_where_it_lives_and_what_leaves_for_the_lake(app):
    assert apps.get_app_config(app).store in settings.DATABASES
    # What happens to a reclamo leaves from the bitácora.
    assert app == "siniestros" or (settings.BASE_DIR / app / "datasets.py").exists()


def test_every_entity_is_in_the_back_office_by_itself_or_inside_another():
    pages = set(admin.site._registry)
    inside = {
        inline.model
        for model_admin in admin.site._registry.values()
        for inline in model_admin.inlines
    }
    inside |= {
        inline.model
        for model_admin in admin.site._registry.values()
        for inline in getattr(model_admin, "get_inlines", lambda *a: ())(None, None)
    }
    assert not {model._meta.label for model in ENTITIES} - {m._meta.label for m in pages | inside}


def test_no_module_is_born_empty():
    empty = [p for p in modules() if p.name != "__init__.py" and not p.read_text().strip()]
    assert not empty


def test_no_module_outgrows_the_house():
    long = {
        str(path): lines
        for path in modules()
        if "tests" not in path.parts and (lines := len(path.read_text().splitlines())) > 300
    }
    assert not long


def test_no_function_outgrows_a_screen():
    long = {
        f"{path}:{node.lineno} {node.name}"
        for path in modules()
        if "tests" not in path.parts
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno - node.lineno >= 40
    }
    assert not long


def test_domains_write_inside_their_own_store():
    """A bare transaction.atomic() guards only the default one."""
    bare = [
        str(path)
        for path in modules()
        if path not in {settings.BASE_DIR / "core" / name for name in ("stores.py", "testing.py")}
        and "tests" not in path.parts
        and "transaction.atomic" in path.read_text().replace("bare transaction.atomic", "")
    ]
    assert not bare


def test_no_domain_names_an_engine():
    engines = ("sqlite", "mysql", "postgres", "mongo", "cassandra")
    named = {
        f"{path}: {engine}"
        for app in DOMAINS
        for path in sorted((settings.BASE_DIR / app).rglob("*.py"))
        if not {"migrations", "tests"} & set(path.parts) and path.name != "datasets.py"
        for engine in engines
        if engine in path.read_text().casefold()
    }
    assert not named


def test_the_two_readmes_tell_the_same():
    spanish, english = (
        (Path(settings.BASE_DIR) / name).read_text() for name in ("README.md", "README.en.md")
    )
    assert spanish.count("\n## ") == english.count("\n## ")
    assert spanish.count("```") == english.count("```")
