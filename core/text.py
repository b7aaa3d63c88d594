"""Text as people look for it: without case, accents or repeated blanks."""

import unicodedata


def normalizar(text: str) -> str:
    """Return `text` in lower case, without diacritics, its blanks collapsed; ñ counts as n."""
    decomposed = unicodedata.normalize("NFKD", text)
    plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(plain.casefold().split())
