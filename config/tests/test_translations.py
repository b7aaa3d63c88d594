"""Every string is written in Spanish and has its English; what the packages bring has its Spanish."""

import ast
import re
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils import translation
from django.utils.translation import templatize, trans_real

pytestmark = pytest.mark.any_engine

ROOT = Path(settings.BASE_DIR)
OURS = [ROOT / "templates", *(p.parent for p in sorted(ROOT.glob("*/__init__.py")))]
PACKAGES = ("unfold", "simple_history", "django_celery_beat")
DJANGO = ("django.contrib.admin", "django.contrib.auth", "rest_framework")
# What unfold brings for packages that are not here.
ELSEWHERE = {"constance", "guardian", "import_export", "inlines", "location_field"}

LITERAL = r"""u?(?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")"""
CALL = re.compile(rf"\b(_|n?p?gettext)\(\s*({LITERAL}(?:\s*,\s*{LITERAL})*)", re.DOTALL)
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[a-z]|\{\w*\}")


class Text(NamedTuple):
    """A string to translate, known by what a catalog knows it by."""

    context: str | None
    singular: str
    plural: str | None = None


def text(function: str, literals: list[str]) -> Text:
    """The string in a call of gettext's family: with n it has a plural, with p a context."""
    context = literals[0] if "p" in prefix(function) else None
    return Text(context, *literals["p" in prefix(function) :])


def prefix(function: str) -> str:
    return function.partition("gettext")[0]


