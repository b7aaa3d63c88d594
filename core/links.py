"""Links to set a password: asked for at the door, or sent by who manages accounts.

A request is a row, and a worker mails it: whoever asks is answered in the same words and in the same
time whether or not anybody has the address.
"""

from datetime import timedelta
from smtplib import SMTPException
from typing import Any, Final

import structlog
from celery import current_app
from django.contrib.auth.forms import PasswordResetForm
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.db import transaction
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _
from kombu.exceptions import KombuError, OperationalError

from core.languages import language_of
from core.leases import LeaseTaken, lease
from core.models import LinkRequest, auditar
from core.stores import store_for
from core.tries import client_address

WINDOW: Final = timedelta(hours=1)
OF_EMAIL: Final = 3
OF_ADDRESS: Final = 20
PATIENCE: Final = timedelta(minutes=10)  # with a mail server that does not answer

log = structlog.get_logger()


def ask(request: HttpRequest, email: str) -> None:
    """Take note that somebody wants a link for `email`, whether or not it is anybody's.

    Raises ValidationError where `email`, or the address it is asked from, has had its share.
    """
    forget()
    address, email = client_address(request), email.casefold()
    recent = LinkRequest.objects.filter(account=None, moment__gt=timezone.now() - WINDOW)
    if (
        recent.filter(email=email).count() >= OF_EMAIL
        or recent.filter(address=address).count() >= OF_ADDRESS
    ):
        raise ValidationError(
            _("Ya se pidieron varios enlaces. Revise su correo, o espere una hora para pedir otro.")
        )
    _leave(request, email=email, address=address)


def invite(request: HttpRequest, account: Any) -> None:
    """Send `account` a link to choose its password; ValidationError where it can't be."""
    if not account.email:
        raise ValidationError(_("La cuenta no tiene correo: escríbalo antes."))
    if not account.is_active:
        raise ValidationError(_("La cuenta está desactivada."))
    _leave(request, email=account.email, account=account)


def _leave(request: HttpRequest, **of: Any) -> None:
    LinkRequest.objects.create(
        origin=request.build_absolute_uri("/").rstrip("/"),
        language=translation.get_language() or "",
        **of,
    )
    transaction.on_commit(_wake, using=store_for(LinkRequest).alias)


def _wake() -> None:
    """Call a worker; where no message can be sent, the beat's next round comes to it."""
    try:
        current_app.send_task("core.tasks.send_links")
    except (OperationalError, KombuError, OSError) as failure:
        log.warning("broker_unreachable", error=type(failure).__name__)


def forget() -> None:
    """Drop the requests that no longer count."""
    LinkRequest.objects.filter(moment__lte=timezone.now() - WINDOW).delete()


def send_pending() -> None:
    """Mail what waits, one worker at a time; what can't be mailed now is tried again."""
    waiting = LinkRequest.objects.filter(sent=None, moment__gt=timezone.now() - PATIENCE)
    try:
        with lease("enlaces") as renew:
            for request in waiting.order_by("moment"):
                renew()
                _send(request)
    except LeaseTaken:
        return


def _send(request: LinkRequest) -> None:
    try:
        for account in _accounts(request):
            _mail(account, request)
    except (OSError, SMTPException) as failure:
        log.warning("mail_not_sent", request=request.pk, error=type(failure).__name__)
    else:
        LinkRequest.objects.filter(pk=request.pk).update(sent=timezone.now())


def _accounts(request: LinkRequest) -> list[Any]:
    """Whom the link is for: who is invited, or who has this e-mail and already has a password."""
    if request.account_id is None:
        return list(PasswordResetForm().get_users(request.email))
    return [request.account] if request.account and request.account.is_active else []


def _mail(account: Any, request: LinkRequest) -> None:
    with translation.override(language_of(account) or request.language):
        key = urlsafe_base64_encode(force_bytes(account.pk))
        token = default_token_generator.make_token(account)
        path = reverse("password_reset_confirm", kwargs={"uidb64": key, "token": token})
        context = {
            "account": account,
            "link": request.origin + path,
            "site": request.origin,
            "invited": request.account_id is not None,
        }
        subject = render_to_string("registration/password_reset_subject.txt", context)
        body = render_to_string("registration/password_reset_email.txt", context)
        send_mail(" ".join(subject.split()), body, None, [account.email])
    auditar("auth", "enlace_enviado", cuenta=account.username)
