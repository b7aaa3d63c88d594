"""Idempotency-Key: what is asked twice, or a thousand times at once, is made once.

The key of the row that is made is the UUIDv5 of who asks, where and with which key, so the store itself
lets no second one in. The digest of the body stays in the history of that row, in the transaction that
makes it: a refused attempt binds nothing, and a key is good for as long as the history is.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from time import sleep
from typing import Any, Final
from uuid import UUID, uuid5

from django.core.exceptions import ValidationError
from django.db import DatabaseError
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.request import Request

from core.api.errors import Gone, KeyReused
from core.entities import Entity
from core.history import because

HEADER: Final = "Idempotency-Key"
NAMESPACE: Final = UUID("9a1f8b0e-6c0d-5f7e-9d55-0c4b1d2f3a77")
PAUSES = (0.02, 0.05, 0.1, 0.2, 0.4, 0.8)  # seconds
VISIBLE = re.compile(r"[!-~]{1,200}")

Make = Callable[[UUID | None], Entity]


@dataclass(frozen=True)
class Key:
    """A key as one person sent it to one address, with one body."""

    pk: UUID
    mark: str


def key_of(request: Request, user: Any) -> Key | None:
    """Return the key that `request` carries; raise ValidationError for one that can't be a key."""
    text = request.headers.get(HEADER)
    if text is None:
        return None
    if not VISIBLE.fullmatch(text):
        sentence = _("De 1 a 200 caracteres visibles, sin espacios ni acentos.")
        raise exceptions.ValidationError({HEADER: [sentence]})
    body = json.dumps(request.data, sort_keys=True, ensure_ascii=False).encode()
    return Key(
        pk=uuid5(NAMESPACE, f"{user.pk}:{request.path_info.rstrip('/')}:{text}"),
        mark=f"{HEADER} {sha256(body).hexdigest()[:40]}",
    )


def once(key: Key | None, model: type[Entity], make: Make) -> Entity:
    """Return the row that `make` makes, or that it made when the same was asked before.

    Raises KeyReused where the body was another, and Gone where the row was deleted afterwards.
    """
    if key is None:
        return make(None)
    if made := _made(key, model):
        return made
    try:
        with because(key.pk, key.mark):
            return make(key.pk)
    except (ValidationError, exceptions.APIException, DatabaseError):
        # It may be in the way of itself: another of the same was quicker.
        if made := _made_meanwhile(key, model):
            return made
        raise


def _made_meanwhile(key: Key, model: type[Entity]) -> Entity | None:
    """Return the row that another of the same makes; where its history comes first, wait for it a little."""
    for pause in PAUSES:
        if made := _made(key, model):
            return made
        if not model.history.filter(id=key.pk).exists():
            return None
        sleep(pause)
    return _made(key, model)


def _made(key: Key, model: type[Entity]) -> Entity | None:
    row: Entity | None = model._default_manager.filter(pk=key.pk).first()
    past = model.history.filter(id=key.pk)
    if row is None:
        if past.filter(history_type="-").exists():
            raise Gone
        return None
    if not past.filter(history_type="+", history_change_reason=key.mark).exists():
        raise KeyReused
    return row