def calls(path: Path) -> Iterator[tuple[int, str, list[str | None]]]:
    """The line, the function and the strings of each call; None for what is not a plain string."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
            if re.fullmatch(r"_|n?p?gettext(_lazy|_noop)?", name):
                arguments = node.args[: 1 + len(prefix(name).replace("_", ""))]
                yield node.lineno, name, [plain(argument) for argument in arguments]


def plain(argument: ast.expr) -> str | None:
    value = argument.value if isinstance(argument, ast.Constant) else None
    return value if isinstance(value, str) else None


def in_python(path: Path) -> Iterator[Text]:
    for _line, name, literals in calls(path):
        if None not in literals:
            yield text(name, literals)


def in_template(path: Path) -> Iterator[Text]:
    """Django makes of a template what gettext reads, so this finds what makemessages finds."""
    for function, literals in CALL.findall(templatize(path.read_text(), origin=str(path))):
        yield text(function, list(ast.literal_eval(f"[{literals}]")))


def texts(folders: Iterable[Path], leave_out: Iterable[str] = ()) -> set[Text]:
    """Every string to translate in the Python and the templates of `folders`."""
    leave_out = {"tests", "migrations", *leave_out}
    readers = {".py": in_python, ".html": in_template, ".txt": in_template}
    return {
        found
        for folder in folders
        for path in sorted(folder.rglob("*"))
        if path.suffix in readers and not leave_out & set(path.relative_to(folder).parts)
        for found in readers[path.suffix](path)
    }


def catalog(language: str, form: str) -> Catalog:
    path = ROOT / "locale" / language / "LC_MESSAGES" / f"django.{form}"
    with path.open("rb") as file:
        return read_po(file, abort_invalid=True) if form == "po" else read_mo(file)


def entries(found: Catalog) -> dict[Text, tuple[str, ...]]:
    """What each string becomes: one form, or one for each plural."""
    return {
        Text(message.context, *several(message.id)): several(message.string)
        for message in found
        if message.id
    }


def several(forms: str | Iterable[str]) -> tuple[str, ...]:
    return (forms,) if isinstance(forms, str) else tuple(forms)


def package(name: str) -> Path:
    return Path(find_spec(name).origin).parent


@pytest.fixture(scope="module")
def ours() -> set[Text]:
    return texts(OURS)


def test_extraction_reads_plurals_contexts_and_trimmed_blocks(tmp_path):
    module, page = tmp_path / "module.py", tmp_path / "page.html"
    module.write_text(
        "_('uno' ' dos'); t.ngettext('fila', 'filas', n); pgettext_lazy('mes', 'ene')"
    )
    page.write_text(
        "{% load i18n %}{% translate 'Sí, \"ya\"' %}{{ x|default:_('nada') }}"
        "{% translate 'may' context 'mes' %}{% blocktranslate trimmed count n=n %}\n  {{ n }} (día)"
        "\n  {% plural %}\n  {{ n }} (días)\n{% endblocktranslate %}"
    )
    assert texts([tmp_path]) == {
        Text(None, "uno dos"),
        Text(None, "fila", "filas"),
        Text("mes", "ene"),
        Text(None, 'Sí, "ya"'),
        Text(None, "nada"),
        Text("mes", "may"),
        Text(None, "%(n)s (día)", "%(n)s (días)"),
    }


def test_only_plain_strings_are_asked_for():
    """An f-string is made before gettext sees it: no catalog can hold it."""
    assert not [
        f"{path}:{line}"
        for folder in OURS
        for path in sorted(folder.rglob("*.py"))
        for line, _name, literals in calls(path)
        if None in literals
    ]


def test_every_string_of_ours_has_its_english(ours):
    english = entries(catalog("en", "mo"))
    assert not sorted(found for found in ours if not all(english.get(found, [""])))


def test_no_english_is_left_over_or_guessed(ours):
    english = catalog("en", "po")
    assert not sorted(entries(english).keys() - ours)
    assert not english.obsolete
    assert not [message.id for message in english if message.id and message.fuzzy]


def test_every_string_of_the_packages_has_its_spanish():
    with translation.override("es"):
        spanish = trans_real.catalog()._catalog
        lacking = {
            found
            for found in texts(map(package, PACKAGES), leave_out=ELSEWHERE)
            if not spanish.get((found.singular, 0) if found.plural else found.singular)
        }
    assert not sorted(lacking)


def test_no_spanish_is_left_over_from_a_string_that_the_packages_lost():
    theirs = texts(map(package, (*PACKAGES, *DJANGO)), leave_out=ELSEWHERE)
    assert not sorted(entries(catalog("es", "po")).keys() - theirs)


@pytest.mark.parametrize("language", ["es", "en"])
def test_what_is_compiled_is_what_is_written(language):
    written, compiled = (entries(catalog(language, form)) for form in ("po", "mo"))
    assert compiled == written
    assert all(all(forms) for forms in written.values())


@pytest.mark.parametrize("language", ["es", "en"])
def test_translations_keep_the_placeholders(language):
    astray = {
        found
        for found, forms in entries(catalog(language, "po")).items()
        if {frozenset(PLACEHOLDER.findall(form)) for form in forms}
        != {frozenset(PLACEHOLDER.findall(source)) for source in found[1:] if source}
    }
    assert not sorted(astray)


@pytest.mark.parametrize(
    ("language", "heading", "search", "title"),
    [
        ("es", "¿Olvidó su contraseña?", "Escriba para buscar", "Pólizas"),
        ("en", "Forgot your password?", "Type to search", "Policies"),
    ],
)
@pytest.mark.django_db(databases="__all__")
def test_pages_speak_the_language_of_the_person(
    client, admin_client, language, heading, search, title
):
    asked = {"HTTP_ACCEPT_LANGUAGE": language}
    with translation.override(None):  # what the request activates is not left to other tests
        assert heading in client.get("/admin/login/", **asked).content.decode()
        page = admin_client.get("/admin/polizas/poliza/", **asked).content.decode()
    assert search in page
    assert title in page


@pytest.mark.django_db(databases="__all__")
def test_the_language_that_a_person_chooses_stays(admin_client):
    with translation.override(None):
        assert 'action="/i18n/setlang/"' in admin_client.get("/admin/").content.decode()
        admin_client.post("/i18n/setlang/", {"language": "en"})
        assert "Log out" in admin_client.get("/admin/").content.decode()
