"""Tries to sign in: who fails too often waits, and is told until when."""

from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from math import ceil
from typing import Any, Final

from axes.handlers.database import AxesDatabaseHandler
from axes.signals import user_locked_out
from django.conf import settings
from django.contrib import admin
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.models import Intento, auditar

# An office leaves by one address: it may fail ten times as often as a person.
SHARE: Final = 10


class Tries(AxesDatabaseHandler):
    """Five failed tries of a person at an address, or fifty at an address whoever they say they are."""

    def get_failures(self, request: HttpRequest, credentials: Any = None) -> int:
        person, address = (
            sum(attempts.values_list("failures_since_start", flat=True))
            for attempts in self.get_user_attempts(request, credentials)
        )
        return int(max(person, address // SHARE))

    def user_login_failed(
        self, sender: Any, credentials: Any, request: Any = None, **kwargs: Any
    ) -> None:
        if request is not None:
            # One row for a person and an address: another browser is not another chance.
            request.axes_user_agent = ""
        super().user_login_failed(sender, credentials, request, **kwargs)

    def reset_user_attempts(self, request: HttpRequest, credentials: Any = None) -> int:
        """Forget the failures of who signed in; those of others at their address stay."""
        person, _address = self.filter_user_attempts(request, credentials)
        count: int = person.delete()[0]
        return count


def client_address(request: HttpRequest) -> str | None:
    """Return the address that a request comes from; of IPv6, the network that one subscriber has.

    What X-Forwarded-For says is believed only as far as PROXY_COUNT proxies of ours wrote it.
    """
    hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    ours = settings.PROXY_COUNT
    told = hops[-ours] if 0 < ours <= len(hops) else ""
    return _address(told) or _address(request.META.get("REMOTE_ADDR", ""))


def _address(text: str) -> str | None:
    try:
        address: IPv4Address | IPv6Address = ip_address(text.strip())
    except ValueError:
        return None
    if isinstance(address, IPv4Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(IPv6Network((address, 64), strict=False).network_address)


def locked_until(username: Any, address: str | None) -> datetime:
    """Return when the last of the tries that hold `username` at `address` stops counting."""
    recent = Intento.objects.recientes().filter(ip_address=address)
    of_person = recent.filter(username=username)
    by_name = sum(of_person.values_list("failures_since_start", flat=True))
    holding = of_person if by_name >= settings.AXES_FAILURE_LIMIT else recent
    last = holding.order_by("-attempt_time").values_list("attempt_time", flat=True).first()
    until: datetime = (last or timezone.now()) + settings.AXES_COOLOFF_TIME
    return until


def refused(request: Any, response: HttpResponse | None, credentials: Any) -> HttpResponse:
    """Tell who is locked until when: in a page, or in JSON where no page is wanted."""
    until = locked_until((credentials or {}).get("username"), request.axes_ip_address)
    wait = max(until - timezone.now(), timedelta(seconds=1))
    sentence = _(
        "Demasiados intentos fallidos. Podrá volver a intentarlo a las %(hora)s "
        "(dentro de %(minutos)d min)."
    ) % {
        "hora": date_format(timezone.localtime(until), "TIME_FORMAT"),
        "minutos": ceil(wait.total_seconds() / 60),
    }
    answer: HttpResponse
    if request.accepts("text/html"):
        context = admin.site.each_context(request) | {
            "title": _("Espere un momento"),
            "sentence": sentence,
            "reset_url": reverse("admin_password_reset"),
        }
        answer = render(request, "core/bloqueo.html", context, status=429)
    else:
        answer = JsonResponse({"detail": sentence}, status=429)
    answer["Retry-After"] = str(ceil(wait.total_seconds()))
    return answer


@receiver(user_locked_out)
def audit_lock(request: Any, username: Any, ip_address: Any, **kwargs: Any) -> None:
    """Audit the failure that locks; those refused afterwards are audited as failures."""
    if request.axes_failures_since_start is not None:
        auditar("auth", "bloqueo", username=str(username)[:150], direccion=ip_address)
