"""Text as people look for it: without case, accents or repeated blanks."""

import unicodedata
from collections.abc import Iterable


def normalizar(text: str) -> str:
    """Return `text` in lower case, without diacritics, its blanks collapsed; ñ counts as n."""
    decomposed = unicodedata.normalize("NFKD", text)
    plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(plain.casefold().split())


def compactar(text: str) -> str:
    """Return the letters and digits of `text` alone: «12.345-K» and «12345 k» are one and the same."""
    return "".join(c for c in normalizar(text) if c.isalnum())


def indexar(terms: Iterable[str]) -> str:
    """Return `terms` as they are searched: normalised and, where they have signs, without them too.

    A term with no letters, such as a phone number, is also one word however it is spaced.
    """
    found: list[str] = []
    for term in terms:
        words = normalizar(term).split()
        found += words
        found += [compactar(word) for word in words if not word.isalnum()]
        if len(words) > 1 and compactar(term).isdecimal():
            found.append(compactar(term))
    return " ".join(filter(None, found))


def formas(word: str) -> set[str]:
    """Return the ways in which a typed word may be written in what `indexar` returns."""
    return {normalizar(word), compactar(word)} - {""}
