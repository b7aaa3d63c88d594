"""Sign-ins, sign-outs and failed tries leave their audit."""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver

from core.models import auditar


@receiver(user_logged_in)
def audit_sign_in(user: AbstractBaseUser, **kwargs: Any) -> None:
    auditar("auth", "entrada", user_id=user.pk)


@receiver(user_logged_out)
def audit_sign_out(user: AbstractBaseUser | None, **kwargs: Any) -> None:
    if user is not None:
        auditar("auth", "salida", user_id=user.pk)


@receiver(user_login_failed)
def audit_failed_sign_in(credentials: dict[str, Any], **kwargs: Any) -> None:
    auditar("auth", "entrada_fallida", username=str(credentials.get("username", ""))[:150])
