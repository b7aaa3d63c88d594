"""What programs sign in with: issued once, revoked by whoever has them, both audited."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from knox.crypto import hash_token
from knox.models import get_digest_token
from knox.settings import CONSTANTS

from core.models import Token, auditar
from core.stores import atomic

USUAL, LONGEST = timedelta(days=90), timedelta(days=365)


def usual_end() -> date:
    return timezone.localdate() + USUAL


def check_end(day: date) -> None:
    """Raise ValidationError for a last day that a token can't have."""
    hoy = timezone.localdate()
    first, last = hoy + timedelta(days=1), hoy + LONGEST
    if not first <= day <= last:
        raise ValidationError(
            _("Un día entre el %(first)s y el %(last)s.")
            % {"first": f"{first:%d/%m/%Y}", "last": f"{last:%d/%m/%Y}"}
        )


def issue(
    user: Any, *, nombre: str, alcance: str, vence: date | None, by: Any
) -> tuple[Token, str]:
    """Make a token for `user` that is good through the day `vence`; return it with what to send.

    Nobody can read the latter again.
    """
    vence = vence or usual_end()
    check_end(vence)
    end = timezone.make_aware(datetime.combine(vence + timedelta(days=1), time()))
    digest, secret = get_digest_token()
    token = Token(user=user, nombre=nombre, alcance=alcance, expiry=end, digest=digest)
    token.token_key = secret[: CONSTANTS.TOKEN_KEY_LENGTH]
    with atomic(Token):
        token.save()
        _audit("token_creado", token, by, alcance=alcance, vence=vence.isoformat())
    return token, secret


def revoke(token: Token, *, by: Any) -> None:
    """End a token now."""
    with atomic(Token):
        _audit("token_revocado", token, by)
        token.delete()


def find(secret: str) -> Token | None:
    """Return the token that a program sent, good or not any more."""
    found: Token | None = (
        Token.objects.select_related("user").filter(digest=hash_token(secret)).first()
    )
    return found


def note_use(token: Token) -> None:
    """Keep the day of the last use: one write a day."""
    hoy = timezone.localdate()
    if token.ultimo_uso != hoy:
        Token.objects.filter(pk=token.pk).update(ultimo_uso=hoy)


def _audit(operacion: str, token: Token, by: Any, **more: str) -> None:
    auditar(
        "auth",
        operacion,
        user_id=by.pk,
        token=str(token.pk),
        nombre=token.nombre,
        cuenta=token.user.get_username(),
        **more,
    )
