"""The countries as people choose them: ISO 3166 codes, named in the reader's language."""

from collections.abc import Mapping
from functools import cache

from babel import Locale
from django.conf import settings
from django.utils.translation import get_language, to_locale

from core.text import normalizar

# What CLDR names besides countries: unions, exclaves, outlying islands and codes for tests.
NO_SON_PAISES = frozenset(
    ["AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"]
)


def paises() -> list[tuple[str, str]]:
    """Return (code, name) of each country, by name."""
    return list(_paises(get_language() or settings.LANGUAGE_CODE).items())


def es_pais(codigo: str) -> bool:
    return codigo in _paises(settings.LANGUAGE_CODE)


def nombre_de_pais(codigo: str) -> str:
    """Return the country's name; the code itself where it names none."""
    return _paises(get_language() or settings.LANGUAGE_CODE).get(codigo, codigo)


@cache
def _paises(language: str) -> Mapping[str, str]:
    names = Locale.parse(to_locale(language)).territories
    found = [
        (code, name)
        for code, name in names.items()
        if len(code) == 2 and code.isalpha() and code not in NO_SON_PAISES
    ]
    return dict(sorted(found, key=lambda pais: normalizar(pais[1])))
