"""A form filled in once registers one row, however often it is sent.

Each form that is drawn carries a signed moment. The key of its row is that moment, so that rows still sort
by time, ended by the digest of what was typed: with other data it is another row.
"""

from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from django.core.signing import BadSignature, Signer
from rest_framework.request import Request
from uuid_utils.compat import uuid7

from core.api import idempotency

MARK: Final = "_una_vez"
WHENCE: Final = "Formulario"  # what the history of the row says of where it comes from
RANDOM: Final = 62  # the last bits of a UUIDv7, which say no time
OURS: Final = frozenset({"csrfmiddlewaretoken", MARK})  # in a form, and no field of the row


def mark(user: Any) -> str:
    """Return what a form just drawn for `user` carries."""
    return _signer(user).sign(str(uuid7()))


def key_of(request: Request, user: Any) -> idempotency.Key | None:
    """Return the key that a form carries; None where it is none of ours."""
    form: Any = request.data
    try:
        moment = UUID(_signer(user).unsign(form.get(MARK, "")))
    except BadSignature:
        return None
    said = sorted((name, values) for name, values in form.lists() if name not in OURS)
    digest = sha256(f"{moment}{said}".encode()).digest()
    own = int.from_bytes(digest[:8], "big") % 2**RANDOM
    return idempotency.Key(pk=UUID(int=(moment.int >> RANDOM << RANDOM) | own), mark=WHENCE)


def _signer(user: Any) -> Signer:
    return Signer(salt=f"core.pages.once:{user.pk}")
